// What single calls cost at worst, by function and overload. Source: cel-go v0.26 checker/cost.go
// functionCost and apiserver pkg/cel/library/cost.go EstimateCallCost, kubernetes v1.34.
import type { CelType } from "./celType.ts";
import {
  type CallEstimate,
  fixed,
  plus,
  type Range,
  timesCost,
  timesFactor,
  union,
} from "./costRange.ts";
import type { Constant } from "./expr.ts";
import {
  authorizationCost,
  authorizerAccessors,
  listTraversals,
  perCharacter,
  perRegexCharacter,
} from "./runtimeCost.ts";

/** What is known of an operand. */
export interface CostNode {
  readonly type: CelType;
  readonly literal: Constant | undefined;
  readonly size: Range;
  /** The size of one element, if it is a list. */
  readonly itemSize: Range;
}

export interface CostedCall {
  readonly target: CostNode | undefined;
  readonly args: readonly CostNode[];
  readonly costs: readonly Range[];
}

const characters = (size: Range): Range => timesFactor(size, perCharacter);

const accessors: ReadonlySet<string> = new Set(
  "masked prefixLength family isUnspecified isLoopback isLinkLocalMulticast isLinkLocalUnicast isGlobalUnicast sign asInteger isInteger asApproximateFloat isGreaterThan isLessThan compareTo add sub major minor patch".split(
    " ",
  ),
);
/** Functions that read the text of their first argument, but only where they are methods. */
const methodReaders: ReadonlySet<string> = new Set([
  "cidr",
  "isIP",
  "isCIDR",
  "quantity",
  "isQuantity",
  "semver",
  "isSemver",
]);

/** The functions of Kubernetes' libraries; undefined for others. */
export function estimateLibraryCall(
  name: string,
  overloadId: string,
  { target, args }: CostedCall,
): CallEstimate | undefined {
  const [first, second] = args;
  if (name === "check") return { cost: fixed(authorizationCost) };
  if (authorizerAccessors.has(name) || accessors.has(name)) return { cost: fixed(1) };
  if (listTraversals.has(name)) return target && { cost: traversal(target) };
  if (methodReaders.has(name))
    return target && first ? { cost: characters(first.size) } : undefined;
  switch (name) {
    case "url":
      return first && { cost: characters(first.size) };
    case "lowerAscii":
    case "upperAscii":
    case "substring":
    case "trim":
      return target && { cost: characters(target.size), resultSize: target.size };
    case "replace":
      return target && first && second && replacement(target.size, first.size, second.size);
    case "split":
      return (
        target && {
          cost: timesFactor(target.size, 2 * perCharacter),
          resultSize: { min: 0, max: target.size.max },
        }
      );
    case "join":
      return target && joined(target, first);
    case "find":
    case "findAll":
      return target && first && search(target.size, first.size);
    case "ip":
      return target && { cost: fixed(1) };
    case "ip.isCanonical":
      return target && first && { cost: timesFactor(first.size, 2 * perCharacter) };
    case "containsIP":
    case "containsCIDR":
      return target && first && { cost: containment(name, overloadId, first.size) };
    default:
      return undefined;
  }
}

function traversal({ type, size, itemSize }: CostNode): Range {
  if (type.kind !== "list") return characters(size);
  const isText = type.element.kind === "string" || type.element.kind === "bytes";
  return timesCost(size, isText ? plus(fixed(1), characters(itemSize)) : fixed(1));
}

function replacement(size: Range, old: Range, by: Range): CallEstimate {
  const most =
    old.min === 0
      ? { count: size.max + 1, kept: size.max }
      : by.max <= old.min
        ? { count: 0, kept: size.max }
        : { count: Math.ceil(size.max / old.min), kept: 0 };
  const least =
    old.max === 0
      ? { count: size.min + 1, kept: size.min }
      : old.max <= by.min
        ? { count: 0, kept: size.min }
        : { count: Math.ceil(size.min / old.max), kept: 0 };
  const replaced = timesCost({ min: least.count, max: most.count }, by);
  return {
    cost: timesFactor(size, 2 * perCharacter),
    resultSize: plus(replaced, { min: least.kept, max: most.kept }),
  };
}

