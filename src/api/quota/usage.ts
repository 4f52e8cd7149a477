// How much of each counted resource something uses. Source: apiserver pkg/quota/v1/resources.go, 1.34.
import {
  type Amount,
  addAmounts,
  amountOf,
  compareAmounts,
  quantityText,
  signOf,
  subtractAmounts,
  wholeAmount,
} from "../quantity.ts";
import type { Quantity } from "../types.ts";

/** Exact amounts by the names that quotas give resources: "requests.cpu", "count/pods". */
export type Usage = ReadonlyMap<string, Amount>;

type WrittenUsage = Readonly<Record<string, Quantity>>;

export const one = wholeAmount(1);
const zero = wholeAmount(0);

export function usageOf(written: WrittenUsage | undefined): Usage {
  return new Map(Object.entries(written ?? {}).map(([name, text]) => [name, amountOf(text)]));
}

/** As status.used holds it, by name. */
export function writtenUsage(usage: Usage): WrittenUsage {
  const names = [...usage.keys()].sort();
  return Object.fromEntries(names.map((name) => [name, quantityText(usage.get(name) ?? zero)]));
}

/** Nothing of each. */
export function noUsage(names: readonly string[]): Usage {
  return new Map(names.map((name) => [name, zero]));
}

export function addUsage(a: Usage, b: Usage): Usage {
  const sum = new Map(a);
  for (const [name, amount] of b) {
    const known = sum.get(name);
    sum.set(name, known ? addAmounts(known, amount) : amount);
  }
  return sum;
}

/** What `now` has beyond `before`; never less than nothing. */
export function increase(now: Usage, before: Usage): Usage {
  const more = new Map<string, Amount>();
  for (const [name, amount] of now) {
    const known = before.get(name);
    const difference = known ? subtractAmounts(amount, known) : amount;
    more.set(name, signOf(difference) < 0 ? zero : difference);
  }
  return more;
}

/** The resources of that name alone. */
export function masked(usage: Usage, names: readonly string[]): Usage {
  return new Map([...usage].filter(([name]) => names.includes(name)));
}

export function withoutZeros(usage: Usage): Usage {
  return new Map([...usage].filter(([, amount]) => signOf(amount) !== 0));
}

export function negativeNames(usage: Usage): readonly string[] {
  return [...usage].filter(([, amount]) => signOf(amount) < 0).map(([name]) => name);
}

/** Names of which `usage` has more than `limit` allows. */
export function exceededNames(usage: Usage, limit: Usage): readonly string[] {
  return [...usage].flatMap(([name, amount]) => {
    const most = limit.get(name);
    return most && compareAmounts(amount, most) > 0 ? [name] : [];
  });
}

export function isSameUsage(a: Usage, b: Usage): boolean {
  if (a.size !== b.size) return false;
  return [...a].every(([name, amount]) => {
    const other = b.get(name);
    return other !== undefined && compareAmounts(amount, other) === 0;
  });
}

/** "pods=1,requests.cpu=200m" */
export function usageText(usage: Usage): string {
  return Object.entries(writtenUsage(usage))
    .map(([name, text]) => `${name}=${text}`)
    .join(",");
}
