// pods/binding: the scheduler's decision becomes part of the Pod. Nobody comes to manage fields by it.
import type { KubeObject } from "../../../api/object.ts";
import type { Pod } from "../../../api/types.ts";
import type { Draft } from "../../../base/draft.ts";
import { success } from "../answers.ts";
import type { SubresourceHandler } from "../call.ts";
import { bindPod } from "../podBinding.ts";

export const binding: SubresourceHandler = {
  create({ kind, key, request, scope: { manager: _, ...scope } }, { registry, now }) {
    registry.admitSubresource(kind, key, "binding", request.body as Draft<KubeObject>, scope);
    registry.update(kind, key, (pod) => bindPod(pod as unknown as Pod, request.body, key, now()), {
      ...scope,
      subresource: "binding",
    });
    return success(201);
  },
};
