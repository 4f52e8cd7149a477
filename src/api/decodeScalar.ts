// Decoding of values without parts: texts, numbers, quantities, times, bytes.
// Source: Go's encoding/json, apimachinery resource.Quantity, metav1.Time and intstr, kubernetes v1.34.
import { formatMicroTime, formatTime, parseTime } from "../base/time.ts";
import type { ScalarNode } from "./openapi/compiled.ts";
import { isQuantityError, parseQuantity, quantityText } from "./quantity.ts";

/** Why a value was not read. The server stops at a final problem and goes on after the others. */
export type ScalarProblem =
  | { readonly kind: "type"; readonly found: string; readonly isFinal: boolean }
  | { readonly kind: "value"; readonly message: string; readonly isFinal: boolean };

export type ScalarRead = { readonly value: unknown } | { readonly problem: ScalarProblem };

const maxInt32 = 2 ** 31 - 1;
const maxInt64 = 2n ** 63n - 1n;

/** Reads a value that is not null. */
export function readScalar({ type }: ScalarNode, value: unknown): ScalarRead {
  switch (type) {
    case "string":
      return typeof value === "string" ? { value } : wrongType(value);
    case "bool":
      return typeof value === "boolean" ? { value } : wrongType(value);
    case "int32":
    case "int64":
      return readInteger(value, type);
    case "double":
      return typeof value === "number" ? { value } : wrongType(value);
    case "bytes":
      return readBytes(value);
    case "quantity":
      return readQuantity(value);
    case "time":
    case "microTime":
      return readTime(value, type);
    case "intOrString":
      return typeof value === "string" ? { value } : asFinal(readInteger(value, "int32"));
    case "any":
      return { value };
  }
}

/** What Go leaves in a place that nothing was read into. */
export function scalarZero({ type }: ScalarNode): unknown {
  if (type === "string" || type === "bytes") return "";
  if (type === "bool") return false;
  return type === "time" || type === "microTime" || type === "any" ? null : 0;
}

function readInteger(value: unknown, type: "int32" | "int64"): ScalarRead {
  if (typeof value === "bigint")
    return value <= maxInt64 && value >= -maxInt64 - 1n && type === "int64"
      ? { value: Number(value) }
      : wrongNumber(value);
  if (typeof value !== "number") return wrongType(value);
  const fits = type === "int64" || (value <= maxInt32 && value >= -maxInt32 - 1);
  return Number.isInteger(value) && fits && Math.abs(value) < 2 ** 63
    ? { value: value === 0 ? 0 : value }
    : wrongNumber(value);
}

function readQuantity(value: unknown): ScalarRead {
  const text = typeof value === "string" ? value.trim() : JSON.stringify(value);
  const parsed = parseQuantity(text);
  if (isQuantityError(parsed))
    return { problem: { kind: "value", message: parsed.error, isFinal: true } };
  return { value: quantityText(parsed) };
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function readBytes(value: unknown): ScalarRead {
  if (typeof value !== "string") return wrongType(value);
  const text = value.replace(/[\r\n]/g, "");
  if (base64.test(text)) return { value: text };
  const message = `illegal base64 data at input byte ${firstIllegalByte(value)}`;
  return { problem: { kind: "value", message, isFinal: false } };
}

/** Where Go's decoder stops: at the first byte outside the alphabet, or at wrong padding. */
function firstIllegalByte(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? "";
    if (character === "\n" || character === "\r") continue;
    if (/[A-Za-z0-9+/]/.test(character)) {
      count++;
      continue;
    }
    if (character !== "=" || count % 4 < 2) return i;
    return paddingError(text, i, count % 4);
  }
  // Too short: the last, incomplete group is at fault.
  return text.length - (count % 4);
}

function paddingError(text: string, first: number, filled: number): number {
  let i = first + 1;
  if (filled === 2) {
    while (text[i] === "\n" || text[i] === "\r") i++;
    if (i === text.length) return text.length;
    if (text[i] !== "=") return i;
    i++;
  }
  while (text[i] === "\n" || text[i] === "\r") i++;
  return i;
}

/** As the server itself writes times, but for the days that only leap years have. */
const usualTime =
  /^\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{6})?Z$/;

