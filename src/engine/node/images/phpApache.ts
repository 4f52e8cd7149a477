// hpa-example: a page whose making keeps a core busy. Source: the documentation's index.php, which sums
// up a million square roots.
import type { Executable } from "../process/process.ts";
import { untilSignal } from "../process/untilSignal.ts";
import { pause } from "../steps.ts";
import { logDate } from "./httpDate.ts";
import { serveAt, textAnswer } from "./httpServer.ts";

const startMs = 700;
const stopMs = 60;
const idle = { cpuMillis: 1, memoryBytes: 12 * 2 ** 20 };
/** Of one core, for each request. Ours: a typical value. */
const computeMs = 90;

export const phpApache: Executable = function* (process) {
  yield pause(startMs, "apache starts");
  process.use(idle);
  process.stderr.write("AH00094: Command line: 'apache2 -D FOREGROUND'\n");
  serveAt(process, 80, function* ({ request, connection }) {
    yield* process.compute(computeMs);
    const line = `"${request.method} ${request.target} HTTP/1.1" 200 3`;
    process.stdout.write(`${connection.peer.address} - - [${logDate(process.now())}] ${line}\n`);
    return textAnswer("OK!", 200, "text/html; charset=UTF-8");
  });
  yield* untilSignal(process, ["SIGTERM", "SIGWINCH", "SIGINT"]);
  yield pause(stopMs, "apache stops");
  return 0;
};
