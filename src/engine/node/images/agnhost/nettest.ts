// agnhost nettest, as far as tests of hooks use it: counts who has written to it.
// Source: test/images/agnhost/nettest.
import { utf8Text } from "../../../../base/utf8.ts";
import type { Executable } from "../../process/process.ts";
import { untilSignal } from "../../process/untilSignal.ts";
import { flagsOf, numberFlag } from "../flags.ts";
import { notFound, serveTextAt, textAnswer } from "../httpServer.ts";

const terminatedCode = 2;

export const nettest: Executable = function* (process) {
  const port = numberFlag(flagsOf(process.argv.slice(2)), "port", 8_080);
  const received: Record<string, number> = {};
  serveTextAt(process, port, ({ path, request }) => {
    const Hostname = process.hostname;
    if (path === "/write") {
      const source = sourceOf(utf8Text(request.body) ?? "");
      received[source] = (received[source] ?? 0) + 1;
      return textAnswer(JSON.stringify({ Hostname }));
    }
    if (path !== "/read") return path === "/status" ? textAnswer("pass") : notFound;
    const state = { Hostname, Sent: {}, Received: received, Errors: [], Log: [] };
    return textAnswer(JSON.stringify({ ...state, StillContactingPeers: false }));
  });
  yield* untilSignal(process);
  return terminatedCode;
};

/** Who says that it has written: {"Source": "prestop"}. */
function sourceOf(text: string): string {
  return /"Source"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? "unknown";
}
