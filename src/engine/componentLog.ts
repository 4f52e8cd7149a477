// What a component's process writes, as klog writes it.
// Source: k8s.io/klog/v2 klog.go formatHeader, 1.34.
import { Emitter, type Event } from "../base/emitter.ts";
import { type CivilTime, civilTime, type Instant } from "../base/time.ts";
import type { Clock } from "./clock.ts";

export interface LogLine {
  readonly at: Instant;
  readonly text: string;
}

export type Severity = "I" | "W" | "E" | "F";

/** Lines that are kept. */
const mostLines = 1_000;

export class ComponentLog {
  private readonly kept: LogLine[] = [];

  private readonly written = new Emitter<LogLine>();
  /** Each line as it is written, for the container that the process runs in. */
  readonly onLine: Event<LogLine> = this.written.event;

  constructor(private readonly clock: Clock) {}

  /** The newest lines, oldest first. */
  get lines(): readonly LogLine[] {
    return this.kept;
  }

  /** @param source where in the component's code, e.g. "server.go:167" */
  klog(severity: Severity, source: string, message: string): void {
    const at = this.clock.now();
    this.write(`${severity}${stamp(civilTime(at), at)}       1 ${source}] ${message}`);
  }

  write(text: string): void {
    const line = { at: this.clock.now(), text };
    if (this.kept.push(line) > mostLines) this.kept.shift();
    this.written.fire(line);
  }
}

function stamp({ month, date, hours, minutes, seconds }: CivilTime, at: Instant): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  const micros = String(Math.floor(at % 1_000) * 1_000).padStart(6, "0");
  return `${two(month)}${two(date)} ${two(hours)}:${two(minutes)}:${two(seconds)}.${micros}`;
}
