// Adds up what a container uses, so that a rate can be told for any span of the last minutes.
import type { Instant } from "../../../base/time.ts";
import type { Usage } from "../usage.ts";

interface Reading {
  readonly at: Instant;
  /** Thousandths of a core times milliseconds, since the start. */
  readonly cpuTime: number;
  readonly now: Usage;
}

/** Changes that come sooner after each other become one reading. */
const resolutionMs = 1_000;
/** More than two scrapes of metrics-server. */
const keptMs = 90_000;

export class UsageMeter {
  private readings: Reading[];
  private last: Reading;

  constructor(startedAt: Instant, now: Usage) {
    this.last = { at: startedAt, cpuTime: 0, now };
    this.readings = [this.last];
  }

  /** From `at` on it uses `now`. */
  change(at: Instant, now: Usage): void {
    if (now.cpuMillis === this.last.now.cpuMillis && now.memoryBytes === this.last.now.memoryBytes)
      return;
    const reading = { at, cpuTime: cpuTimeAt(this.last, at), now };
    const before = this.readings.at(-2);
    if (before && at - before.at < resolutionMs) this.readings.pop();
    this.readings.push(reading);
    this.last = reading;
    const oldest = this.readings.findLastIndex((each) => each.at < at - keptMs);
    if (oldest > 0) this.readings = this.readings.slice(oldest);
  }

  /** The mean rate of cpu between two instants, and the memory at the second; undefined before the start. */
  between(from: Instant, to: Instant): Usage | undefined {
    const [first] = this.readings;
    if (!first || from < first.at || to <= from) return undefined;
    const end = this.readingAt(to);
    const cpuTime = cpuTimeAt(end, to) - cpuTimeAt(this.readingAt(from), from);
    return { cpuMillis: cpuTime / (to - from), memoryBytes: end.now.memoryBytes };
  }

  private readingAt(at: Instant): Reading {
    return this.readings.findLast((each) => each.at <= at) ?? this.last;
  }
}

function cpuTimeAt({ at, cpuTime, now }: Reading, instant: Instant): number {
  return cpuTime + now.cpuMillis * (instant - at);
}
