// Functions that make values of one type from another: int("5"), string(1.5), timestamp("...").
// Source: cel-go v0.26 common/types, each type's ConvertToType.
import { utf8Bytes, utf8Text } from "../../../base/utf8.ts";
import { declare, type FunctionDeclaration, overload } from "../declaration.ts";
import { durationText, parseGoDuration } from "../duration.ts";
import { goFloatText } from "../goFloat.ts";
import { isInRange, parseTimestamp, timestampText } from "../timestamp.ts";
import {
  CelError,
  type CelValue,
  Duration,
  maxInt,
  maxUint,
  minInt,
  Timestamp,
  Uint,
} from "../value.ts";

function cannot(from: string, to: string): never {
  throw new CelError(`type conversion error from '${from}' to '${to}'`);
}

const nanosPerSecond = 1_000_000_000n;

function toInt(value: bigint, message = "integer overflow"): bigint {
  if (value > maxInt || value < minInt) throw new CelError(message);
  return value;
}

function doubleToInt(value: number): bigint {
  if (!(value > Number(minInt) && value < Number(maxInt))) throw new CelError("integer overflow");
  return BigInt(Math.trunc(value));
}

function stringToInt(text: string): bigint {
  if (!/^[+-]?\d+$/.test(text)) cannot("string", "int");
  const value = BigInt(text.replace(/^\+/, ""));
  return value > maxInt || value < minInt ? cannot("string", "int") : value;
}

function toUint(value: bigint): Uint {
  if (value < 0n || value > maxUint) throw new CelError("unsigned integer overflow");
  return new Uint(value);
}

function doubleToUint(value: number): Uint {
  if (!(value >= 0 && value < Number(maxUint))) throw new CelError("unsigned integer overflow");
  return new Uint(BigInt(Math.trunc(value)));
}

function stringToUint(text: string): Uint {
  if (!/^\d+$/.test(text) || BigInt(text) > maxUint) cannot("string", "uint");
  return new Uint(BigInt(text));
}

function stringToDouble(text: string): number {
  const named = { inf: Infinity, "+inf": Infinity, "-inf": -Infinity, nan: Number.NaN };
  const special = named[text.toLowerCase() as keyof typeof named];
  if (special !== undefined) return special;
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) cannot("string", "double");
  return Number(text);
}

const booleans: Readonly<Record<string, boolean>> = {
  "1": true,
  t: true,
  T: true,
  TRUE: true,
  true: true,
  True: true,
  "0": false,
  f: false,
  F: false,
  FALSE: false,
  false: false,
  False: false,
};

function stringToTimestamp(text: string): Timestamp {
  const nanos = parseTimestamp(text);
  if (nanos === undefined) return cannot("string", "google.protobuf.Timestamp");
  if (!isInRange(nanos)) throw new CelError("timestamp overflow");
  return new Timestamp(nanos);
}

function stringToDuration(text: string): Duration {
  const nanos = parseGoDuration(text);
  return nanos === undefined ? cannot("string", "google.protobuf.Duration") : new Duration(nanos);
}

function bytesToString(bytes: Uint8Array): string {
  const text = utf8Text(bytes);
  if (text === undefined) throw new CelError("invalid UTF-8 in bytes, cannot convert to string");
  return text;
}

const same = (value: CelValue) => value;

export const conversions: readonly FunctionDeclaration[] = [
  declare(
    "int",
    overload("int64_to_int64", "(int) -> int", same),
    overload("double_to_int64", "(double) -> int", doubleToInt),
    overload("string_to_int64", "(string) -> int", stringToInt),
    overload("timestamp_to_int64", "(timestamp) -> int", ({ nanos }: Timestamp) =>
      nanos < 0n && nanos % nanosPerSecond !== 0n
        ? nanos / nanosPerSecond - 1n
        : nanos / nanosPerSecond,
    ),
    overload("uint64_to_int64", "(uint) -> int", ({ value }: Uint) => toInt(value)),
    overload("duration_to_int64", "(duration) -> int", ({ nanos }: Duration) => nanos),
  ),
  declare(
    "uint",
    overload("uint64_to_uint64", "(uint) -> uint", same),
    overload("double_to_uint64", "(double) -> uint", doubleToUint),
    overload("int64_to_uint64", "(int) -> uint", toUint),
    overload("string_to_uint64", "(string) -> uint", stringToUint),
  ),
  declare(
    "double",
    overload("double_to_double", "(double) -> double", same),
    overload("int64_to_double", "(int) -> double", (value: bigint) => Number(value)),
    overload("string_to_double", "(string) -> double", stringToDouble),
    overload("uint64_to_double", "(uint) -> double", ({ value }: Uint) => Number(value)),
  ),
  declare(
    "bool",
    overload("bool_to_bool", "(bool) -> bool", same),
    overload(
      "string_to_bool",
      "(string) -> bool",
      (text: string) => booleans[text] ?? cannot("string", "bool"),
    ),
  ),
  declare(
    "bytes",
    overload("bytes_to_bytes", "(bytes) -> bytes", same),
    overload("string_to_bytes", "(string) -> bytes", utf8Bytes),
  ),
  declare(
    "string",
    overload("string_to_string", "(string) -> string", same),
    overload("bool_to_string", "(bool) -> string", (value: boolean) => String(value)),
    overload("bytes_to_string", "(bytes) -> string", bytesToString),
    overload("double_to_string", "(double) -> string", goFloatText),
    overload("duration_to_string", "(duration) -> string", ({ nanos }: Duration) =>
      durationText(nanos),
    ),
    overload("int64_to_string", "(int) -> string", (value: bigint) => String(value)),
    overload("timestamp_to_string", "(timestamp) -> string", ({ nanos }: Timestamp) =>
      timestampText(nanos),
    ),
    overload("uint64_to_string", "(uint) -> string", ({ value }: Uint) => String(value)),
  ),
  declare(
    "timestamp",
    overload("timestamp_to_timestamp", "(timestamp) -> timestamp", same),
    overload("int64_to_timestamp", "(int) -> timestamp", (seconds: bigint) => {
      const nanos = seconds * nanosPerSecond;
      if (!isInRange(nanos)) throw new CelError("timestamp overflow");
      return new Timestamp(nanos);
    }),
    overload("string_to_timestamp", "(string) -> timestamp", stringToTimestamp),
  ),
  declare(
    "duration",
    overload("duration_to_duration", "(duration) -> duration", same),
    overload("int64_to_duration", "(int) -> duration", (nanos: bigint) => new Duration(nanos)),
    overload("string_to_duration", "(string) -> duration", stringToDuration),
  ),
];
