// The functions and operators of the language itself. Source: cel-go v0.26 common/stdlib/standard.go.
import {
  type CelLibrary,
  declare,
  type FunctionDeclaration,
  type Overload,
  overload,
} from "../declaration.ts";
import { element } from "../evaluator.ts";
import { matchesRegexp } from "../regexp.ts";
import { calendarParts, isInRange } from "../timestamp.ts";
import {
  CelError,
  type CelList,
  type CelMap,
  CelOptional,
  type CelValue,
  compare,
  Duration,
  EntryMap,
  equal,
  maxInt,
  maxUint,
  minInt,
  numericOf,
  Timestamp,
  TypeValue,
  typeNameOf,
  Uint,
} from "../value.ts";
import { conversions } from "./conversions.ts";

function int(value: bigint): bigint {
  if (value > maxInt || value < minInt) throw new CelError("integer overflow");
  return value;
}

function uint(value: bigint): Uint {
  if (value > maxUint || value < 0n) throw new CelError("unsigned integer overflow");
  return new Uint(value);
}

function timestamp(nanos: bigint): Timestamp {
  if (!isInRange(nanos)) throw new CelError("timestamp overflow");
  return new Timestamp(nanos);
}

function duration(nanos: bigint): Duration {
  if (nanos > maxInt || nanos < minInt) throw new CelError("duration overflow");
  return new Duration(nanos);
}

/** `a` divided by or modulo `b`, unless `b` is zero. */
function divided<T extends bigint>(b: T, name: string, result: () => T): T {
  if (b === 0n) throw new CelError(`${name} by zero`);
  return result();
}

const arithmetic: readonly FunctionDeclaration[] = [
  declare(
    "_+_",
    overload("add_bytes", "(bytes, bytes) -> bytes", (a: Uint8Array, b: Uint8Array) =>
      Uint8Array.from([...a, ...b]),
    ),
    overload("add_double", "(double, double) -> double", (a: number, b: number) => a + b),
    overload(
      "add_duration_duration",
      "(duration, duration) -> duration",
      (a: Duration, b: Duration) => duration(a.nanos + b.nanos),
    ),
    overload(
      "add_duration_timestamp",
      "(duration, timestamp) -> timestamp",
      (a: Duration, b: Timestamp) => timestamp(a.nanos + b.nanos),
    ),
    overload(
      "add_timestamp_duration",
      "(timestamp, duration) -> timestamp",
      (a: Timestamp, b: Duration) => timestamp(a.nanos + b.nanos),
    ),
    overload("add_int64", "(int, int) -> int", (a: bigint, b: bigint) => int(a + b)),
    overload("add_list", "(list<A>, list<A>) -> list<A>", (a: CelList, b: CelList) => a.concat(b)),
    overload("add_string", "(string, string) -> string", (a: string, b: string) => a + b),
    overload("add_uint64", "(uint, uint) -> uint", (a: Uint, b: Uint) => uint(a.value + b.value)),
  ),
  declare(
    "_-_",
    overload("subtract_double", "(double, double) -> double", (a: number, b: number) => a - b),
    overload(
      "subtract_duration_duration",
      "(duration, duration) -> duration",
      (a: Duration, b: Duration) => duration(a.nanos - b.nanos),
    ),
    overload("subtract_int64", "(int, int) -> int", (a: bigint, b: bigint) => int(a - b)),
    overload(
      "subtract_timestamp_duration",
      "(timestamp, duration) -> timestamp",
      (a: Timestamp, b: Duration) => timestamp(a.nanos - b.nanos),
    ),
    overload(
      "subtract_timestamp_timestamp",
      "(timestamp, timestamp) -> duration",
      (a: Timestamp, b: Timestamp) => duration(a.nanos - b.nanos),
    ),
    overload("subtract_uint64", "(uint, uint) -> uint", (a: Uint, b: Uint) =>
      uint(a.value - b.value),
    ),
  ),
  declare(
    "_*_",
    overload("multiply_double", "(double, double) -> double", (a: number, b: number) => a * b),
    overload("multiply_int64", "(int, int) -> int", (a: bigint, b: bigint) => int(a * b)),
    overload("multiply_uint64", "(uint, uint) -> uint", (a: Uint, b: Uint) =>
      uint(a.value * b.value),
    ),
  ),
  declare(
    "_/_",
    overload("divide_double", "(double, double) -> double", (a: number, b: number) => a / b),
    overload("divide_int64", "(int, int) -> int", (a: bigint, b: bigint) =>
      divided(b, "division", () => int(a / b)),
    ),
    overload("divide_uint64", "(uint, uint) -> uint", (a: Uint, b: Uint) =>
      uint(divided(b.value, "division", () => a.value / b.value)),
    ),
  ),
  declare(
    "_%_",
    overload("modulo_int64", "(int, int) -> int", (a: bigint, b: bigint) =>
      divided(b, "modulus", () => int(a % b)),
    ),
    overload("modulo_uint64", "(uint, uint) -> uint", (a: Uint, b: Uint) =>
      uint(divided(b.value, "modulus", () => a.value % b.value)),
    ),
  ),
  declare(
    "-_",
    overload("negate_double", "(double) -> double", (a: number) => -a),
    overload("negate_int64", "(int) -> int", (a: bigint) => int(-a)),
  ),
  declare(
    "!_",
    overload("logical_not", "(bool) -> bool", (a: boolean) => !a),
  ),
];