function joined({ type, size, itemSize }: CostNode, separator: CostNode | undefined): CallEstimate {
  const items = type.kind === "list" ? timesCost(size, itemSize) : fixed(0);
  const between = { min: Math.max(0, size.min - 1), max: Math.max(0, size.max - 1) };
  const total = separator ? plus(items, timesCost(separator.size, between)) : items;
  return { cost: characters(total), resultSize: total };
}

function search(text: Range, pattern: Range): CallEstimate {
  return {
    cost: timesCost(characters(plus(text, fixed(1))), timesFactor(pattern, perRegexCharacter)),
    resultSize: { min: 0, max: text.max },
  };
}

/** An address has 4 or 16 bytes. */
function containment(name: string, overloadId: string, text: Range): Range {
  const address = { min: 4, max: 16 };
  let cost = characters(plus(address, address));
  if (name === "containsCIDR") cost = plus(plus(cost, characters(address)), fixed(1));
  return overloadId.endsWith("_string") ? plus(cost, characters(text)) : cost;
}

/** The functions and operators of the language itself; undefined where a call costs 1. */
export function estimateStandardCall(
  overloadId: string,
  { target, args, costs }: CostedCall,
): CallEstimate | undefined {
  const [first, second, third] = args;
  switch (overloadId) {
    case "string_format":
      return target && { cost: characters(target.size) };
    case "string_to_bytes":
      return (
        first && {
          cost: characters(first.size),
          resultSize: { min: first.size.min, max: first.size.max * 4 },
        }
      );
    case "bytes_to_string":
      return (
        first && {
          cost: characters(first.size),
          resultSize: { min: Math.floor(first.size.min / 4), max: first.size.max },
        }
      );
    case "strings_quote":
      return (
        first && {
          cost: characters(first.size),
          resultSize: { min: first.size.min + 2, max: first.size.max * 2 + 2 },
        }
      );
    case "starts_with_string":
    case "ends_with_string":
      return first && { cost: characters(first.size) };
    case "in_list":
      return second && { cost: second.size };
    case "matches_string":
      return target && first && { cost: search(target.size, first.size).cost };
    case "contains_string":
      return (
        target && first && { cost: timesCost(characters(target.size), characters(first.size)) }
      );
    case "logical_or":
    case "logical_and":
      return logicalCost(costs);
    case "conditional":
      return second && third && conditionalCost(costs, union(second.size, third.size));
    case "add_string":
    case "add_bytes":
    case "add_list":
      return first && second && sumCost(overloadId, plus(first.size, second.size));
    default:
      return isComparison(overloadId)
        ? first && second && comparisonCost(first, second)
        : undefined;
  }
}

/** The right side may not be evaluated. */
function logicalCost([left = fixed(0), right = fixed(0)]: readonly Range[]): CallEstimate {
  return { cost: { min: left.min, max: plus(left, right).max }, includesArgs: true };
}

function conditionalCost(
  [condition = fixed(0), whenTrue = fixed(0), whenFalse = fixed(0)]: readonly Range[],
  resultSize: Range,
): CallEstimate {
  return { cost: plus(condition, union(whenTrue, whenFalse)), resultSize, includesArgs: true };
}

/** Lists are joined without copying. */
function sumCost(overloadId: string, resultSize: Range): CallEstimate {
  return { cost: overloadId === "add_list" ? fixed(1) : characters(resultSize), resultSize };
}

function isComparison(overloadId: string): boolean {
  return (
    overloadId === "equals" ||
    overloadId === "not_equals" ||
    /^(?:less|greater)(?:_equals)?_(?:string|bytes)$/.test(overloadId)
  );
}

function comparisonCost(a: CostNode, b: CostNode): CallEstimate {
  const max = Math.min(a.size.max, b.size.max);
  return { cost: characters({ min: max > 0 ? 1 : 0, max }) };
}
