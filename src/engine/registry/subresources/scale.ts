// scale: the number of replicas of any kind that has some, read and written as autoscaling/v1 Scale.
// Source: pkg/registry/apps/deployment/storage ScaleREST, 1.34.
import { invalid } from "../../../api/fieldError.ts";
import { FieldPath } from "../../../api/fieldPath.ts";
import type { KubeObject } from "../../../api/object.ts";
import { applyMergePatch } from "../../../api/patch/mergePatch.ts";
import { invalidError } from "../../../api/status.ts";
import type { Call, ServerParts, SubresourceHandler } from "../call.ts";
import { scaleOf, withScale } from "../scale.ts";
import { selectorTextOf } from "../selection.ts";

export const scale: SubresourceHandler = {
  get: ({ kind, key }, { registry }) => face(registry.get(kind, key)),
  update: (call, server) => write(call, server, () => call.request.body),
  patch: (call, server) =>
    write(call, server, (old) => applyMergePatch(face(old), call.request.body)),
};

function write(
  { kind, key, scope }: Call,
  { registry }: ServerParts,
  asked: (old: KubeObject) => unknown,
): KubeObject {
  const written = registry.update(
    kind,
    key,
    (old) => {
      const wanted = asked(old) as { readonly spec?: { readonly replicas?: number } };
      checkReplicas(wanted.spec?.replicas ?? 0, key.name);
      return withScale(old, wanted);
    },
    scope,
  );
  return face(written);
}

function checkReplicas(replicas: number, name: string): void {
  if (replicas >= 0) return;
  const path = FieldPath.of("spec", "replicas");
  throw invalidError({ group: "autoscaling", kind: "Scale", name }, [
    invalid(path, replicas, "must be greater than or equal to 0"),
  ]);
}

function face(object: KubeObject): KubeObject {
  return scaleOf(object, selectorTextOf(object));
}
