// scale: the number of replicas of any kind that has some, read and written as autoscaling/v1 Scale.
// Source: pkg/registry/apps/deployment/storage ScaleREST, 1.34.
import { invalid } from "../../../api/fieldError.ts";
import { FieldPath } from "../../../api/fieldPath.ts";
import type { Kind } from "../../../api/kind.ts";
import { Scale, type ScaleObject } from "../../../api/kinds/scale.ts";
import type { KubeObject } from "../../../api/object.ts";
import {
  parentEntries,
  type ReplicasPath,
  scaleEntries,
} from "../../../api/patch/managedFields/scaleFields.ts";
import {
  conflictError,
  hasReason,
  internalError,
  invalidError,
  notFoundError,
} from "../../../api/status.ts";
import type { Draft } from "../../../base/draft.ts";
import { applied } from "../applying.ts";
import type { Call, ServerParts, SubresourceHandler } from "../call.ts";
import { decodeBody } from "../decode.ts";
import { applyPatch, checkPatchType } from "../patching.ts";
import type { AdmittedFace } from "../registry.ts";
import { customScaleOf, replicasPath, scaleOf, withCustomScale, withScale } from "../scale.ts";
import { selectorTextOf } from "../selection.ts";

export const scale: SubresourceHandler = {
  get({ kind, key }, { registry }) {
    const object = found(kind, key.name, () => registry.get(kind, key));
    if (kind.scale && !customScaleOf(object, kind.scale).hasReplicas)
      throw internalError(
        `the spec replicas field ${JSON.stringify(kind.scale.specReplicasPath)} does not exist`,
      );
    return face(kind, object);
  },
  update: (call, server) =>
    write(call, server, () => {
      const { request, warnings } = call;
      return decodeBody(Scale, request.body, { options: request.options ?? {}, warnings });
    }),
  patch: (call, server) => write(call, server, (old) => patched(call, server, old)),
};

/** The built-in kinds' scales are missed by a name of their own; ReplicationControllers' in a group too. */
function found(kind: Kind, name: string, get: () => KubeObject): KubeObject {
  try {
    return get();
  } catch (error) {
    if (kind.scale || !hasReason(error, "NotFound")) throw error;
    const group = kind.gvk.group === "" ? Scale.gvk.group : kind.gvk.group;
    throw notFoundError({ group, kind: `${kind.plural}/scale`, name });
  }
}

/** The present Scale as the request wants it. */
function patched(call: Call, server: ServerParts, old: KubeObject): Draft<KubeObject> {
  const { request, kind } = call;
  checkPatchType(kind, request.patchType);
  if (request.patchType === "apply")
    return applied({ ...call, kind: Scale }, server.fields, old, "scale");
  // A Scale has no lists: a strategic merge is a merge.
  const patchType = request.patchType === "json" ? "json" : "merge";
  return applyPatch({ ...call, kind: Scale, request: { ...request, patchType } }, old);
}

function write(
  call: Call,
  { registry, fields }: ServerParts,
  asked: (old: KubeObject) => Draft<KubeObject>,
): KubeObject {
  const { kind, key } = call;
  const { manager, ...scope } = call.scope;
  const change = (old: KubeObject): Draft<KubeObject> => {
    const present = managedFace(kind, old);
    const wanted = asked(present);
    if (call.request.patchType !== "apply" && manager !== undefined)
      fields.track({ kind: Scale, subresource: "scale" }, present, wanted, manager);
    checkUid(kind, wanted, old);
    checkReplicas((wanted as Draft<ScaleObject>).spec.replicas ?? 0, key.name);
    return managedParent(kind, old, scaled(kind, old, wanted), wanted);
  };
  const admitted: AdmittedFace = {
    subresource: "scale",
    kind: Scale as unknown as Kind,
    of: (object) => face(kind, object),
    apply: (object, asked) => scaled(kind, object as KubeObject, asked),
  };
  return face(kind, registry.update(kind, key, change, { ...scope, face: admitted }));
}

function scaled(kind: Kind, object: KubeObject, scale: Draft<KubeObject>): Draft<KubeObject> {
  return kind.scale ? withCustomScale(object, scale, kind.scale) : withScale(object, scale);
}

function managedFace(kind: Kind, object: KubeObject): KubeObject {
  const present = face(kind, object);
  const managedFields = scaleEntries(object.metadata.managedFields, replicasPathOf(kind));
  return managedFields ? { ...present, metadata: { ...present.metadata, managedFields } } : present;
}

function managedParent(
  kind: Kind,
  old: KubeObject,
  object: Draft<KubeObject>,
  wanted: Draft<KubeObject>,
): Draft<KubeObject> {
  const managedFields = parentEntries(
    old.metadata.managedFields,
    wanted.metadata.managedFields as KubeObject["metadata"]["managedFields"],
    { apiVersion: kind.apiVersion, pathOf: replicasPathOf(kind) },
  );
  delete object.metadata.managedFields;
  if (managedFields) Object.assign(object.metadata, { managedFields: [...managedFields] });
  return object;
}

/** Versions of the kind's group keep the replicas in the same place. */
function replicasPathOf({ apiVersion, scale: custom }: Kind): ReplicasPath {
  const path = custom ? replicasPath(custom.specReplicasPath) : ["spec", "replicas"];
  const group = apiVersion.slice(0, apiVersion.lastIndexOf("/") + 1);
  return (version) => (version.slice(0, version.lastIndexOf("/") + 1) === group ? path : undefined);
}

function checkUid(kind: Kind, { metadata }: Draft<KubeObject>, old: KubeObject): void {
  if (!metadata.uid || metadata.uid === old.metadata.uid) return;
  throw conflictError(
    { group: kind.gvk.group, kind: `${kind.plural}/scale`, name: old.metadata.name },
    `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${old.metadata.uid}`,
  );
}

function checkReplicas(replicas: number, name: string): void {
  if (replicas >= 0) return;
  const path = FieldPath.of("spec", "replicas");
  throw invalidError({ group: "autoscaling", kind: "Scale", name }, [
    invalid(path, replicas, "must be greater than or equal to 0"),
  ]);
}

function face(kind: Kind, object: KubeObject): ScaleObject {
  if (kind.scale) return customScaleOf(object, kind.scale).scale;
  return scaleOf(object, selectorTextOf(object));
}
