// Instants and spans of the cluster's time, and their texts. Nothing here reads a clock.

/** Milliseconds since 1970-01-01T00:00:00Z on the cluster's clock. An integer. */
export type Instant = number;
/** A span in milliseconds. An integer unless said otherwise. */
export type Millis = number;

export const second: Millis = 1_000;
export const minute: Millis = 60 * second;
export const hour: Millis = 60 * minute;
export const day: Millis = 24 * hour;

const daysBeforeEpoch = 719_468;

/** meta/v1 Time: RFC 3339 in UTC with whole seconds, e.g. "2026-01-31T09:00:00Z". */
export function formatTime(at: Instant): string {
  return `${calendar(at).slice(0, 19)}Z`;
}

/** meta/v1 MicroTime: RFC 3339 in UTC with six digits of fraction. */
export function formatMicroTime(at: Instant): string {
  return `${calendar(at)}000Z`;
}

/** Wall-clock time of day, "09:00:00". */
export function formatTimeOfDay(at: Instant): string {
  return calendar(at).slice(11, 19);
}

/** Reads an RFC 3339 text; undefined if it is not one. */
export function parseTime(text: string): Instant | undefined {
  const match =
    /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d+)?([Zz]|([+-])(\d\d):(\d\d))$/.exec(text);
  if (!match) return undefined;
  const [year, month, date, hours, minutes, seconds] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || date < 1 || date > daysIn(year, month)) return undefined;
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const fraction = Math.floor(Number(match[7] ?? 0) * second);
  const offset = (Number(match[10] ?? 0) * 60 + Number(match[11] ?? 0)) * minute;
  const local =
    daysSinceEpoch(year, month, date) * day + hours * hour + minutes * minute + seconds * second;
  return local + fraction - (match[9] === "-" ? -offset : offset);
}

/** Age as kubectl prints it: "45s", "5m12s", "3h", "2d4h". Source: duration.HumanDuration, 1.34. */
export function humanDuration(span: Millis): string {
  const seconds = Math.floor(span / second);
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 60 * 2) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return withRest(minutes, "m", seconds % 60, "s");
  if (minutes < 60 * 3) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return withRest(hours, "h", minutes % 60, "m");
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 24 * 8) return withRest(days, "d", hours % 24, "h");
  if (hours < 24 * 365 * 2) return `${days}d`;
  const years = Math.floor(days / 365);
  return hours < 24 * 365 * 8 ? withRest(years, "y", days % 365, "d") : `${years}y`;
}

function withRest(whole: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${whole}${unit}` : `${whole}${unit}${rest}${restUnit}`;
}

/** A date and a time of day, without a zone. */
export interface CivilTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly date: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

/** What calendar and clock show in UTC (Howard Hinnant's civil_from_days). */
export function civilTime(at: Instant): CivilTime {
  const days = Math.floor(at / day);
  const rest = at - days * day;
  const shifted = days + daysBeforeEpoch;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthIndex = Math.floor((5 * dayOfYear + 2) / 153);
  const date = dayOfYear - Math.floor((153 * monthIndex + 2) / 5) + 1;
  const month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return {
    year,
    month,
    date,
    hours: Math.floor(rest / hour),
    minutes: Math.floor(rest / minute) % 60,
    seconds: Math.floor(rest / second) % 60,
  };
}

/** The instant at which UTC shows a time; a 13th month or a 32nd day is one of the next. */
export function instantOf({ year, month, date, hours, minutes, seconds }: CivilTime): Instant {
  const years = year + Math.floor((month - 1) / 12);
  const days = daysSinceEpoch(years, ((((month - 1) % 12) + 12) % 12) + 1, 1) + date - 1;
  return days * day + hours * hour + minutes * minute + seconds * second;
}

/** 0 is Sunday, in UTC. */
export function weekdayOf(at: Instant): number {
  return (((Math.floor(at / day) + 4) % 7) + 7) % 7;
}

/** "2026-01-31T09:00:00.123". */
function calendar(at: Instant): string {
  const { year, month, date, hours, minutes, seconds } = civilTime(at);
  const clock = [hours, minutes, seconds].map((part) => pad(part)).join(":");
  const millis = at - Math.floor(at / second) * second;
  return `${pad(year, 4)}-${pad(month)}-${pad(date)}T${clock}.${pad(millis, 3)}`;
}

function daysSinceEpoch(year: number, month: number, date: number): number {
  const shiftedYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + date - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - daysBeforeEpoch;
}

function daysIn(year: number, month: number): number {
  return (
    daysSinceEpoch(month === 12 ? year + 1 : year, (month % 12) + 1, 1) -
    daysSinceEpoch(year, month, 1)
  );
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, "0");
}
