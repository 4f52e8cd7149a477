// Taints and tolerations. Source: component-helpers scheduling/corev1/helpers.go, kubernetes v1.34
import type { Taint, Toleration } from "../../api/types.ts";

const none: readonly Toleration[] = [];

export function tolerates(
  tolerations: readonly Toleration[] | undefined,
  taint: Pick<Taint, "key" | "value" | "effect">,
): boolean {
  return (tolerations ?? none).some((toleration) => matches(toleration, taint));
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

/** An empty key means all keys, an empty effect all effects. */
function matches(
  { key, operator, value, effect }: Toleration,
  taint: Pick<Taint, "key" | "value" | "effect">,
): boolean {
  if (effect && effect !== taint.effect) return false;
  if (key && key !== taint.key) return false;
  return operator === "Exists" || (value ?? "") === (taint.value ?? "");
}
