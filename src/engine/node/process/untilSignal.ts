// Waits as a server does that has nothing to do, until it is told to stop.
import { disposable } from "../../../base/disposable.ts";
import type { Steps } from "../steps.ts";
import type { ProcessContext } from "./process.ts";
import type { Signal } from "./signals.ts";

/** Ends with the first of `signals` that arrives. */
export function* untilSignal(
  process: ProcessContext,
  signals: readonly Signal[] = ["SIGTERM", "SIGINT", "SIGQUIT"],
): Steps<Signal> {
  let arrived: Signal | undefined;
  let wake: (() => void) | undefined;
  for (const signal of signals)
    process.onSignal(signal, () => {
      arrived ??= signal;
      wake?.();
    });
  while (arrived === undefined)
    yield {
      until: (resume) => {
        wake = resume;
        return disposable(() => {
          wake = undefined;
        });
      },
    };
  return arrived;
}
