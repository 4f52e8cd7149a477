// The course of a program as a sequence of things that happen, lazily: a loop may go on for ever.
import type { Millis } from "../../base/time.ts";
import type { LogLine, ProgramExit, Server } from "./program.ts";

export type Happening =
  /** Time passes. */
  | { readonly type: "sleep"; readonly span: Millis }
  | { readonly type: "line"; readonly text: string }
  | { readonly type: "file"; readonly path: string; readonly isPresent: boolean }
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
  for (const happening of timeline) {
    if (left-- === 0) break;
    switch (happening.type) {
      case "sleep":
        now += happening.span;
        if (now > until || now === Number.POSITIVE_INFINITY) return { now: until, lines, files };
        break;
      case "line":
        lines.push({ at: now, text: happening.text });
        break;
      case "file":
        if (happening.isPresent) files.add(happening.path);
        else files.delete(happening.path);
        break;
      case "serve":
        return { now, lines, files, server: happening.server, servingSince: now };
      case "exit": {
        const { exitCode, reason } = happening;
        const exit = { after: now, exitCode, ...(reason === undefined ? {} : { reason }) };
        return { now, lines, files, exit };
      }
    }
  }
  return { now, lines, files };
}
