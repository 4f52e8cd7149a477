// Subresources that are a part of the object: "status" is read and written as the whole object, and
// everything but its part stays as it is.
import type { Subresource } from "../../../api/kind.ts";
import type { KubeObject } from "../../../api/object.ts";
import type { Draft } from "../../../base/draft.ts";
import { applied } from "../applying.ts";
import type { Call, ServerParts, SubresourceHandler } from "../call.ts";
import { checkName } from "../checkName.ts";
import { draftOf } from "../draftOf.ts";
import type { UpdateScope } from "../registry.ts";

export function partOfObject(
  subresource: Subresource,
  field: "spec" | "status",
): SubresourceHandler {
  const write = (
    { kind, key }: Call,
    { registry }: ServerParts,
    scope: UpdateScope,
    asked: (old: KubeObject) => Draft<KubeObject>,
  ): KubeObject =>
    registry.update(
      kind,
      key,
      (old) => {
        const object = asked(old);
        checkName(object, key);
        return withField(old, object, field);
      },
      { ...scope, subresource },
    );
  return {
    get: ({ kind, key }, { registry }) => registry.get(kind, key),
    update: (call, server) => write(call, server, call.scope, () => server.decode(call)),
    patch: (call, server) => {
      const { manager: _, ...scope } = call.scope;
      // An apply says itself who manages what.
      if (call.request.patchType === "apply")
        return write(call, server, { ...scope, isPatch: true }, (old) =>
          applied(call, server.fields, old, subresource),
        );
      return write(call, server, { ...call.scope, isPatch: true }, (old) =>
        server.patched(call, old),
      );
    },
  };
}

/** A subresource writes one field; the rest stays, but for the expected resourceVersion. */
function withField(
  old: KubeObject,
  asked: Draft<KubeObject>,
  field: "status" | "spec",
): Draft<KubeObject> {
  const copy = draftOf(old) as Draft<KubeObject> & Record<string, unknown>;
  copy[field] = (asked as unknown as Record<string, unknown>)[field];
  const { resourceVersion, uid, name } = asked.metadata;
  copy.metadata = { ...copy.metadata, name };
  // Strategies of status keep the spec, not the metadata: a Deployment's revision comes this way.
  for (const part of ["annotations", "labels", "finalizers", "managedFields"] as const)
    if (asked.metadata[part]) Object.assign(copy.metadata, { [part]: asked.metadata[part] });
  if (!asked.metadata.finalizers) delete copy.metadata.finalizers;
  if (resourceVersion !== undefined) copy.metadata.resourceVersion = resourceVersion;
  else delete copy.metadata.resourceVersion;
  if (uid !== undefined) copy.metadata.uid = uid;
  return copy;
}
