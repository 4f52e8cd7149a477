// The values of awk: numbers, strings, what was read and looks like a number, and what was never set.
import { floating } from "../printfText.ts";

/** Input that compares as a number, and prints as it was. */
export class NumericText {
  constructor(
    readonly text: string,
    readonly number: number,
  ) {}
}

export type AwkValue = number | string | NumericText | undefined;

const decimal = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/;

export function inputValue(text: string): AwkValue {
  return decimal.test(text) ? new NumericText(text, Number(text)) : text;
}

export function numberOf(value: AwkValue): number {
  if (typeof value === "number") return value;
  if (value instanceof NumericText) return value.number;
  const start = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/.exec(value ?? "");
  return start ? Number(start[0]) : 0;
}

/** @param format CONVFMT or OFMT, e.g. "%.6g" */
export function textOf(value: AwkValue, format: string): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  if (value instanceof NumericText) return value.text;
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return String(value === 0 ? 0 : value);
  const [, precision = "6", conversion = "g"] = /^%\.?(\d*)([efgEFG])$/.exec(format) ?? [];
  return floating(value, conversion, Number(precision || 6));
}

export function isTrue(value: AwkValue): boolean {
  if (typeof value === "string") return value !== "";
  return value instanceof NumericText ? value.number !== 0 : (value ?? 0) !== 0;
}

/** Numbers if both are, else texts. @returns below, above or equal to zero */
export function compareValues(
  left: AwkValue,
  right: AwkValue,
  text: (value: AwkValue) => string,
): number {
  if (typeof left !== "string" && typeof right !== "string")
    return numberOf(left) - numberOf(right);
  const [a, b] = [text(left), text(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}