/** The types that `<` and its like compare, beside numbers of different types. */
const ordered = [
  ["bool", "bool"],
  ["int64", "int"],
  ["uint64", "uint"],
  ["double", "double"],
  ["string", "string"],
  ["bytes", "bytes"],
  ["timestamp", "timestamp"],
  ["duration", "duration"],
] as const;
const numbers = ordered.slice(1, 4);

function comparison(
  operator: string,
  id: string,
  holds: (order: number) => boolean,
): FunctionDeclaration {
  const test = (a: CelValue, b: CelValue): boolean => {
    const order = compare(a, b);
    if (order === undefined) throw new CelError("no such overload");
    return holds(order);
  };
  const same = ordered.map(([name, type]) =>
    overload(`${id}_${name}`, `(${type}, ${type}) -> bool`, test),
  );
  const mixed = numbers.flatMap(([leftName, left]) =>
    numbers
      .filter(([, right]) => right !== left)
      .map(([rightName, right]) =>
        overload(`${id}_${leftName}_${rightName}`, `(${left}, ${right}) -> bool`, test),
      ),
  );
  return declare(operator, ...same, ...mixed);
}

const comparisons: readonly FunctionDeclaration[] = [
  declare("_==_", overload("equals", "(A, A) -> bool", equal)),
  declare(
    "_!=_",
    overload("not_equals", "(A, A) -> bool", (a: CelValue, b: CelValue) => !equal(a, b)),
  ),
  comparison("_<_", "less", (order) => order < 0),
  comparison("_<=_", "less_equals", (order) => order <= 0),
  comparison("_>_", "greater", (order) => order > 0),
  comparison("_>=_", "greater_equals", (order) => order >= 0),
];

/** Evaluated by the evaluator itself, which need not evaluate all operands. */
const lazy = () => {
  throw new CelError("no such overload");
};

const logic: readonly FunctionDeclaration[] = [
  declare("_&&_", overload("logical_and", "(bool, bool) -> bool", lazy)),
  declare("_||_", overload("logical_or", "(bool, bool) -> bool", lazy)),
  declare("_?_:_", overload("conditional", "(bool, A, A) -> A", lazy)),
  declare("@not_strictly_false", overload("not_strictly_false", "(bool) -> bool", lazy)),
];

function indexList(list: CelList, index: CelValue): CelValue {
  const found = element(list, index);
  if (found === undefined) throw new CelError(`index out of bounds: ${String(numericOf(index))}`);
  return found;
}

function indexMap(map: CelMap, key: CelValue): CelValue {
  const found = map.get(key);
  if (found === undefined) throw new CelError(`no such key: ${String(numericOf(key) ?? key)}`);
  return found;
}

function indexOptional({ value }: CelOptional, key: CelValue): CelOptional {
  const found = value === undefined ? undefined : element(value, key);
  return found === undefined ? CelOptional.none : new CelOptional(found);
}

/** An index into an optional list or map gives an optional; so does an optional index. */
function optionalIndex(call: (...args: never[]) => CelValue): readonly Overload[] {
  return [
    overload("optional_list_index_int", "(optional<list<A>>, int) -> optional<A>", call),
    overload("optional_map_index_value", "(optional<map<A, B>>, A) -> optional<B>", call),
  ];
}

function characterCount(text: string): bigint {
  return BigInt([...text].length);
}

const sizes = [
  ["bytes", "bytes", (bytes: Uint8Array) => BigInt(bytes.length)],
  ["list", "list<A>", (list: CelList) => BigInt(list.size)],
  ["map", "map<A, B>", (map: CelMap) => BigInt(map.keys.length)],
  ["string", "string", characterCount],
] as const;

