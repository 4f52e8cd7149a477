// Work with a time limit that may be absent.
import type { Millis } from "../../../base/time.ts";
import type { ProcessContext } from "../process/process.ts";
import type { Steps } from "../steps.ts";

/** @param span without one, the work takes as long as it takes */
export function* limited<Result>(
  process: ProcessContext,
  span: Millis | undefined,
  work: Steps<Result>,
): Steps<Result | "timeout"> {
  if (span === undefined) return yield* work;
  const outcome = yield* process.within(span, work);
  return outcome === "late" ? "timeout" : outcome.value;
}
