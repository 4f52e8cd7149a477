// Subresources that are a part of the object: "status" is read and written as the whole object, and
// everything but its part stays as it is.
import type { Subresource } from "../../../api/kind.ts";
import type { KubeObject } from "../../../api/object.ts";
import { type Draft, draft } from "../../../base/draft.ts";
import type { Call, ServerParts, SubresourceHandler } from "../call.ts";

export function partOfObject(
  subresource: Subresource,
  field: "spec" | "status",
): SubresourceHandler {
  const write = (
    { kind, key, scope }: Call,
    { registry }: ServerParts,
    asked: (old: KubeObject) => Draft<KubeObject>,
  ): KubeObject =>
    registry.update(kind, key, (old) => withField(old, asked(old), field), {
      ...scope,
      subresource,
    });
  return {
    get: ({ kind, key }, { registry }) => registry.get(kind, key),
    update: (call, server) => write(call, server, () => server.decode(call)),
    patch: (call, server) => write(call, server, (old) => server.patched(call, old)),
  };
}

/** A subresource writes one field; the rest stays, but for the expected resourceVersion. */
function withField(
  old: KubeObject,
  asked: Draft<KubeObject>,
  field: "status" | "spec",
): Draft<KubeObject> {
  const copy = draft(old) as Draft<KubeObject> & Record<string, unknown>;
  copy[field] = (asked as unknown as Record<string, unknown>)[field];
  const { resourceVersion, uid, name } = asked.metadata;
  copy.metadata = { ...copy.metadata, name };
  // Strategies of status keep the spec, not the metadata: a Deployment's revision comes this way.
  for (const part of ["annotations", "labels", "finalizers", "managedFields"] as const)
    if (asked.metadata[part]) Object.assign(copy.metadata, { [part]: asked.metadata[part] });
  if (resourceVersion !== undefined) copy.metadata.resourceVersion = resourceVersion;
  else delete copy.metadata.resourceVersion;
  if (uid !== undefined) copy.metadata.uid = uid;
  return copy;
}
