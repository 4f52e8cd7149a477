// bindings: the older way of pods/binding, with the Pod named by the body.
// Source: pkg/registry/core/pod/storage LegacyBindingREST, kubernetes v1.34.
import { Pod } from "../../../api/kinds/pod/kind.ts";
import type { Pod as PodObject } from "../../../api/types.ts";
import { success } from "../answers.ts";
import type { ReviewHandler } from "../call.ts";
import { bindPod } from "../podBinding.ts";

export const bindings: ReviewHandler = (call, { registry, decode, now }) => {
  const { metadata } = decode(call);
  const key = { namespace: call.key.namespace, name: metadata.name };
  registry.update(
    Pod,
    key,
    (pod) => bindPod(pod as unknown as PodObject, call.request.body, key, now()),
    { ...call.scope, subresource: "binding" },
  );
  return success(201);
};
