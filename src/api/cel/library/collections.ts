// Functions of whole lists. Source: cel-go v0.26 ext/sets.go and apiserver pkg/cel/library/lists.go,
// kubernetes v1.34.
import { type CelLibrary, declare, type Overload, overload } from "../declaration.ts";
import {
  CelError,
  type CelList,
  type CelValue,
  compare,
  Duration,
  equal,
  maxInt,
  maxUint,
  minInt,
  Uint,
} from "../value.ts";

const containsAll = (list: CelList, others: CelList): boolean =>
  [...others].every((other) => [...list].some((item) => equal(item, other)));

const setsFunctions = [
  declare(
    "sets.contains",
    overload("list_sets_contains_list", "(list<A>, list<A>) -> bool", containsAll),
  ),
  declare(
    "sets.equivalent",
    overload(
      "list_sets_equivalent_list",
      "(list<A>, list<A>) -> bool",
      (a: CelList, b: CelList) => containsAll(a, b) && containsAll(b, a),
    ),
  ),
  declare(
    "sets.intersects",
    overload("list_sets_intersects_list", "(list<A>, list<A>) -> bool", (a: CelList, b: CelList) =>
      [...a].some((item) => [...b].some((other) => equal(item, other))),
    ),
  ),
];

/** Element types that have an order, by the names in Kubernetes' overloads. */
const ordered = ["int", "uint", "double", "bool", "duration", "timestamp", "string", "bytes"];

function eachOrdered(
  id: string,
  result: (type: string) => string,
  call: (list: CelList) => CelValue,
) {
  return ordered.map((type) =>
    overload(`list_${type}_${id}`, `list<${type}>.${id}() -> ${result(type)}`, call),
  );
}

function isSorted(list: CelList): boolean {
  for (let i = 1; i < list.size; i++)
    if ((compare(list.at(i - 1), list.at(i)) ?? 0) > 0) return false;
  return true;
}

function extreme(name: "min" | "max"): (list: CelList) => CelValue {
  const sign = name === "min" ? 1 : -1;
  return (list) => {
    if (list.size === 0) throw new CelError(`${name} called on empty list`);
    return [...list].reduce((best, item) => ((compare(item, best) ?? 0) * sign < 0 ? item : best));
  };
}

function inRange(sum: bigint, low: bigint, high: bigint, message: string): bigint {
  if (sum > high || sum < low) throw new CelError(message);
  return sum;
}

const sums: readonly Overload[] = [
  overload("list_int_sum_int", "list<int>.sum() -> int", (list: CelList) =>
    [...list].reduce<bigint>(
      (sum, item) => inRange(sum + (item as bigint), minInt, maxInt, "integer overflow"),
      0n,
    ),
  ),
  overload(
    "list_uint_sum_uint",
    "list<uint>.sum() -> uint",
    (list: CelList) =>
      new Uint(
        [...list].reduce<bigint>(
          (sum, item) =>
            inRange(sum + (item as Uint).value, 0n, maxUint, "unsigned integer overflow"),
          0n,
        ),
      ),
  ),
  overload("list_double_sum_double", "list<double>.sum() -> double", (list: CelList) =>
    [...list].reduce<number>((sum, item) => sum + (item as number), 0),
  ),
  overload(
    "list_duration_sum_duration",
    "list<duration>.sum() -> duration",
    (list: CelList) =>
      new Duration([...list].reduce<bigint>((sum, item) => sum + (item as Duration).nanos, 0n)),
  ),
];

function indexOf(list: CelList, wanted: CelValue): bigint {
  return BigInt([...list].findIndex((item) => equal(item, wanted)));
}

function lastIndexOf(list: CelList, wanted: CelValue): bigint {
  return BigInt([...list].findLastIndex((item) => equal(item, wanted)));
}

export const collectionsLibrary: CelLibrary = {
  functions: [
    ...setsFunctions,
    declare("isSorted", ...eachOrdered("isSorted", () => "bool", isSorted)),
    declare("min", ...eachOrdered("min", (type) => type, extreme("min"))),
    declare("max", ...eachOrdered("max", (type) => type, extreme("max"))),
    declare("sum", ...sums),
    declare("indexOf", overload("list_a_index_of_int", "list<A>.indexOf(A) -> int", indexOf)),
    declare(
      "lastIndexOf",
      overload("list_a_last_index_of_int", "list<A>.lastIndexOf(A) -> int", lastIndexOf),
    ),
  ],
};
