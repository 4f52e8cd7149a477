// Ephemeral containers come, and stay as they came.
// Source: pkg/apis/core/validation ValidatePodEphemeralContainersUpdate, 1.34.
import { dequal } from "dequal";
import { type FieldError, forbidden } from "../../../fieldError.ts";
import { FieldPath } from "../../../fieldPath.ts";
import type { Pod } from "../../../types.ts";
import { internalDiff } from "../../../validation/internalDiff.ts";
import { mirrorPod } from "./annotations.ts";
import { validatePodState } from "./pod.ts";
import { validateAnnotationUpdates } from "./podUpdate.ts";

const path = FieldPath.of("spec", "ephemeralContainers");

export function validateEphemeralContainersUpdate(pod: Pod, old: Pod): FieldError[] {
  if (old.metadata.annotations?.[mirrorPod] !== undefined)
    return [forbidden(FieldPath.root, "static pods do not support ephemeral containers")];
  const now = new Map(
    pod.spec.ephemeralContainers?.map((container) => [container.name, container]),
  );
  return [
    ...validatePodState(pod),
    ...validateAnnotationUpdates(pod, old),
    ...(old.spec.ephemeralContainers ?? []).flatMap((before) => {
      const container = now.get(before.name);
      const named = `existing ephemeral containers ${JSON.stringify(before.name)}`;
      if (!container) return [forbidden(path, `${named} may not be removed\n`)];
      if (dequal(container, before)) return [];
      const diff = internalDiff("core.v1.EphemeralContainer", before, container);
      return [forbidden(path, `${named} may not be changed\n${diff}`)];
    }),
  ];
}
