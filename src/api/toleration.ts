// Taints and tolerations: who bears what. Source: api/core/v1 Toleration.ToleratesTaint, kubernetes v1.34.
import type { Taint, Toleration } from "./types.ts";

/** An empty key means all keys, an empty effect all effects. */
export function toleratesTaint(
  { key, operator, value, effect }: Toleration,
  taint: Pick<Taint, "key" | "value" | "effect">,
): boolean {
  if (effect && effect !== taint.effect) return false;
  if (key && key !== taint.key) return false;
  return operator === "Exists" || (value ?? "") === (taint.value ?? "");
}
