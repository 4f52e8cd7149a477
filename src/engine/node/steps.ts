// Work that takes time, written top to bottom: a generator yields what it waits for, and goes on when
// the clock or someone else says so. Nothing runs between two steps but other tasks of the clock.
import { type Disposable, disposable } from "../../base/disposable.ts";
import type { Millis } from "../../base/time.ts";
import type { Clock } from "../clock.ts";

/** What a step waits for. */
export type Wait =
  | { readonly delay: Millis; readonly why: string }
  /** Calls `resume` once it is time to go on; disposed if the work is given up before. */
  | { readonly until: (resume: () => void) => Disposable };

export type Steps<Result = void> = Generator<Wait, Result, void>;

export function pause(delay: Millis, why: string): Wait {
  return { delay, why };
}

/**
 * Runs `steps` up to their first wait at once and the rest as clock tasks.
 * @returns dispose to give the work up; its `finally` blocks run then, `done` does not
 */
export function runSteps<Result>(
  clock: Clock,
  steps: Steps<Result>,
  done: (result: Result) => void,
): Disposable {
  let waiting: Disposable | undefined;
  let over = false;
  let isStepping = false;
  const giveUp = (): void => {
    steps.return(undefined as Result);
  };
  const advance = (): void => {
    // Whatever else would have ended the wait has nothing to say any more.
    waiting?.dispose();
    waiting = undefined;
    if (over) return;
    isStepping = true;
    const { value, done: finished } = steps.next();
    isStepping = false;
    // Whoever gives itself up does so once it waits.
    if (over) {
      giveUp();
      return;
    }
    if (finished) {
      over = true;
      done(value);
    } else waiting = start(clock, value, advance);
  };
  advance();
  return disposable(() => {
    if (over) return;
    over = true;
    waiting?.dispose();
    if (!isStepping) giveUp();
  });
}

/** Several works side by side, as one: it is over when the last of them is. */
export function* together(clock: Clock, works: readonly Steps[]): Steps {
  if (works.length === 0) return;
  yield {
    until: (resume) => {
      let left = works.length;
      const running = works.map((work) =>
        runSteps(clock, work, () => {
          if (--left === 0) resume();
        }),
      );
      return disposable(() => {
        for (const one of running) one.dispose();
      });
    },
  };
}

/** A wait may be over before it has begun; then it goes on in the next task of this instant. */
function start(clock: Clock, wait: Wait, resume: () => void): Disposable {
  if ("delay" in wait) return clock.after(wait.delay, wait.why, resume);
  let began = false;
  let early: Disposable | undefined;
  const waiting = wait.until(() => {
    if (began) resume();
    else early = clock.after(0, "go on", resume);
  });
  began = true;
  return disposable(() => {
    early?.dispose();
    waiting.dispose();
  });
}
