// Work that is given up after a while.
import { disposable } from "../../base/disposable.ts";
import type { Millis } from "../../base/time.ts";
import type { Clock } from "../clock.ts";
import { runSteps, type Steps } from "../node/steps.ts";

/** @returns what the work came to, or "late" if it took longer than `span` */
export function* within<Result>(
  clock: Clock,
  span: Millis,
  work: Steps<Result>,
): Steps<{ readonly value: Result } | "late"> {
  let outcome: { readonly value: Result } | "late" = "late";
  yield {
    until: (resume) => {
      let isOver = false;
      const finish = (): void => {
        if (isOver) return;
        isOver = true;
        timer.dispose();
        running.dispose();
        resume();
      };
      const timer = clock.after(span, "give up", finish);
      const running = runSteps(clock, work, (value) => {
        outcome = { value };
        // Work without a wait is over before it has a handle; then it goes on in a task of its own.
        clock.after(0, "go on", finish);
      });
      return disposable(() => {
        isOver = true;
        timer.dispose();
        running.dispose();
      });
    },
  };
  return outcome;
}
