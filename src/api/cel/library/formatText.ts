// "%s is %d".format([a, b]). Source: cel-go v0.26 ext/formatting.go.
import { utf8Bytes } from "../../../base/utf8.ts";
import { durationText } from "../duration.ts";
import { goFloatText } from "../goFloat.ts";
import { timestampText } from "../timestamp.ts";
import {
  CelError,
  CelList,
  CelMap,
  type CelValue,
  Duration,
  Timestamp,
  TypeValue,
  typeNameOf,
  Uint,
} from "../value.ts";

/** @throws CelError if a verb is unknown or has no, or no fitting, argument */
export function formatText(format: string, args: readonly CelValue[]): string {
  let used = 0;
  return format.replace(
    /%(?:%|(?:\.(\d+))?(.?))/gsu,
    (whole, precision: string | undefined, verb: string | undefined) => {
      if (whole === "%%") return "%";
      const index = used++;
      const arg = args[index];
      if (arg === undefined) throw new CelError(`index ${index} out of range`);
      return formatted(verb ?? "", arg, precision === undefined ? undefined : Number(precision));
    },
  );
}

function formatted(verb: string, arg: CelValue, precision: number | undefined): string {
  switch (verb) {
    case "s":
      return stringClause(arg);
    case "d":
      return decimal(arg);
    case "f":
      return fixed(arg, precision ?? 6);
    case "e":
      return scientific(arg, precision ?? 6);
    case "b":
      return typeof arg === "boolean" ? (arg ? "1" : "0") : inBase(arg, 2, "binary");
    case "o":
      return inBase(arg, 8, "octal");
    case "x":
      return hexadecimal(arg);
    case "X":
      return hexadecimal(arg).toUpperCase();
    default:
      throw new CelError(
        `could not parse formatting clause: unrecognized formatting clause "${verb}"`,
      );
  }
}

function fail(clause: string, allowed: string, arg: CelValue): never {
  throw new CelError(
    `error during formatting: ${clause} clause can only be used on ${allowed}, was given ${typeNameOf(arg)}`,
  );
}

function stringClause(arg: CelValue): string {
  if (arg === null) return "null";
  if (typeof arg === "string") return arg;
  if (typeof arg === "number") return goFloatText(arg);
  if (typeof arg === "bigint" || typeof arg === "boolean") return String(arg);
  if (arg instanceof Uint) return String(arg.value);
  if (arg instanceof Uint8Array) return String.fromCharCode(...arg);
  if (arg instanceof Timestamp) return timestampText(arg.nanos);
  if (arg instanceof Duration) return durationText(arg.nanos);
  if (arg instanceof TypeValue) return arg.name;
  if (arg instanceof CelList) return `[${[...arg].map(stringClause).join(", ")}]`;
  if (arg instanceof CelMap) return mapText(arg);
  return fail(
    "string",
    "strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps",
    arg,
  );
}

function mapText(map: CelMap): string {
  const entries = map.keys.map(
    (key) => `${stringClause(key)}: ${stringClause(map.get(key) ?? null)}`,
  );
  return `{${entries.sort().join(", ")}}`;
}

function decimal(arg: CelValue): string {
  if (typeof arg === "bigint") return String(arg);
  if (arg instanceof Uint) return String(arg.value);
  return fail("decimal", "integers", arg);
}

function fixed(arg: CelValue, precision: number): string {
  if (typeof arg !== "number") return fail("fixed-point", "doubles", arg);
  return Number.isFinite(arg) ? arg.toFixed(Math.min(precision, 100)) : special(arg);
}

function scientific(arg: CelValue, precision: number): string {
  if (typeof arg !== "number") return fail("scientific", "doubles", arg);
  if (!Number.isFinite(arg)) return special(arg);
  return arg
    .toExponential(Math.min(precision, 100))
    .replace(/e([+-])(\d)$/, (_, sign, digit) => `e${sign}0${digit}`);
}

function special(value: number): string {
  return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

function inBase(arg: CelValue, base: number, clause: string): string {
  if (typeof arg === "bigint") return arg.toString(base);
  if (arg instanceof Uint) return arg.value.toString(base);
  return fail(clause, base === 2 ? "integers and bools" : "integers", arg);
}

function hexadecimal(arg: CelValue): string {
  if (typeof arg === "string") return hexBytes(utf8Bytes(arg));
  if (arg instanceof Uint8Array) return hexBytes(arg);
  if (typeof arg === "bigint" || arg instanceof Uint) return inBase(arg, 16, "hex");
  return fail("hex", "integers, byte buffers, and strings", arg);
}

function hexBytes(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
