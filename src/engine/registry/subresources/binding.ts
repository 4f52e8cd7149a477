// pods/binding: the scheduler's decision becomes part of the Pod. Nobody comes to manage fields by it.
import { Binding } from "../../../api/kinds/binding.ts";
import type { KubeObject } from "../../../api/object.ts";
import type { Pod } from "../../../api/types.ts";
import type { Draft } from "../../../base/draft.ts";
import { success } from "../answers.ts";
import type { SubresourceHandler } from "../call.ts";
import { bindPod } from "../podBinding.ts";

export const binding: SubresourceHandler = {
  create({ kind, key, request, scope: { manager: _, ...scope } }, { registry, now }) {
    const object = request.body as Draft<KubeObject>;
    const made = { operation: "CREATE", subresource: "binding", objectKind: Binding } as const;
    registry.admitSubresource({ ...made, kind, key, object }, scope);
    registry.update(kind, key, (pod) => bindPod(pod as unknown as Pod, request.body, key, now()), {
      ...scope,
      isAdmitted: true,
      subresource: "binding",
    });
    return success(201);
  },
};
