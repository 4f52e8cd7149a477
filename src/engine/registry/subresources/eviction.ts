// pods/eviction: a deletion that a disruption budget may refuse.
import type { KubeObject } from "../../../api/object.ts";
import type { Draft } from "../../../base/draft.ts";
import { success } from "../answers.ts";
import type { SubresourceHandler } from "../call.ts";

export const eviction: SubresourceHandler = {
  create({ kind, key, request, scope }, { registry }) {
    registry.admitSubresource(kind, key, "eviction", request.body as Draft<KubeObject>, scope);
    registry.delete(kind, key, scope);
    return success(201);
  },
};
