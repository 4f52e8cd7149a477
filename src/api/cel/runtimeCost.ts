// What calls cost at run time. Source: cel-go v0.26 interpreter/runtimecost.go and, for Kubernetes'
// functions, apiserver pkg/cel/library/cost.go.
import { CelList, CelMap, type CelValue } from "./value.ts";

/** Cost of going through one character. */
export const perCharacter = 0.1;
/** Cost of one character of a regular expression: one state for four characters. */
export const perRegexCharacter = 0.25;
/** An authorization check: two of them are what one expression may afford. */
export const authorizationCost = 350_000;

export const authorizerAccessors: ReadonlySet<string> = new Set([
  "serviceAccount",
  "path",
  "group",
  "resource",
  "subresource",
  "namespace",
  "name",
  "allowed",
  "reason",
  "error",
  "errored",
  "fieldSelector",
  "labelSelector",
]);
export const listTraversals: ReadonlySet<string> = new Set([
  "isSorted",
  "sum",
  "max",
  "min",
  "indexOf",
  "lastIndexOf",
]);

const firstTraversals: ReadonlySet<string> = new Set([
  "url",
  "lowerAscii",
  "upperAscii",
  "substring",
  "trim",
  "cidr",
  "isIP",
  "isCIDR",
  "quantity",
  "isQuantity",
  "ip",
]);
const doubleTraversals: ReadonlySet<string> = new Set(["replace", "split", "ip.isCanonical"]);

export function runtimeCallCost(
  name: string,
  overloadId: string,
  args: readonly CelValue[],
  result: CelValue,
): number {
  const [first = null, second = null] = args;
  if (name === "check") return authorizationCost;
  if (listTraversals.has(name)) return traversalCost(first);
  if (doubleTraversals.has(name)) return characters(sizeOf(first) * 2);
  if (firstTraversals.has(name) && overloadId !== "cidr_ip") return characters(sizeOf(first));
  switch (name) {
    case "join":
      return characters(sizeOf(result) * 2);
    case "find":
    case "findAll":
    case "matches":
      return characters(1 + sizeOf(first)) * Math.ceil(sizeOf(second) * perRegexCharacter);
    case "contains":
      return characters(sizeOf(first)) * characters(sizeOf(second));
    case "startsWith":
    case "endsWith":
      return characters(sizeOf(second));
    case "@in":
      return second instanceof CelList ? second.size : 1;
    case "format":
      return characters(sizeOf(first));
    case "_+_":
      return overloadId === "add_string" || overloadId === "add_bytes"
        ? characters(sizeOf(first) + sizeOf(second))
        : 1;
    case "_==_":
    case "_!=_":
    case "_<_":
    case "_<=_":
    case "_>_":
    case "_>=_":
      return characters(Math.min(sizeOf(first), sizeOf(second)));
    default:
      return 1;
  }
}

function characters(count: number): number {
  return Math.ceil(count * perCharacter);
}

/** Characters, elements or entries; 1 for what has no size. */
function sizeOf(value: CelValue): number {
  if (typeof value === "string" || value instanceof Uint8Array) return value.length;
  if (value instanceof CelList) return value.size;
  return value instanceof CelMap ? value.keys.length : 1;
}

function traversalCost(value: CelValue): number {
  if (typeof value === "string" || value instanceof Uint8Array) return value.length * perCharacter;
  if (value instanceof CelList)
    return [...value].reduce<number>((sum, item) => sum + traversalCost(item), 0);
  if (value instanceof CelMap)
    return value.keys.reduce<number>(
      (sum, key) => sum + traversalCost(key) + traversalCost(value.get(key) ?? null),
      0,
    );
  return 1;
}