const containers: readonly FunctionDeclaration[] = [
  declare(
    "_[_]",
    overload("index_list", "(list<A>, int) -> A", indexList),
    overload("index_map", "(map<A, B>, A) -> B", indexMap),
    ...optionalIndex(indexOptional),
  ),
  declare(
    "_[?_]",
    overload("list_optindex_optional_int", "(list<A>, int) -> optional<A>", lazy),
    overload("map_optindex_optional_value", "(map<A, B>, A) -> optional<B>", lazy),
    ...optionalIndex(lazy),
  ),
  declare(
    "@in",
    overload("in_list", "(A, list<A>) -> bool", (item: CelValue, list: CelList) =>
      [...list].some((other) => equal(item, other)),
    ),
    overload(
      "in_map",
      "(A, map<A, B>) -> bool",
      (key: CelValue, map: CelMap) => map.get(key) !== undefined,
    ),
  ),
  declare(
    "size",
    ...sizes.flatMap(([name, type, count]) => [
      overload(`size_${name}`, `(${type}) -> int`, count),
      overload(`${name}_size`, `${type}.size() -> int`, count),
    ]),
  ),
  declare(
    "cel.@mapInsert",
    overload(
      "@mapInsert_map_key_value",
      "(map<A, B>, A, B) -> map<A, B>",
      (map: CelMap, key: CelValue, value: CelValue) => inserted(map, [[key, value]]),
    ),
    overload(
      "@mapInsert_map_map",
      "(map<A, B>, map<A, B>) -> map<A, B>",
      (map: CelMap, other: CelMap) =>
        inserted(
          map,
          other.keys.map((key) => [key, other.get(key) ?? null]),
        ),
    ),
  ),
];

function inserted(map: CelMap, added: readonly (readonly [CelValue, CelValue])[]): CelMap {
  for (const [key] of added)
    if (map.get(key) !== undefined)
      throw new CelError(`insert failed: key ${String(numericOf(key) ?? key)} already exists`);
  const kept = map.keys.map((key): [CelValue, CelValue] => [key, map.get(key) ?? null]);
  return new EntryMap([...kept, ...added]);
}

const texts: readonly FunctionDeclaration[] = [
  declare(
    "contains",
    overload("contains_string", "string.contains(string) -> bool", (text: string, part: string) =>
      text.includes(part),
    ),
  ),
  declare(
    "endsWith",
    overload("ends_with_string", "string.endsWith(string) -> bool", (text: string, end: string) =>
      text.endsWith(end),
    ),
  ),
  declare(
    "startsWith",
    overload(
      "starts_with_string",
      "string.startsWith(string) -> bool",
      (text: string, start: string) => text.startsWith(start),
    ),
  ),
  declare(
    "matches",
    overload("matches", "(string, string) -> bool", matchesRegexp),
    overload("matches_string", "string.matches(string) -> bool", matchesRegexp),
  ),
];

/** The parts of a point in time, the same of a duration where it has them. */
const timeParts = [
  ["getFullYear", "year", (at: ReturnType<typeof calendarParts>) => at.year],
  ["getMonth", "month", (at) => at.month],
  ["getDayOfYear", "day_of_year", (at) => at.dayOfYear],
  ["getDate", "day_of_month_1_based", (at) => at.day],
  ["getDayOfMonth", "day_of_month", (at) => at.day - 1],
  ["getDayOfWeek", "day_of_week", (at) => at.weekday],
  ["getHours", "hours", (at) => at.hours, 3_600_000_000_000n],
  ["getMinutes", "minutes", (at) => at.minutes, 60_000_000_000n],
  ["getSeconds", "seconds", (at) => at.seconds, 1_000_000_000n],
  ["getMilliseconds", "milliseconds", (at) => at.milliseconds, 1_000_000n],
] as const satisfies readonly (readonly [
  string,
  string,
  (at: ReturnType<typeof calendarParts>) => number,
  bigint?,
])[];

const times: readonly FunctionDeclaration[] = timeParts.map(([name, part, read, unit]) =>
  declare(
    name,
    overload(`timestamp_to_${part}`, `timestamp.${name}() -> int`, ({ nanos }: Timestamp) =>
      BigInt(read(calendarParts(nanos))),
    ),
    overload(
      `timestamp_to_${part}_with_tz`,
      `timestamp.${name}(string) -> int`,
      ({ nanos }: Timestamp, zone: string) => BigInt(read(calendarParts(nanos, zone))),
    ),
    ...(unit === undefined
      ? []
      : [
          overload(`duration_to_${part}`, `duration.${name}() -> int`, ({ nanos }: Duration) =>
            name === "getMilliseconds" ? (nanos / unit) % 1000n : nanos / unit,
          ),
        ]),
  ),
);

const typing: readonly FunctionDeclaration[] = [
  declare(
    "dyn",
    overload("to_dyn", "(A) -> dyn", (value: CelValue) => value),
  ),
  declare(
    "type",
    overload("type", "(A) -> type<A>", (value: CelValue) => new TypeValue(typeNameOf(value))),
  ),
];

export const standardLibrary: CelLibrary = {
  functions: [
    ...arithmetic,
    ...comparisons,
    ...logic,
    ...containers,
    ...texts,
    ...times,
    ...typing,
    ...conversions,
  ],
};
