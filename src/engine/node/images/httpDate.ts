// Dates as HTTP servers and their logs write them, in UTC.
import { civilTime, type Instant, weekdayOf } from "../../../base/time.ts";

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const weekdays = "Sun Mon Tue Wed Thu Fri Sat".split(" ");

/** "Thu, 01 Jan 2026 00:00:05 GMT". */
export function httpDate(at: Instant): string {
  const { year, month, date } = civilTime(at);
  return `${weekdays[weekdayOf(at)]}, ${two(date)} ${months[month - 1]} ${year} ${timeOf(at)} GMT`;
}

/** "01/Jan/2026:00:00:05 +0000". */
export function logDate(at: Instant): string {
  const { year, month, date } = civilTime(at);
  return `${two(date)}/${months[month - 1]}/${year}:${timeOf(at)} +0000`;
}

/** "2026/01/01 00:00:05". */
export function slashedDate(at: Instant): string {
  const { year, month, date } = civilTime(at);
  return `${year}/${two(month)}/${two(date)} ${timeOf(at)}`;
}

export function monthName(month: number): string {
  return months[month - 1] ?? "";
}

export function weekdayName(at: Instant): string {
  return weekdays[weekdayOf(at)] ?? "";
}

export function timeOf(at: Instant): string {
  const { hours, minutes, seconds } = civilTime(at);
  return [hours, minutes, seconds].map(two).join(":");
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** "01 Jan 2026 00:00:05.123". */
export function logClock(at: Instant): string {
  const { year, month, date } = civilTime(at);
  const millis = String(at % 1_000).padStart(3, "0");
  return `${two(date)} ${months[month - 1]} ${year} ${timeOf(at)}.${millis}`;
}
