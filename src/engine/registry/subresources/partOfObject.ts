// Subresources that are a part of the object: "status" is read and written as the whole object. The
// rest stays as it is but for metadata: a Deployment's revision comes with its status.
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
): Required<Pick<SubresourceHandler, "get" | "patch" | "update">> {
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

function withField(
  old: KubeObject,
  { metadata, ...asked }: Draft<KubeObject>,
  field: "status" | "spec",
): Draft<KubeObject> {
  const { [field]: part } = asked as { [name in typeof field]?: unknown };
  const copy = { ...draftOf(old), metadata, [field]: part };
  if (part === undefined) Reflect.deleteProperty(copy, field);
  return copy;
}
