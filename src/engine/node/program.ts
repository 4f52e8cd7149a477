// What runs in a container, as far as a cluster can see it: when it ends, what it writes, which ports
// it serves. All times are since its start. Today programs are worked out in advance from an image's
// behaviour or a small shell; one that runs at the edge can stand behind the same interface and report
// its end to the runtime.
import type { Millis } from "../../base/time.ts";
import { busy, waiting } from "./idleUsage.ts";
import { type Course, replay, type Timeline } from "./timeline.ts";
import type { Usage } from "./usage.ts";

export interface Program {
  /** How it ends by itself; absent if it runs until it is stopped. */
  readonly exit?: ProgramExit;
  /** What the image's stop signal does to it; absent if it pays no heed, as a PID 1 without a handler. */
  readonly onStop?: StopReaction;
  /** A shell that takes its script from the container's input: it runs until it is told to exit. */
  readonly readsScript?: true;
  /** Its process runs from now on; `exit` is how it ends by itself. For what goes on outside of it. */
  started?(exit: (exitCode: number) => void): void;
  /** Its process is gone. */
  stopped?(): void;
  serves(port: number, at: Millis): boolean;
  /** The HTTP status of a GET; undefined if nobody answers HTTP there. */
  httpStatus(port: number, path: string, at: Millis): number | undefined;
  /** From when on nothing about it changes any more; absent if that is not known. */
  readonly settledAt?: Millis;
  /** Runs a command beside it, in its file system. */
  exec(command: readonly string[], at: Millis): ExecResult;
  /** How much it takes at that time, were it not for limits. */
  usage(at: Millis): Usage;
  /** What it has written by then, oldest first, at most the newest `most` lines. */
  logs(until: Millis, most: number): readonly LogLine[];
}

export interface ProgramExit {
  readonly after: Millis;
  readonly exitCode: number;
  /** "OOMKilled", if it was not the program's own decision. */
  readonly reason?: string;
}

export interface StopReaction {
  readonly after: Millis;
  readonly exitCode: number;
}

export interface LogLine {
  readonly at: Millis;
  readonly text: string;
}

export interface ExecResult {
  readonly exitCode: number;
  readonly output: string;
}

/** A server: what a program does once it listens. */
export interface Server {
  /** "any" for images that nobody knows. */
  readonly ports: readonly number[] | "any";
  readonly isHttp: boolean;
  /** The status of a path at a time; 200 if absent. */
  status?(path: string, since: Millis): number;
  readonly onStop?: StopReaction;
  /** What it takes while nobody asks it anything. */
  readonly idle?: Usage;
}

/** How a command beside the program ends, given the files at that moment and whether it serves. */
export type ExecRule = (
  command: readonly string[],
  state: { readonly files: ReadonlySet<string>; readonly isServing: boolean },
) => ExecResult;

/** Steps that a replay runs through in search of a program's end. */
const longestReplay = 5_000;
/** The same where someone asks for its output. */
const longestLog = 200_000;

/** A program whose course is known in advance. `timeline` starts anew at each call. */
export function timelineProgram(
  timeline: () => Timeline,
  execRule: ExecRule,
  onStop?: StopReaction,
): Program {
  const end = replay(timeline(), { steps: longestReplay });
  const at = (until: Millis) => replay(timeline(), { steps: longestReplay, until });
  const settled = end.server && end.exit === undefined ? end : undefined;
  const steady = end.isCutOff ? end : settled;
  const serverAt = (time: Millis) => {
    const state = settled && time >= settled.now ? settled : at(time);
    return state.server && state.exit === undefined ? state : undefined;
  };
  const reaction = onStop ?? end.server?.onStop;
  return {
    ...(end.exit ? { exit: end.exit } : {}),
    ...(reaction ? { onStop: reaction } : {}),
    ...(settled && !settled.server?.status ? { settledAt: settled.now } : {}),
    serves(port, time) {
      const ports = serverAt(time)?.server?.ports;
      return ports === "any" || (ports?.includes(port) ?? false);
    },
    httpStatus(port, path, time) {
      const state = serverAt(time);
      if (!state?.server?.isHttp || !this.serves(port, time)) return undefined;
      return state.server.status?.(path, time - (state.servingSince ?? 0)) ?? 200;
    },
    exec(command, time) {
      const { files, server } = at(time);
      return execRule(command, { files, isServing: server !== undefined });
    },
    usage: (time) => usageOf(steady && time >= steady.now ? steady : at(time)),
    logs: (until, most) => replay(timeline(), { steps: longestLog, until }).lines.slice(-most),
  };
}

/** A program that rests no longer than a millisecond after each step never rests, in effect. */
function usageOf({ usage, server, isCutOff, now }: Course): Usage {
  if (usage) return usage;
  if (server) return server.idle ?? waiting;
  return isCutOff && now <= longestReplay ? busy : waiting;
}
