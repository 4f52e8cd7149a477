// Resource quantities ("250m", "1.5Gi", "12e6") as exact decimals. Nothing here is rounded before a
// caller asks for a whole number. Source: apimachinery pkg/api/resource, kubernetes v1.34.
import { assert } from "../base/assert.ts";
import type { Quantity } from "./types.ts";

/** How an amount was written and is printed again. */
export type QuantityFormat = "DecimalSI" | "BinarySI" | "DecimalExponent";

/** unscaled × 10^scale. */
export interface Amount {
  readonly unscaled: bigint;
  readonly scale: number;
  readonly format: QuantityFormat;
  /** The spelling that is kept when the amount is printed. Amounts made by arithmetic have none. */
  readonly text?: string;
  /** Go computes in int64, where an overflow gives 0; without it, in big decimals, which wrap. */
  readonly isInt64: boolean;
}

export interface QuantityError {
  /** The API server's words, e.g. "unable to parse quantity's suffix". */
  readonly error: string;
}

const pattern = "^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$";
const malformed: QuantityError = {
  error: `quantities must match the regular expression '${pattern}'`,
};
const badSuffix: QuantityError = { error: "unable to parse quantity's suffix" };

const decimalSuffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const nano = -9;
const milli = -3;
const maxInt64 = 2n ** 63n - 1n;
const minInt64 = -(2n ** 63n);
/** Go's fast path takes numbers of at most this many digits. */
const int64Digits = 18;
/** Amounts that are further apart than this many digits are not added digit by digit. */
const widestGap = 4096;

/**
 * Reads a quantity. Numbers, as JSON allows them, are read as they are printed.
 * Like the original it also accepts a missing number ("Mi" is 0) and a leading "+".
 */
