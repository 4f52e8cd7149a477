// The condition that tells why the control plane deletes a Pod.
// Source: KEP-3329 and pkg/api/v1/pod UpdatePodCondition, kubernetes v1.34.
import { dequal } from "dequal";
import { Pod } from "../../api/kinds/pod/kind.ts";
import type { ObjectKey } from "../../api/object.ts";
import type { PodCondition } from "../../api/types.ts";
import { findCondition, replaceCondition, transitioned } from "./conditions.ts";
import type { ControllerContext } from "./controller.ts";

/** @throws ApiError NotFound if the Pod is gone */
export function addDisruptionTarget(
  { client, now }: ControllerContext,
  key: ObjectKey,
  why: { readonly reason: string; readonly message: string },
): void {
  const pod = client.get(Pod, key);
  const known = findCondition(pod.status?.conditions, "DisruptionTarget");
  const state: PodCondition = { type: "DisruptionTarget", status: "True", ...why };
  const condition = transitioned(state, known, now());
  if (dequal(known, condition)) return;
  const conditions = replaceCondition(pod.status?.conditions, condition);
  client.patch(Pod, key, { status: { conditions } }, { subresource: "status" });
}
