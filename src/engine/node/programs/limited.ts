// Work with a time limit, whatever it waits for.
import type { Millis } from "../../../base/time.ts";
import type { ProcessContext } from "../process/process.ts";
import type { Steps } from "../steps.ts";
import { firstOf, timer } from "./firstOf.ts";

/** @param span without one, the work takes as long as it takes */
export function* limited<Result>(
  process: ProcessContext,
  span: Millis | undefined,
  work: () => Steps<Result>,
): Steps<Result | "timeout"> {
  if (span === undefined) return yield* work();
  let result: Result | "timeout" = "timeout";
  const child = process.spawn(function* () {
    result = yield* work();
    return 0;
  });
  const end = yield* firstOf(child.wait(), timer(process, span));
  if ("second" in end) child.kill("SIGKILL");
  return result;
}
