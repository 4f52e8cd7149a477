// Quality of service: who is evicted first when a node runs short.
// Source: pkg/apis/core/helper/qos ComputePodQOS, 1.34.
import { addAmounts, amountOf, compareAmounts, signOf } from "../../quantity.ts";
import type { Pod, Quantity, ResourceRequirements } from "../../types.ts";

export type QosClass = "Guaranteed" | "Burstable" | "BestEffort";

const qosResources = ["cpu", "memory"] as const;

export function qosClassOf({ spec }: Pick<Pod, "spec">): QosClass {
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  const parts: readonly (ResourceRequirements | undefined)[] = spec.resources
    ? [spec.resources]
    : containers.map(({ resources }) => resources);
  const requests = sums(parts.map((part) => part?.requests));
  const limits = sums(parts.map((part) => part?.limits));
  if (requests.size === 0 && limits.size === 0) return "BestEffort";
  const allLimited = parts.every((part) =>
    qosResources.every((name) => isPositive(part?.limits?.[name])),
  );
  const equal = [...requests].every(([name, amount]) => {
    const limit = limits.get(name);
    return limit !== undefined && compareAmounts(limit, amount) === 0;
  });
  return allLimited && equal && requests.size === limits.size ? "Guaranteed" : "Burstable";
}

function sums(lists: readonly (Readonly<Record<string, Quantity>> | undefined)[]) {
  const totals = new Map<string, ReturnType<typeof amountOf>>();
  for (const list of lists)
    for (const name of qosResources) {
      const quantity = list?.[name];
      if (quantity === undefined || !isPositive(quantity)) continue;
      const amount = amountOf(quantity);
      const total = totals.get(name);
      totals.set(name, total ? addAmounts(total, amount) : amount);
    }
  return totals;
}

function isPositive(quantity: Quantity | undefined): boolean {
  return quantity !== undefined && signOf(amountOf(quantity)) > 0;
}
