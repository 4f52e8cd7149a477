// The condition that tells why the control plane deletes a Pod.
// Source: KEP-3329 and pkg/api/v1/pod UpdatePodCondition, kubernetes v1.34.
import { dequal } from "dequal";
import type { Pod, PodCondition } from "../../api/types.ts";
import type { Instant } from "../../base/time.ts";
import { findCondition, replaceCondition, transitioned } from "./conditions.ts";

/** The Pod's conditions with that one; undefined if it says so already. */
export function withDisruptionTarget(
  { status }: Pod,
  why: { readonly reason: string; readonly message: string },
  now: Instant,
): readonly PodCondition[] | undefined {
  const known = findCondition(status?.conditions, "DisruptionTarget");
  const state: PodCondition = { type: "DisruptionTarget", status: "True", ...why };
  const condition = transitioned(state, known, now);
  return dequal(known, condition) ? undefined : replaceCondition(status?.conditions, condition);
}
