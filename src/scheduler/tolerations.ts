// Taints and tolerations. Source: component-helpers scheduling/corev1/helpers.go, kubernetes v1.34
import { toleratesTaint } from "../api/toleration.ts";
import type { Taint, Toleration } from "../api/types.ts";

const none: readonly Toleration[] = [];

export function tolerates(
  tolerations: readonly Toleration[] | undefined,
  taint: Pick<Taint, "key" | "value" | "effect">,
): boolean {
  return (tolerations ?? none).some((toleration) => toleratesTaint(toleration, taint));
}

/** The first taint that keeps Pods off the node and is not tolerated. */
export function untoleratedTaint(
  taints: readonly Taint[],
  tolerations: readonly Toleration[] | undefined,
): Taint | undefined {
  return taints.find((taint) => keepsOff(taint) && !tolerates(tolerations, taint));
}

function keepsOff({ effect }: Taint): boolean {
  return effect === "NoSchedule" || effect === "NoExecute";
}
