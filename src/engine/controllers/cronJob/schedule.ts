// When a cron schedule is due next. Source: robfig/cron v3 SpecSchedule.Next, ConstantDelaySchedule and
// ParseStandard, of which the days of DST are a part.
import { scheduleError } from "../../../api/kinds/cronJob/schedule.ts";
import {
  type CivilTime,
  hour,
  type Instant,
  type Millis,
  minute,
  second,
} from "../../../base/time.ts";
import { TimeZone } from "../../../base/timeZone.ts";
import { parseGoDuration } from "./goDuration.ts";

export interface CronSchedule {
  /** The first time after an instant; `never` if there is none within five years. */
  next(after: Instant): Instant;
}

/** Go's zero time: year 1. */
export const never: Instant = -62_135_596_800_000;

const fiveYears = 5;
const descriptors: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};
const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const weekdays = "sun mon tue wed thu fri sat".split(" ");

/** Reads a schedule, or says what is wrong with it. A zone in the text outweighs `zone`. */
export function parseSchedule(text: string, zone: TimeZone): CronSchedule | { error: string } {
  const error = scheduleError(text);
  if (error !== undefined) return { error };
  const [, name, rest = text] = /^(?:TZ|CRON_TZ)=(\S*)\s+(.*)$/s.exec(text) ?? [];
  const own = name === undefined ? zone : TimeZone.of(name);
  if (!own) return { error: `provided bad location ${name}: unknown time zone ${name}` };
  const spec = rest.trim();
  if (spec.startsWith("@every ")) return every(parseGoDuration(spec.slice("@every ".length)));
  return new SpecSchedule(descriptors[spec] ?? spec, own);
}

/** Whole seconds, one at least, from whenever it is asked. */
function every(delay: Millis): CronSchedule {
  const whole = Math.max(second, Math.floor(delay / second) * second);
  return { next: (after) => Math.floor(after / second) * second + whole };
}

interface Field {
  readonly values: ReadonlySet<number>;
  readonly isStar: boolean;
}

class SpecSchedule implements CronSchedule {
  private readonly minutes: Field;
  private readonly hours: Field;
  private readonly dates: Field;
  private readonly months: Field;
  private readonly weekdays: Field;

  constructor(
    spec: string,
    private readonly zone: TimeZone,
  ) {
    const [minutes = "", hours = "", dates = "", monthNames = "", days = ""] = spec.split(/\s+/);
    this.minutes = parseField(minutes, 0, 59, []);
    this.hours = parseField(hours, 0, 23, []);
    this.dates = parseField(dates, 1, 31, []);
    this.months = parseField(monthNames, 1, 12, months);
    this.weekdays = parseField(days, 0, 6, weekdays);
  }

  next(after: Instant): Instant {
    const search = new Search(this.zone, Math.floor(after / second) * second + second);
    const lastYear = search.time.year + fiveYears;
    while (search.time.year <= lastYear) if (this.tryYear(search)) return search.at;
    return never;
  }

  /** Moves on to the next time that fits; false once a larger unit began anew on the way. */
  private tryYear(search: Search): boolean {
    return (
      search.until(
        ({ month }) => this.months.values.has(month),
        (time) => ({ ...time, date: 1, hours: 0, minutes: 0, seconds: 0 }),
        () => search.addMonth(),
        ({ month }) => month === 1,
      ) &&
      search.until(
        (time) => this.isDay(time, search),
        (time) => ({ ...time, hours: 0, minutes: 0, seconds: 0 }),
        () => search.addDay(),
        ({ date }) => date === 1,
      ) &&
      search.until(
        ({ hours }) => this.hours.values.has(hours),
        (time) => ({ ...time, minutes: 0, seconds: 0 }),
        () => search.add(hour),
        ({ hours }) => hours === 0,
      ) &&
      search.until(
        ({ minutes }) => this.minutes.values.has(minutes),
        (time) => ({ ...time, seconds: 0 }),
        () => search.add(minute),
        ({ minutes }) => minutes === 0,
      ) &&
      search.until(
        ({ seconds }) => seconds === 0,
        (time) => time,
        () => search.add(second),
        ({ seconds }) => seconds === 0,
      )
    );
  }

  /** Restricted both by date and by weekday, a day needs to fit only one. */
  private isDay({ date }: CivilTime, { weekday }: Search): boolean {
    const [byDate, byWeekday] = [this.dates.values.has(date), this.weekdays.values.has(weekday)];
    return this.dates.isStar || this.weekdays.isStar ? byDate && byWeekday : byDate || byWeekday;
  }
}

/** A time on its way forward. Once a unit was advanced, all smaller ones begin at 0. */
class Search {
  private hasAdvanced = false;

  constructor(
    private readonly zone: TimeZone,
    public at: Instant,
  ) {}

  get time(): CivilTime {
    return this.zone.civilTime(this.at);
  }

  get weekday(): number {
    return this.zone.weekday(this.at);
  }

  /** @returns false if a step led to where `wraps` says that the search begins anew */
  until(
    fits: (time: CivilTime) => boolean,
    reset: (time: CivilTime) => CivilTime,
    step: () => void,
    wraps: (time: CivilTime) => boolean,
  ): boolean {
    while (!fits(this.time)) {
      if (!this.hasAdvanced) this.at = this.zone.instantOf(reset(this.time));
      this.hasAdvanced = true;
      step();
      if (wraps(this.time)) return false;
    }
    return true;
  }

  add(span: Millis): void {
    this.at += span;
  }

  addMonth(): void {
    const { time } = this;
    this.at = this.zone.instantOf({ ...time, month: time.month + 1 });
  }

  /** Where midnight does not exist the clock shows 23 or 1. */
  addDay(): void {
    const { time } = this;
    this.at = this.zone.instantOf({ ...time, date: time.date + 1 });
    const { hours } = this.time;
    if (hours > 12) this.at += (24 - hours) * hour;
    else this.at -= hours * hour;
  }
}

/** Reads a field that is known to be sound: "1,5-10/2,mon". */
function parseField(text: string, min: number, max: number, names: readonly string[]): Field {
  const values = new Set<number>();
  let isStar = false;
  const numberOf = (word: string): number => {
    const position = names.indexOf(word.toLowerCase());
    return position < 0 ? Number(word) : position + min;
  };
  for (const part of text.split(",").filter((each) => each !== "")) {
    const [range = "", steps] = part.split("/");
    const [low = "", high] = range.split("-");
    const isAll = low === "*" || low === "?";
    const step = Number(steps ?? 1);
    const first = isAll ? min : numberOf(low);
    const last = isAll || (high === undefined && steps !== undefined) ? max : numberOf(high ?? low);
    if (isAll && step === 1) isStar = true;
    for (let value = first; value <= last; value += step) values.add(value);
  }
  return { values, isStar };
}
