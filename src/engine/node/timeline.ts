// The course of a program as a sequence of things that happen, lazily: a loop may go on for ever.
import type { Millis } from "../../base/time.ts";
import type { LogLine, ProgramExit, Server } from "./program.ts";
import type { Usage } from "./usage.ts";

export type Happening =
  /** Time passes. */
  | { readonly type: "sleep"; readonly span: Millis }
  | { readonly type: "line"; readonly text: string }
  | { readonly type: "file"; readonly path: string; readonly isPresent: boolean }
  /** From now on it uses so much of its machine. */
  | { readonly type: "use"; readonly usage: Usage }
  /** From now on it serves, and never returns. */
  | { readonly type: "serve"; readonly server: Server }
  | { readonly type: "exit"; readonly exitCode: number; readonly reason?: string };

export type Timeline = Iterable<Happening>;

/** Where a program stands after part of its course. */
export interface Course {
  readonly now: Millis;
  readonly lines: readonly LogLine[];
  readonly files: ReadonlySet<string>;
  readonly server?: Server;
  readonly servingSince?: Millis;
  readonly exit?: ProgramExit;
  /** What it was last said to use. */
  readonly usage?: Usage;
  /** More happens than the replay was willing to look at. */
  readonly isCutOff?: true;
}

/**
 * Runs through `timeline` up to and including `until`, and at most `steps` happenings: what lasts
 * longer counts as endless.
 */
export function replay(
  timeline: Timeline,
  { steps, until = Number.POSITIVE_INFINITY }: { steps: number; until?: Millis },
): Course {
  const lines: LogLine[] = [];
  const files = new Set<string>();
  let now = 0;
  let left = steps;
  let usage: { readonly usage?: Usage } = {};
  for (const happening of timeline) {
    if (left-- === 0) return { now, lines, files, ...usage, isCutOff: true };
    switch (happening.type) {
      case "sleep":
        now += happening.span;
        if (now > until || now === Number.POSITIVE_INFINITY)
          return { now: until, lines, files, ...usage };
        break;
      case "line":
        lines.push({ at: now, text: happening.text });
        break;
      case "file":
        if (happening.isPresent) files.add(happening.path);
        else files.delete(happening.path);
        break;
      case "use":
        usage = { usage: happening.usage };
        break;
      case "serve":
        return { now, lines, files, ...usage, server: happening.server, servingSince: now };
      case "exit": {
        const { exitCode, reason } = happening;
        const exit = { after: now, exitCode, ...(reason === undefined ? {} : { reason }) };
        return { now, lines, files, exit };
      }
    }
  }
  return { now, lines, files, ...usage };
}
