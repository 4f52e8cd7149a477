// The binding subresource: the scheduler's decision becomes part of the Pod.
// Source: pkg/registry/core/pod/storage BindingREST, 1.34.
import type { ObjectKey } from "../../api/object.ts";
import { badRequestError, conflictError } from "../../api/status.ts";
import type { Pod } from "../../api/types.ts";
import { type Draft, draft } from "../../base/draft.ts";
import { formatTime, type Instant } from "../../base/time.ts";

/** @throws ApiError BadRequest without a node, Conflict if the Pod is bound, gated or being deleted */
export function bindPod(pod: Pod, body: unknown, key: ObjectKey, now: Instant): Draft<Pod> {
  const node = targetNode(body);
  const target = { group: "", kind: "pods/binding", name: key.name };
  if (!node) throw badRequestError("target.name: Required value");
  if (pod.metadata.deletionTimestamp !== undefined)
    throw conflictError(target, `pod ${key.name} is being deleted, cannot be assigned to a host`);
  if (pod.spec.nodeName)
    throw conflictError(
      target,
      `pod ${key.name} is already assigned to node ${JSON.stringify(pod.spec.nodeName)}`,
    );
  if (pod.spec.schedulingGates?.length)
    throw conflictError(target, `pod ${key.name} has non-empty .spec.schedulingGates`);
  const bound = draft(pod);
  bound.spec.nodeName = node;
  bound.status = { ...bound.status };
  delete bound.status.nominatedNodeName;
  const others = (bound.status.conditions ?? []).filter(({ type }) => type !== "PodScheduled");
  bound.status.conditions = [
    ...others,
    { type: "PodScheduled", status: "True", lastTransitionTime: formatTime(now) },
  ];
  return bound;
}

function targetNode(body: unknown): string | undefined {
  return (body as { readonly target?: { readonly name?: string } } | undefined)?.target?.name;
}
