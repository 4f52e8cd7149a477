// A number, or a percentage of one. Source: apimachinery util/intstr GetScaledValueFromIntOrPercent, 1.34.
import type { IntOrString } from "../../api/types.ts";

/** @param round Math.ceil or Math.floor, for percentages that are no whole number */
export function scaled(value: IntOrString, total: number, round: (part: number) => number): number {
  if (typeof value === "number") return value;
  const percent = Number(/^(\d+)%$/.exec(value)?.[1] ?? 0);
  return round((percent * total) / 100);
}
