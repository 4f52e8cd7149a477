// pods/eviction: a deletion that a disruption budget may refuse.
import { success } from "../answers.ts";
import type { SubresourceHandler } from "../call.ts";

export const eviction: SubresourceHandler = {
  create({ kind, key, scope }, { registry }) {
    registry.delete(kind, key, scope);
    return success(201);
  },
};
