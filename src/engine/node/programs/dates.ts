// Dates as `date` prints and reads them. Containers keep UTC, as their images do.
import {
  day,
  formatTime,
  hour,
  type Instant,
  type Millis,
  minute,
  parseTime,
  second,
} from "../../../base/time.ts";

const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** strftime(3) in the C locale. */
export function formatDate(at: Instant, format: string): string {
  const parts = partsOf(at);
  return format.replace(
    /%([-_0^#]?)(\d*)(::?z|[a-zA-Z%+])/g,
    (whole, flag: string, width: string, letter: string) => {
      const formatted = conversions[letter]?.(parts);
      if (formatted === undefined) return whole;
      if (flag === "-") return formatted.replace(/^[0 ]+(?=.)/, "");
      if (flag === "_") return formatted.replace(/^0+(?=.)/, (zeros) => " ".repeat(zeros.length));
      if (flag === "^") return formatted.toUpperCase();
      return letter === "N" && width !== "" ? formatted.slice(0, Number(width)) : formatted;
    },
  );
}

interface DateParts {
  readonly at: Instant;
  readonly year: number;
  readonly month: number;
  readonly date: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly weekday: number;
  /** From 0. */
  readonly dayOfYear: number;
}

function partsOf(at: Instant): DateParts {
  const [year = 0, month = 1, date = 1, hours = 0, minutes = 0, seconds = 0] = (
    formatTime(at).match(/\d+/g) ?? []
  ).map(Number);
  const yearStart = parseTime(`${String(year).padStart(4, "0")}-01-01T00:00:00Z`) ?? 0;
  const weekday = (((Math.floor(at / day) + 4) % 7) + 7) % 7;
  const dayOfYear = Math.floor((at - yearStart) / day);
  return { at, year, month, date, hours, minutes, seconds, weekday, dayOfYear };
}

const two = (value: number) => String(value).padStart(2, "0");

const conversions: Readonly<Record<string, (parts: DateParts) => string>> = {
  "%": () => "%",
  a: ({ weekday }) => days[weekday]?.slice(0, 3) ?? "",
  A: ({ weekday }) => days[weekday] ?? "",
  b: ({ month }) => months[month - 1]?.slice(0, 3) ?? "",
  h: ({ month }) => months[month - 1]?.slice(0, 3) ?? "",
  B: ({ month }) => months[month - 1] ?? "",
  c: ({ at }) => formatDate(at, "%a %b %e %H:%M:%S %Y"),
  C: ({ year }) => two(Math.floor(year / 100)),
  d: ({ date }) => two(date),
  D: ({ at }) => formatDate(at, "%m/%d/%y"),
  e: ({ date }) => String(date).padStart(2),
  F: ({ at }) => formatDate(at, "%Y-%m-%d"),
  H: ({ hours }) => two(hours),
  I: ({ hours }) => two(hours % 12 || 12),
  j: ({ dayOfYear }) => String(dayOfYear + 1).padStart(3, "0"),
  k: ({ hours }) => String(hours).padStart(2),
  l: ({ hours }) => String(hours % 12 || 12).padStart(2),
  m: ({ month }) => two(month),
  M: ({ minutes }) => two(minutes),
  n: () => "\n",
  N: ({ at }) => `${String(((at % second) + second) % second).padStart(3, "0")}000000`,
  p: ({ hours }) => (hours < 12 ? "AM" : "PM"),
  P: ({ hours }) => (hours < 12 ? "am" : "pm"),
  r: ({ at }) => formatDate(at, "%I:%M:%S %p"),
  R: ({ at }) => formatDate(at, "%H:%M"),
  s: ({ at }) => String(Math.floor(at / second)),
  S: ({ seconds }) => two(seconds),
  t: () => "\t",
  T: ({ at }) => formatDate(at, "%H:%M:%S"),
  u: ({ weekday }) => String(weekday || 7),
  U: ({ dayOfYear, weekday }) => two(Math.floor((dayOfYear + 7 - weekday) / 7)),
  w: ({ weekday }) => String(weekday),
  x: ({ at }) => formatDate(at, "%m/%d/%y"),
  X: ({ at }) => formatDate(at, "%H:%M:%S"),
  y: ({ year }) => two(year % 100),
  Y: ({ year }) => String(year),
  z: () => "+0000",
  ":z": () => "+00:00",
  Z: () => "UTC",
};

const spans: Readonly<Record<string, Millis>> = {
  second,
  sec: second,
  minute,
  min: minute,
  hour,
  day,
  week: 7 * day,
};

/** "@1700000000", "2025-01-31 12:00:00", RFC 3339, "now", "10 minutes ago"; undefined for the rest. */
export function parseDate(text: string, now: Instant): Instant | undefined {
  const trimmed = text.trim();
  if (/^@-?\d+$/.test(trimmed)) return Number(trimmed.slice(1)) * second;
  if (trimmed === "" || trimmed === "now" || trimmed === "today") return now;
  const whole = parseTime(trimmed);
  if (whole !== undefined) return whole;
  const [, date, time = "00:00", seconds = ":00"] =
    /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(:\d\d)?)?(?:Z| UTC)?$/.exec(trimmed) ?? [];
  if (date !== undefined) return parseTime(`${date}T${time}${seconds}Z`);
  const relative = /^([-+]?\d+)\s*([a-z]+?)s?(\s+ago)?$/i.exec(trimmed);
  const span = spans[relative?.[2]?.toLowerCase() ?? ""];
  if (!relative || span === undefined) return undefined;
  return now + Number(relative[1]) * span * (relative[3] === undefined ? 1 : -1);
}
