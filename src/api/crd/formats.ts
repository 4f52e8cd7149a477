// Named formats of strings that a schema may ask for. Source: kube-openapi pkg/validation/strfmt and
// apiextensions-apiserver pkg/apiserver/validation/formats.go, kubernetes v1.34.
import { parseTime } from "../../base/time.ts";
import { parseGoDuration } from "../cel/duration.ts";
import { isRange, parseAddress } from "../validation/addresses.ts";
import { byteLength, dnsLabel, dnsSubdomain } from "../validation/texts.ts";

type FormatTest = (text: string) => boolean;

const uuid = (version: string, variant = "[0-9a-f]") =>
  new RegExp(
    `^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}$`,
    "i",
  );
const anyUuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

function matches(pattern: RegExp): FormatTest {
  return (text) => pattern.test(text);
}

/** Formats that are checked; others are ignored, with a warning when the definition is made. */
const tests: Readonly<Record<string, FormatTest>> = {
  bsonobjectid: matches(/^[0-9a-f]{24}$/i),
  uri: isUri,
  email: matches(/^[^\s@<>"(),:;]+@[^\s@<>"(),:;]+$/),
  hostname: isHostname,
  ipv4: (text) => !text.includes(":") && parseAddress(text) !== undefined,
  ipv6: (text) => text.includes(":") && parseAddress(text) !== undefined,
  cidr: isRange,
  mac: matches(
    /^(?:[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4})$/i,
  ),
  uuid: matches(anyUuid),
  uuid3: matches(uuid("3")),
  uuid4: matches(uuid("4", "[89ab]")),
  uuid5: matches(uuid("5", "[89ab]")),
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  creditcard: isCreditCard,
  ssn: matches(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/),
  hexcolor: matches(/^#?(?:[0-9a-f]{3}|[0-9a-f]{6})$/i),
  rgbcolor: isRgbColor,
  byte: matches(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/),
  password: () => true,
  date: (text) => parseTime(`${text}T00:00:00Z`) !== undefined,
  duration: (text) => parseFormatDuration(text) !== undefined,
  datetime: isDateTime,
  "date-time": isDateTime,
  "k8s-short-name": (text) => dnsLabel(text).length === 0,
  "k8s-long-name": (text) => dnsSubdomain(text).length === 0,
};
const numeric = new Set(["int32", "int64", "float", "double"]);

export function isSupportedFormat(format: string): boolean {
  return format in tests || numeric.has(format);
}

/** Whether a text is of a format; true for formats that are not checked. */
export function hasFormat(text: string, format: string): boolean {
  return tests[format]?.(text) ?? true;
}

/** A duration in nanoseconds: Go's notation, or a number with a unit as in "3 days". */
export function parseFormatDuration(text: string): bigint | undefined {
  const nanos = parseGoDuration(text);
  if (nanos !== undefined) return nanos;
  let total: bigint | undefined;
  for (const [, amount = "", unit = ""] of text.matchAll(/(\d+)\s*([A-Za-zµ]+)/g)) {
    const scale = longUnits.find(([names]) => names.includes(unit))?.[1];
    if (scale === undefined) return undefined;
    total = (total ?? 0n) + BigInt(amount) * scale;
  }
  return total;
}

const second = 1_000_000_000n;
const longUnits: readonly (readonly [readonly string[], bigint])[] = [
  [["nanosecond", "ns", "nano", "nanos"], 1n],
  [["microsecond", "us", "µs", "micro", "micros"], 1_000n],
  [["millisecond", "ms", "milli", "millis"], 1_000_000n],
  [["s", "second", "sec", "secs", "seconds"], second],
  [["m", "minute", "min", "mins", "minutes"], 60n * second],
  [["h", "hour", "hr", "hrs", "hours"], 3600n * second],
  [["d", "day", "days"], 86_400n * second],
  [["w", "wk", "week", "weeks"], 7n * 86_400n * second],
];

function isDateTime(text: string): boolean {
  return parseTime(text.replace(/^(\d{4}-\d\d-\d\d)$/, "$1T00:00:00Z")) !== undefined;
}

function isUri(text: string): boolean {
  return /^(?:[A-Za-z][A-Za-z0-9+.-]*:|\/)\S*$/.test(text);
}

function isHostname(text: string): boolean {
  return (
    byteLength(text) <= 255 &&
    text.split(".").every((label) => /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(label))
  );
}

function isRgbColor(text: string): boolean {
  const parts = /^rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)$/.exec(text);
  return parts?.slice(1).every((part) => Number(part) <= 255) ?? false;
}

function isIsbn10(text: string): boolean {
  const digits = text.replace(/[\s-]/g, "");
  if (!/^\d{9}[\dX]$/.test(digits)) return false;
  const sum = [...digits].reduce(
    (total, digit, i) => total + (i + 1) * (digit === "X" ? 10 : Number(digit)),
    0,
  );
  return sum % 11 === 0;
}

function isIsbn13(text: string): boolean {
  const digits = text.replace(/[\s-]/g, "");
  if (!/^\d{13}$/.test(digits)) return false;
  const sum = [...digits].reduce((total, digit, i) => total + Number(digit) * (i % 2 ? 3 : 1), 0);
  return sum % 10 === 0;
}

/** Luhn's sum. */
function isCreditCard(text: string): boolean {
  const digits = text.replace(/\D/g, "");
  if (digits.length < 13 || digits.length > 19) return false;
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
