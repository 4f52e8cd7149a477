// Ranges of costs and sizes, with Infinity for "more than can be counted".

export interface Range {
  readonly min: number;
  readonly max: number;
}

export interface CallEstimate {
  readonly cost: Range;
  /** The size of the result where it is a text, list or map. */
  readonly resultSize?: Range;
  /** The cost counts the arguments already. */
  readonly includesArgs?: true;
}

export const unknownSize: Range = { min: 0, max: Infinity };

/** Above it Go's uint64 would not hold the number. */
const mostCountable = 2 ** 64 - 1;

export function fixed(value: number): Range {
  return { min: value, max: value };
}

export function plus(a: Range, b: Range): Range {
  return { min: capped(a.min + b.min), max: capped(a.max + b.max) };
}

export function union(a: Range, b: Range): Range {
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
}

/** How often something costs. Never is 0, even of something without bound. */
export function timesCost(a: Range, b: Range): Range {
  return { min: product(a.min, b.min), max: product(a.max, b.max) };
}

/** A size as a cost, rounded up. */
export function timesFactor({ min, max }: Range, factor: number): Range {
  return { min: capped(Math.ceil(min * factor)), max: capped(Math.ceil(max * factor)) };
}

function product(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : capped(a * b);
}

function capped(value: number): number {
  return value > mostCountable ? Infinity : value;
}
