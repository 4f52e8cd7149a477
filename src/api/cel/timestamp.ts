// Points in time, in nanoseconds, as texts and by their parts in a time zone.
import { formatTime, parseTime } from "../../base/time.ts";
import { CelError } from "./value.ts";

const second = 1_000_000_000n;
const earliest = -62_135_596_800n * second;
const latest = 253_402_300_799n * second + (second - 1n);

/** Reads RFC 3339 with up to nine digits of fraction; undefined if the text is none. */
export function parseTimestamp(text: string): bigint | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (!match) return undefined;
  const [, whole = "", fraction = "", zone = ""] = match;
  const millis = parseTime(whole + zone);
  if (millis === undefined) return undefined;
  return BigInt(millis) * 1_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, "0"));
}

export function isInRange(nanos: bigint): boolean {
  return nanos >= earliest && nanos <= latest;
}

/** RFC 3339 in UTC with as many digits as it takes. */
export function timestampText(nanos: bigint): string {
  const fraction = String(modulo(nanos, second)).padStart(9, "0").replace(/0+$/, "");
  const whole = formatTime(Number(floorDiv(nanos, 1_000_000n)));
  return fraction === "" ? whole : `${whole.slice(0, -1)}.${fraction}Z`;
}

export interface CalendarParts {
  readonly year: number;
  /** 0 to 11. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly milliseconds: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** 0 to 365. */
  readonly dayOfYear: number;
}

/** The parts of a point in time in a zone: "UTC", "+02:00", "Europe/Berlin". @throws CelError */
export function calendarParts(nanos: bigint, zone = "UTC"): CalendarParts {
  const utc = Number(floorDiv(nanos, 1_000_000n));
  const local = utc + zoneOffsetMillis(utc, zone);
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] =
    /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)/.exec(formatTime(local))?.slice(1).map(Number) ?? [];
  const days = Math.floor(local / 86_400_000);
  const newYear = parseTime(`${String(year).padStart(4, "0")}-01-01T00:00:00Z`) ?? 0;
  return {
    year,
    month: month - 1,
    day,
    hours,
    minutes,
    seconds,
    milliseconds: modulo(utc, 1000),
    weekday: modulo(days + 4, 7),
    dayOfYear: days - newYear / 86_400_000,
  };
}

function zoneOffsetMillis(utc: number, zone: string): number {
  if (zone === "UTC" || zone === "") return 0;
  const fixed = /^([+-]?)(\d\d):(\d\d)$/.exec(zone);
  if (fixed) {
    const minutes = Number(fixed[2]) * 60 + Number(fixed[3]);
    return (fixed[1] === "-" ? -minutes : minutes) * 60_000;
  }
  return namedZoneOffsetMillis(utc, zone);
}

function namedZoneOffsetMillis(utc: number, zone: string): number {
  const options = {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  } as const;
  try {
    const format = new Intl.DateTimeFormat("en-US", options);
    const parts = new Map(format.formatToParts(utc).map(({ type, value }) => [type, value]));
    const [year, month, day] = [parts.get("year"), parts.get("month"), parts.get("day")];
    const clock = `${parts.get("hour")}:${parts.get("minute")}:${parts.get("second")}`;
    const local = parseTime(`${String(year).padStart(4, "0")}-${month}-${day}T${clock}Z`) ?? utc;
    return local - Math.floor(utc / 1000) * 1000;
  } catch (error) {
    if (error instanceof RangeError) throw new CelError(`unknown time zone ${zone}`);
    throw error;
  }
}

function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

function modulo<T extends number | bigint>(a: T, b: T): T {
  const rest = (a as number) % (b as number);
  return (rest < 0 ? rest + (b as number) : rest) as T;
}
