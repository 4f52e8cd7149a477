// agnhost porter: a server for each variable SERVE_PORT_n, which answers with its value; those of
// SERVE_TLS_PORT_n speak TLS, and are left out. Source: test/images/agnhost/porter.
import type { Executable } from "../../process/process.ts";
import { untilSignal } from "../../process/untilSignal.ts";
import { serveTextAt, textAnswer } from "../httpServer.ts";

const prefix = "SERVE_PORT_";
const terminatedCode = 2;

export const porter: Executable = function* (process) {
  for (const [name, value] of process.env)
    if (name.startsWith(prefix))
      serveTextAt(process, Number(name.slice(prefix.length)), () => textAnswer(value));
  yield* untilSignal(process);
  return terminatedCode;
};
