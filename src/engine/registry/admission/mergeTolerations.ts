// Tolerations of two origins as one list, without those that another makes superfluous.
// Source: pkg/util/tolerations, 1.34.
import { dequal } from "dequal";
import type { Toleration } from "../../../api/types.ts";

/** Of equal ones the first stays. */
export function mergeTolerations(
  first: readonly Toleration[],
  second: readonly Toleration[],
): readonly Toleration[] {
  const all = [...first, ...second];
  return all.filter((toleration, i) => {
    const isEarlier = all.slice(0, i).some((other) => covers(other, toleration));
    const isLater = all
      .slice(i + 1)
      .some((other) => covers(other, toleration) && !dequal(other, toleration));
    return !isEarlier && !isLater;
  });
}

/** Whether `a` tolerates all that `b` does. An empty key that exists is every key. */
function covers(a: Toleration, b: Toleration): boolean {
  if (dequal(a, b)) return true;
  const hasKey = (a.key ?? "") === (b.key ?? "") || (!a.key && a.operator === "Exists");
  const hasEffect = !a.effect || a.effect === b.effect;
  if (!hasKey || !hasEffect || !lastsAsLong(a, b)) return false;
  if (a.operator === "Exists") return true;
  return b.operator === "Equal" && (a.value ?? "") === (b.value ?? "");
}

function lastsAsLong(a: Toleration, b: Toleration): boolean {
  if (a.effect !== "NoExecute" || a.tolerationSeconds === undefined) return true;
  return b.tolerationSeconds !== undefined && b.tolerationSeconds <= a.tolerationSeconds;
}
