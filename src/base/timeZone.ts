// Time zones, by the data that the platform has: what a place's clock shows at an instant, and when it
// shows a time.
import {
  type CivilTime,
  civilTime,
  formatTime,
  type Instant,
  instantOf,
  type Millis,
  minute,
  second,
  weekdayOf,
} from "./time.ts";

const formats = new Map<string, Intl.DateTimeFormat>();

export class TimeZone {
  static readonly utc = new TimeZone("UTC");

  private constructor(private readonly name: string) {}

  /** Undefined for a name that the platform doesn't know. */
  static of(name: string): TimeZone | undefined {
    if (name === "" || name === "UTC") return TimeZone.utc;
    try {
      if (!formats.has(name))
        formats.set(
          name,
          new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset" }),
        );
      return new TimeZone(name);
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  /** How far the zone is ahead of UTC. */
  offset(at: Instant): Millis {
    const parts = formats.get(this.name)?.formatToParts(at) ?? [];
    const text = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
    const match = /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(text);
    if (!match) return 0;
    const [, sign, hours = 0, minutes = 0, seconds = 0] = match;
    const size = (Number(hours) * 60 + Number(minutes)) * minute + Number(seconds) * second;
    return sign === "-" ? -size : size;
  }

  civilTime(at: Instant): CivilTime {
    return civilTime(at + this.offset(at));
  }

  /** 0 is Sunday. */
  weekday(at: Instant): number {
    return weekdayOf(at + this.offset(at));
  }

  /** When the clock shows a time; a time that it skips is taken as Go's time.Date takes it. */
  instantOf(time: CivilTime): Instant {
    const local = instantOf(time);
    return local - this.offset(local - this.offset(local));
  }

  /** RFC 3339 with the zone's offset: "2026-01-31T18:00:00+09:00". */
  format(at: Instant): string {
    const offset = this.offset(at);
    if (offset === 0) return formatTime(at);
    const minutes = Math.floor(Math.abs(offset) / minute);
    const [hours, rest] = [Math.floor(minutes / 60), minutes % 60].map((part) =>
      String(part).padStart(2, "0"),
    );
    const local = formatTime(at + offset).slice(0, -1);
    return `${local}${offset < 0 ? "-" : "+"}${hours}:${rest}`;
  }
}
