// agnhost serve-hostname: answers with the Pod's name. Source: test/images/agnhost/serve-hostname.
import { utf8Bytes } from "../../../../base/utf8.ts";
import type { Executable } from "../../process/process.ts";
import { serveConnections } from "../../process/serveConnections.ts";
import { untilSignal } from "../../process/untilSignal.ts";
import { flagsOf, numberFlag } from "../flags.ts";
import { serveTextAt, textAnswer } from "../httpServer.ts";

const terminatedCode = 2;

export const serveHostname: Executable = function* (process) {
  const switches = ["tcp", "udp", "http", "close"];
  const flags = flagsOf(process.argv.slice(2), switches);
  const port = numberFlag(flags, "port", 9_376);
  const isRaw = flags.values.get("tcp") === "true" || flags.values.get("udp") === "true";
  if (isRaw) {
    for (const protocol of ["TCP", "UDP"] as const)
      if (flags.values.get(protocol.toLowerCase()) === "true")
        serveConnections(
          process,
          port,
          function* (connection) {
            if (protocol === "UDP") yield* connection.read();
            connection.write(utf8Bytes(process.hostname));
            if (protocol === "TCP") connection.close();
          },
          protocol,
        );
  } else {
    process.stderr.write(`Serving on port ${port}.\n`);
    serveTextAt(process, port, () => textAnswer(process.hostname));
  }
  yield* untilSignal(process);
  return terminatedCode;
};
