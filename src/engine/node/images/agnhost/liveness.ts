// agnhost liveness: healthy for ten seconds, and never after. Source: test/images/agnhost/liveness.
import { second } from "../../../../base/time.ts";
import type { Executable } from "../../process/process.ts";
import { untilSignal } from "../../process/untilSignal.ts";
import { notFound, serveTextAt, textAnswer } from "../httpServer.ts";

const port = 8_080;
const healthyMs = 10 * second;
const terminatedCode = 2;

export const liveness: Executable = function* (process) {
  const startedAt = process.now();
  serveTextAt(process, port, ({ path }) => {
    const age = process.now() - startedAt;
    if (path === "/started") return textAnswer(`${age / second}s`);
    if (path !== "/healthz") return notFound;
    return age > healthyMs ? textAnswer(`error: ${age / second}`, 500) : textAnswer("ok");
  });
  yield* untilSignal(process);
  return terminatedCode;
};