export function parseQuantity(quantity: Quantity): Amount | QuantityError {
  const text = String(quantity);
  const match = /^([+-]?)0*(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/.exec(text);
  if (!match || text === "") return malformed;
  const [, sign = "", digits = "", fraction = "", suffixText = ""] = match;
  const suffix = interpretSuffix(suffixText);
  if (!suffix) return badSuffix;
  const number = { sign, whole: digits === "" ? "0" : digits, fraction };
  return suffix.base === 10
    ? decimalAmount(text, number, suffix)
    : binaryAmount(text, number, suffix);
}

export function isQuantityError(result: Amount | QuantityError): result is QuantityError {
  return "error" in result;
}

interface NumberParts {
  readonly sign: string;
  readonly whole: string;
  readonly fraction: string;
}

interface Suffix {
  readonly base: 2 | 10;
  readonly exponent: number;
  readonly format: QuantityFormat;
}

function interpretSuffix(suffix: string): Suffix | undefined {
  const decimal = decimalSuffixes.indexOf(suffix);
  if (decimal >= 0) return { base: 10, exponent: nano + 3 * decimal, format: "DecimalSI" };
  const binary = binarySuffixes.indexOf(suffix);
  if (binary >= 0) return { base: 2, exponent: 10 * binary, format: "BinarySI" };
  const exponent = /^[eE]([+-]?\d+)$/.exec(suffix)?.[1];
  if (exponent === undefined) return undefined;
  const parsed = BigInt(exponent.replace("+", ""));
  if (!fitsInt64(parsed)) return undefined;
  return { base: 10, exponent: Number(BigInt.asIntN(32, parsed)), format: "DecimalExponent" };
}

function decimalAmount(text: string, { sign, whole, fraction }: NumberParts, suffix: Suffix) {
  const { exponent, format } = suffix;
  const digits = whole + fraction;
  const scale = exponent - fraction.length;
  const unscaled = signed(sign, BigInt(digits));
  const isInt64 = digits.length <= int64Digits && scale >= nano;
  if (!isInt64) return { ...roundAwayFromZero({ unscaled, scale }, nano), format, isInt64 };
  const keepsText = scale % 3 === 0 && !digits.endsWith("000") && !digits.startsWith("0");
  return { unscaled, scale, format, isInt64, ...(keepsText ? { text } : {}) };
}

function binaryAmount(text: string, parts: NumberParts, { exponent }: Suffix): Amount {
  const { sign, whole, fraction } = parts;
  const magnitude = BigInt(whole + fraction) * 2n ** BigInt(exponent);
  const room = 15 - whole.length - Math.trunc((exponent * 3) / 10) - 1;
  if (fraction === "" && room >= 0) {
    const keepsText = (BigInt(whole) & 7n) !== 0n;
    const unscaled = signed(sign, magnitude);
    return {
      unscaled,
      scale: 0,
      format: "BinarySI",
      isInt64: true,
      ...(keepsText ? { text } : {}),
    };
  }
  const rounded = roundAwayFromZero({ unscaled: magnitude, scale: -fraction.length }, nano);
  const capped =
    compareMagnitudes(rounded, { unscaled: maxInt64, scale: 0 }) > 0
      ? { unscaled: maxInt64, scale: 0 }
      : rounded;
  const isFraction = compareMagnitudes(capped, { unscaled: 1n, scale: 0 }) < 0 && magnitude > 0n;
  return {
    unscaled: signed(sign, capped.unscaled),
    scale: capped.scale,
    format: isFraction ? "DecimalSI" : "BinarySI",
    isInt64: false,
  };
}

const parsed = new Map<string, Amount>();
const mostParsed = 10_000;

/**
 * The amount of a quantity that validation has accepted; remembers what it has read.
 * @throws if the quantity is malformed, which is a broken invariant.
 */
export function amountOf(quantity: Quantity): Amount {
  const text = String(quantity);
  const known = parsed.get(text);
  if (known) return known;
  const amount = parseQuantity(text);
  assert(!isQuantityError(amount), `${text} is a quantity`);
  if (parsed.size >= mostParsed) parsed.clear();
  parsed.set(text, amount);
  return amount;
}

/** A whole number as an amount, printed as `format` says. */
export function wholeAmount(value: number | bigint, format: QuantityFormat = "DecimalSI"): Amount {
  return { unscaled: BigInt(value), scale: 0, format, isInt64: true };
}

/** Thousandths as an amount, e.g. of CPUs. */
export function milliAmount(value: number | bigint, format: QuantityFormat = "DecimalSI"): Amount {
  return { unscaled: BigInt(value), scale: milli, format, isInt64: true };
}

/** -1, 0 or 1. */
export function signOf({ unscaled }: Amount): -1 | 0 | 1 {
  return unscaled > 0n ? 1 : unscaled < 0n ? -1 : 0;
}

/** Negative, 0 or positive, as sort functions want it. */
export function compareAmounts(a: Amount, b: Amount): number {
  const sign = signOf(a);
  if (sign !== signOf(b)) return sign - signOf(b);
  return sign < 0 ? compareMagnitudes(b, a) : compareMagnitudes(a, b);
}

/** a + b, in the format of a, or of b if a is zero. */
export function addAmounts(a: Amount, b: Amount): Amount {
  return sum(a, b, b.unscaled);
}

/** a − b, in the format of a, or of b if a is zero. */
export function subtractAmounts(a: Amount, b: Amount): Amount {
  return sum(a, b, -b.unscaled);
}

/** The whole number at or next above the amount (away from zero), as an exact integer. */
export function exactValue(amount: Amount): bigint {
  return scaledValue(amount, 0);
}

/** `exactValue` as a number: exact up to 2^53. */
export function wholeValueOf(amount: Amount): number {
  return Number(scaledValue(amount, 0));
}

/** Thousandths, rounded up (away from zero): millicores of a CPU amount. Exact up to 2^53. */
export function milliValueOf(amount: Amount): number {
  return Number(scaledValue(amount, milli));
}

/** The amount without anything below a thousandth, rounded up (away from zero). */
export function roundedToMilli(amount: Amount): Amount {
  if (amount.scale >= milli) return amount;
  const { format, isInt64 } = amount;
  return { ...roundAwayFromZero(amount, milli), format, isInt64 };
}

/** The amount as its format prints it: "1500m", "1Gi", "12e6". Keeps a spelling that was canonical. */
export function quantityText(amount: Amount): string {
  return amount.text ?? canonicalText(amount);
}

/** The spelling that Kubernetes gives an amount whose own spelling is not kept. */
export function canonicalText(amount: Amount): string {
  if (amount.unscaled === 0n) return "0";
  if (amount.format === "BinarySI" && printsBinary(amount)) return binaryText(amount);
  return decimalText(amount);
}

function printsBinary(amount: Amount): boolean {
  const isSmall = compareMagnitudes(amount, { unscaled: 1024n, scale: 0 }) < 0;
  return !isSmall && isWhole(amount);
}

function binaryText({ unscaled, scale }: Amount): string {
  let mantissa = scale >= 0 ? unscaled * 10n ** BigInt(scale) : unscaled / 10n ** BigInt(-scale);
  let power = 0;
  while (mantissa % 1024n === 0n) {
    mantissa /= 1024n;
    power++;
  }
  return `${mantissa}${binarySuffixes[power] ?? ""}`;
}

function decimalText({ unscaled, scale, format }: Amount): string {
  let mantissa = unscaled;
  let exponent = scale;
  while (mantissa % 10n === 0n) {
    mantissa /= 10n;
    exponent++;
  }
  while (exponent % 3 !== 0) {
    mantissa *= 10n;
    exponent--;
  }
  if (format === "DecimalExponent")
    return exponent === 0 ? `${mantissa}` : `${mantissa}e${exponent}`;
  // Beyond "E" there is no suffix, and the original prints none.
  return `${mantissa}${decimalSuffixes[(exponent - nano) / 3] ?? ""}`;
}

type Decimal = Pick<Amount, "unscaled" | "scale">;

function sum(a: Amount, b: Amount, addend: bigint): Amount {
  const format = a.unscaled === 0n ? b.format : a.format;
  if (addend === 0n) return plain(a, a.unscaled, format);
  if (a.unscaled === 0n) return plain(b, addend, format);
  if (Math.abs(a.scale - b.scale) > widestGap)
    return a.scale > b.scale ? plain(a, a.unscaled, format) : plain(b, addend, format);
  const scale = Math.min(a.scale, b.scale);
  const unscaled =
    a.unscaled * 10n ** BigInt(a.scale - scale) + addend * 10n ** BigInt(b.scale - scale);
  return { unscaled, scale, format, isInt64: a.isInt64 && b.isInt64 && fitsInt64(unscaled) };
}

function plain({ scale, isInt64 }: Amount, unscaled: bigint, format: QuantityFormat): Amount {
  return { unscaled, scale, format, isInt64 };
}

function scaledValue(amount: Amount, target: number): bigint {
  const { unscaled, scale } = amount;
  if (unscaled === 0n) return 0n;
  if (scale <= target) return roundAwayFromZero(amount, target).unscaled;
  const overflowed = scale - target > 2 * int64Digits;
  const value = overflowed ? maxInt64 + 1n : unscaled * 10n ** BigInt(scale - target);
  if (fitsInt64(value)) return value;
  return amount.isInt64 ? 0n : BigInt.asIntN(64, value);
}

/** The amount with no digit below 10^scale. */
function roundAwayFromZero({ unscaled, scale }: Decimal, target: number): Decimal {
  if (scale >= target || unscaled === 0n) return { unscaled, scale };
  const unit = unscaled < 0n ? -1n : 1n;
  if (target - scale > digitsOf(unscaled)) return { unscaled: unit, scale: target };
  const divisor = 10n ** BigInt(target - scale);
  const quotient = unscaled / divisor;
  return { unscaled: unscaled % divisor === 0n ? quotient : quotient + unit, scale: target };
}

function compareMagnitudes(a: Decimal, b: Decimal): number {
  const left = magnitude(a.unscaled);
  const right = magnitude(b.unscaled);
  if (left === 0n || right === 0n) return left === right ? 0 : left === 0n ? -1 : 1;
  // The place of the first digit settles it without writing out a large exponent.
  const places = digitsOf(left) + a.scale - (digitsOf(right) + b.scale);
  if (places !== 0) return Math.sign(places);
  const scale = Math.min(a.scale, b.scale);
  const difference = left * 10n ** BigInt(a.scale - scale) - right * 10n ** BigInt(b.scale - scale);
  return difference === 0n ? 0 : difference > 0n ? 1 : -1;
}

function isWhole({ unscaled, scale }: Decimal): boolean {
  return scale >= 0 || (-scale <= digitsOf(unscaled) && unscaled % 10n ** BigInt(-scale) === 0n);
}

function digitsOf(value: bigint): number {
  return magnitude(value).toString().length;
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function signed(sign: string, magnitude: bigint): bigint {
  return sign === "-" ? -magnitude : magnitude;
}

function fitsInt64(value: bigint): boolean {
  return value >= minInt64 && value <= maxInt64;
}