function readTime(value: unknown, type: "time" | "microTime"): ScalarRead {
  if (typeof value === "string" && value.includes(".") === (type === "microTime"))
    if (usualTime.test(value)) return { value };
  if (typeof value !== "string") return asFinal(wrongType(value));
  if (type === "time" && value === "") return { value: undefined };
  const problem = timeProblem(value, type === "microTime");
  if (problem !== undefined) return { problem: { kind: "value", message: problem, isFinal: true } };
  const instant = parseTime(value) ?? 0;
  return { value: type === "time" ? formatTime(instant) : microText(value, instant) };
}

/** Keeps the digits that the clock's milliseconds cannot hold. */
function microText(text: string, instant: number): string {
  const digits = /\.(\d{6})/.exec(text)?.[1];
  const whole = formatMicroTime(instant);
  return digits === undefined ? whole : whole.replace(/\.\d{6}/, `.${digits}`);
}

interface LayoutElement {
  readonly pattern: RegExp;
  readonly layout: string;
}

const element = (layout: string, pattern: RegExp): LayoutElement => ({ layout, pattern });
const head = [
  element("2006", /^\d{4}/),
  element("-", /^-/),
  element("01", /^\d\d/),
  element("-", /^-/),
  element("02", /^\d\d/),
  element("T", /^T/),
  element("15", /^\d\d?/),
  element(":", /^:/),
  element("04", /^\d\d/),
  element(":", /^:/),
  element("05", /^\d\d/),
];
const zone = element("Z07:00", /^(?:Z|[+-]\d\d:\d\d)/);
const fraction = element(".000000", /^[.,]\d{6}/);
const extraFraction = /^[.,]\d+/;

/** Go's words for a text that does not follow the layout; undefined if it does. */
function timeProblem(text: string, hasMicros: boolean): string | undefined {
  const layout = hasMicros ? "2006-01-02T15:04:05.000000Z07:00" : "2006-01-02T15:04:05Z07:00";
  const parsing = `parsing time ${JSON.stringify(text)}`;
  const as = `${parsing} as ${JSON.stringify(layout)}`;
  let rest = text;
  for (const { layout: wanted, pattern } of [...head, ...(hasMicros ? [fraction] : []), zone]) {
    // Without a fraction in the layout, one in the text is read after the seconds all the same.
    if (wanted === "Z07:00" && !hasMicros) rest = rest.replace(extraFraction, "");
    const match = pattern.exec(rest);
    if (!match) return `${as}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(wanted)}`;
    rest = rest.slice(match[0].length);
  }
  if (rest !== "") return `${parsing}: extra text: ${JSON.stringify(rest)}`;
  return (
    rangeProblem(text) ??
    (parseTime(text) === undefined ? `${parsing}: day out of range` : undefined)
  );
}

function rangeProblem(text: string): string | undefined {
  const [, month, , hours, minutes, seconds] = (
    /^\d{4}-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)/.exec(text) ?? []
  ).map(Number);
  const parsing = `parsing time ${JSON.stringify(text)}`;
  if (month !== undefined && (month < 1 || month > 12)) return `${parsing}: month out of range`;
  if (hours !== undefined && hours > 23) return `${parsing}: hour out of range`;
  if (minutes !== undefined && minutes > 59) return `${parsing}: minute out of range`;
  if (seconds !== undefined && seconds > 59) return `${parsing}: second out of range`;
  return undefined;
}

function wrongType(value: unknown): ScalarRead {
  const found = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  return {
    problem: { kind: "type", found: found === "bigint" ? "number" : found, isFinal: false },
  };
}

function wrongNumber(value: number | bigint): ScalarRead {
  const isWhole = typeof value === "bigint" || (Number.isInteger(value) && Math.abs(value) < 1e21);
  const text = isWhole ? BigInt(value).toString() : String(value);
  return { problem: { kind: "type", found: `number ${text}`, isFinal: false } };
}

/** Types with a decoder of their own end the decoding. */
function asFinal(read: ScalarRead): ScalarRead {
  return "problem" in read ? { problem: { ...read.problem, isFinal: true } } : read;
}
