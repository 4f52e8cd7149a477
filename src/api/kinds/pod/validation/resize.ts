// What a resize of a Pod may change: CPU and memory of containers that keep running.
// Source: pkg/apis/core/validation ValidatePodResize, 1.34.
import { dequal } from "dequal";
import { type FieldError, forbidden, invalid } from "../../../fieldError.ts";
import { FieldPath } from "../../../fieldPath.ts";
import type { Container, Pod, PodSpec, Quantity, ResourceRequirements } from "../../../types.ts";
import { each } from "../../../validation/fields.ts";
import { qosClassOf } from "../qosClass.ts";
import { mirrorPod } from "./annotations.ts";
import { validatePodState } from "./pod.ts";

type Amounts = Readonly<Record<string, Quantity>>;

const path = FieldPath.of("spec");
const resizable = ["cpu", "memory"];

export function validateResize(pod: Pod, old: Pod): FieldError[] {
  const impossible = whyImpossible(pod, old);
  if (impossible !== undefined) return [forbidden(FieldPath.root, impossible)];
  return [
    ...validatePodState(pod),
    ...(qosClassOf(pod) === (old.status?.qosClass ?? qosClassOf(old))
      ? []
      : [
          invalid(
            path,
            pod.status?.qosClass ?? "",
            "Pod QOS Class may not change as a result of resizing",
          ),
        ]),
    ...(runsWhereResizesWork(old)
      ? []
      : [forbidden(path, "Pod running on node without support for resize")]),
    ...validateRemovals(pod.spec, old.spec, "initContainers"),
    ...validateRemovals(pod.spec, old.spec, "containers"),
    ...validateOtherChanges(pod.spec, old.spec),
  ];
}

function whyImpossible({ spec }: Pod, old: Pod): string | undefined {
  const hasOwn = ({ resources }: PodSpec): boolean =>
    Object.keys({ ...resources?.requests, ...resources?.limits }).length > 0;
  if (hasOwn(spec) || hasOwn(old.spec)) return "pods with pod-level resources cannot be resized";
  if (old.metadata.annotations?.[mirrorPod] !== undefined) return "static pods cannot be resized";
  return old.spec.os?.name === "windows" ? "windows pods cannot be resized" : undefined;
}

/** Kubelets that can resize report resources; before a container runs one can't tell. */
function runsWhereResizesWork({ status }: Pod): boolean {
  const running = status?.containerStatuses?.find(({ state }) => state?.running);
  return running === undefined || running.resources !== undefined;
}

function validateRemovals(
  spec: PodSpec,
  old: PodSpec,
  field: "containers" | "initContainers",
): FieldError[] {
  return each(old[field], path.child(field), (before, at, i) => {
    if (field === "initContainers" && before.restartPolicy !== "Always") return [];
    const now = spec[field]?.[i]?.resources ?? {};
    return (["requests", "limits"] as const).flatMap((kind) =>
      isRemoved(now[kind], before.resources?.[kind])
        ? [forbidden(at.child("resources", kind), `resource ${kind} cannot be removed`)]
        : [],
    );
  });
}

function isRemoved(now: Amounts = {}, before: Amounts = {}): boolean {
  return Object.keys(before).some((name) => now[name] === undefined);
}

function validateOtherChanges(spec: PodSpec, old: PodSpec): FieldError[] {
  const containers = spec.containers.flatMap((container, i) =>
    isSameButForSize(container, old.containers[i])
      ? []
      : [forbidden(path, "only cpu and memory resources are mutable")],
  );
  const others = (spec.initContainers ?? []).flatMap((container, i) => {
    const before = old.initContainers?.[i];
    if (container.restartPolicy === "Always")
      return isSameButForSize(container, before)
        ? []
        : [forbidden(path, "only cpu and memory resources for sidecar containers are mutable")];
    return dequal(container, before)
      ? []
      : [forbidden(path, "resources for non-sidecar init containers are immutable")];
  });
  return [...containers, ...others];
}

function isSameButForSize(container: Container, old: Container | undefined): boolean {
  const fixed = (own: Container | undefined) =>
    own && {
      ...own,
      resources: {
        ...own.resources,
        limits: fixedAmounts(own.resources, "limits"),
        requests: fixedAmounts(own.resources, "requests"),
      },
    };
  return dequal(fixed(container), fixed(old));
}

function fixedAmounts(
  resources: ResourceRequirements | undefined,
  kind: "limits" | "requests",
): Amounts {
  return Object.fromEntries(
    Object.entries(resources?.[kind] ?? {}).filter(([name]) => !resizable.includes(name)),
  );
}
