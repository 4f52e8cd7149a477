// The values that expressions work on. CEL's int is a bigint, its double a number.
// Source: cel-go v0.26 common/types.

export type CelValue =
  | bigint
  | number
  | string
  | boolean
  | null
  | Uint
  | Uint8Array
  | CelList
  | CelMap
  | CelOptional
  | Timestamp
  | Duration
  | TypeValue
  | OpaqueValue;

export const maxInt = 2n ** 63n - 1n;
export const minInt = -(2n ** 63n);
export const maxUint = 2n ** 64n - 1n;

/** An evaluation that failed: "no such key: a". Kept within an expression by || and &&. */
export class CelError extends Error {}

export class Uint {
  constructor(readonly value: bigint) {}
}

/** A point in time, in nanoseconds since 1970. */
export class Timestamp {
  constructor(readonly nanos: bigint) {}
}

/** A span in nanoseconds. */
export class Duration {
  constructor(readonly nanos: bigint) {}
}

/** The value of `type(x)` and of names of types. */
export class TypeValue {
  constructor(readonly name: string) {}
}

export class CelOptional {
  static readonly none = new CelOptional(undefined);

  constructor(readonly value: CelValue | undefined) {}
}

/** A value of a library's own type. */
export interface OpaqueValue {
  readonly opaqueType: string;
  equals(other: CelValue): boolean;
}

/** A list. Subclasses read their elements when asked. */
export abstract class CelList {
  abstract readonly size: number;
  abstract at(index: number): CelValue;

  *[Symbol.iterator](): IterableIterator<CelValue> {
    for (let i = 0; i < this.size; i++) yield this.at(i);
  }

  equals(other: CelList): boolean {
    if (this.size !== other.size) return false;
    for (let i = 0; i < this.size; i++) if (!equal(this.at(i), other.at(i))) return false;
    return true;
  }

  concat(other: CelList): CelList {
    return new ArrayList([...this]).concat(other);
  }
}

/** A list in memory. Lists that grow at their end share one array. */
export class ArrayList extends CelList {
  constructor(
    private readonly items: CelValue[],
    readonly size = items.length,
  ) {
    super();
  }

  at(index: number): CelValue {
    return this.items[index] ?? null;
  }

  override concat(other: CelList): CelList {
    const items = this.items.length === this.size ? this.items : this.items.slice(0, this.size);
    for (const item of [...other]) items.push(item);
    return new ArrayList(items);
  }
}

/** A map, or an object with fields. */
export abstract class CelMap {
  abstract readonly keys: readonly CelValue[];
  /** undefined if the key is absent. */
  abstract get(key: CelValue): CelValue | undefined;

  /** What `type(x)` says. */
  get typeName(): string {
    return "map";
  }

  equals(other: CelMap): boolean {
    if (this.keys.length !== other.keys.length) return false;
    return this.keys.every((key) => {
      const [mine, theirs] = [this.get(key), other.get(key)];
      return mine !== undefined && theirs !== undefined && equal(mine, theirs);
    });
  }
}

/** A map written in an expression. */
export class EntryMap extends CelMap {
  readonly keys: readonly CelValue[];
  private readonly byKey = new Map<string, CelValue>();

  constructor(entries: readonly (readonly [CelValue, CelValue])[]) {
    super();
    this.keys = entries.map(([key]) => key);
    for (const [key, value] of entries) this.byKey.set(keyText(key), value);
  }

  get(key: CelValue): CelValue | undefined {
    return this.byKey.get(keyText(key));
  }
}

/** Equal keys have equal texts; 1, 1u and 1.0 are one key. */
export function keyText(key: CelValue): string {
  const number = numericOf(key);
  if (number !== undefined) return `n${String(number)}`;
  return typeof key === "string" ? `s${key}` : `b${String(key)}`;
}

/** The number as bigint where it is whole, so that values of different number types compare. */
export function numericOf(value: CelValue): bigint | number | undefined {
  if (typeof value === "bigint") return value;
  if (value instanceof Uint) return value.value;
  if (typeof value !== "number") return undefined;
  return Number.isInteger(value) ? BigInt(value) : value;
}

/** Equality of any two values: those of different types differ. */
export function equal(a: CelValue, b: CelValue): boolean {
  const [left, right] = [numericOf(a), numericOf(b)];
  if (left !== undefined || right !== undefined) return left === right;
  if (a instanceof CelList) return b instanceof CelList && a.equals(b);
  if (a instanceof CelMap) return b instanceof CelMap && a.equals(b);
  if (a instanceof Uint8Array)
    return b instanceof Uint8Array && a.length === b.length && a.every((byte, i) => byte === b[i]);
  if (a instanceof Timestamp) return b instanceof Timestamp && a.nanos === b.nanos;
  if (a instanceof Duration) return b instanceof Duration && a.nanos === b.nanos;
  if (a instanceof TypeValue) return b instanceof TypeValue && a.name === b.name;
  if (a instanceof CelOptional) return b instanceof CelOptional && equalOptionals(a, b);
  if (isOpaque(a)) return a.equals(b);
  return a === b;
}

function equalOptionals(a: CelOptional, b: CelOptional): boolean {
  if (a.value === undefined || b.value === undefined) return a.value === b.value;
  return equal(a.value, b.value);
}

export function isOpaque(value: CelValue): value is OpaqueValue {
  return typeof value === "object" && value !== null && "opaqueType" in value;
}

/** Negative, zero or positive; undefined if the two cannot be compared. NaN compares with nothing. */
export function compare(a: CelValue, b: CelValue): number | undefined {
  const [left, right] = [numericOf(a), numericOf(b)];
  if (left !== undefined && right !== undefined) return order(left, right);
  if (typeof a === "string" && typeof b === "string") return compareTexts(a, b);
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (a instanceof Timestamp && b instanceof Timestamp) return order(a.nanos, b.nanos);
  if (a instanceof Duration && b instanceof Duration) return order(a.nanos, b.nanos);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareBytes(a, b);
  return undefined;
}

function order(a: bigint | number, b: bigint | number): number {
  return a < b ? -1 : a > b ? 1 : a === b ? 0 : Number.NaN;
}

/** By code points, as Go compares UTF-8. */
function compareTexts(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** The name of a value's type at run time. */
export function typeNameOf(value: CelValue): string {
  if (value === null) return "null_type";
  if (typeof value === "bigint") return "int";
  if (typeof value === "number") return "double";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  if (value instanceof Uint) return "uint";
  if (value instanceof Uint8Array) return "bytes";
  if (value instanceof CelList) return "list";
  if (value instanceof CelMap) return value.typeName;
  if (value instanceof Timestamp) return "google.protobuf.Timestamp";
  if (value instanceof Duration) return "google.protobuf.Duration";
  if (value instanceof TypeValue) return "type";
  return value instanceof CelOptional ? "optional_type" : value.opaqueType;
}
