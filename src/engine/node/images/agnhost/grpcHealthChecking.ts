// agnhost grpc-health-checking: a gRPC health service that can be told to be unhealthy.
// Source: test/images/agnhost/grpc-health-checking.
import { second } from "../../../../base/time.ts";
import { healthAnswer } from "../../grpcHealth.ts";
import type { Executable } from "../../process/process.ts";
import { untilSignal } from "../../process/untilSignal.ts";
import { pause } from "../../steps.ts";
import { flagsOf, numberFlag } from "../flags.ts";
import { notFound, serveTextAt, textAnswer } from "../httpServer.ts";
import { klogLine } from "../klogLine.ts";

const terminatedCode = 2;

export const grpcHealthChecking: Executable = function* (process) {
  const flags = flagsOf(process.argv.slice(2));
  const port = numberFlag(flags, "port", 5_000);
  const httpPort = numberFlag(flags, "http-port", 8_080);
  const unhealthyAfter = numberFlag(flags, "delay-unhealthy-sec", -1);
  const service = flags.values.get("service") ?? "";
  let status = "SERVING";
  const log = (text: string) =>
    process.stderr.write(klogLine(process, "grpc-health-checking.go", text));
  log(`Http server starting to listen on :${httpPort}`);
  serveTextAt(process, httpPort, ({ path }) => {
    if (path === "/make-serving") status = "SERVING";
    else if (path === "/make-not-serving") status = "NOT_SERVING";
    else return path === "/" ? textAnswer("") : notFound;
    return textAnswer(`Switched to ${status}\n`);
  });
  log(`gRPC server starting to listen on :${port}`);
  serveTextAt(process, port, ({ request }) => {
    const asked = (name: string) => (name === "" || name === service ? status : "SERVICE_UNKNOWN");
    return healthAnswer(request, asked) ?? notFound;
  });
  if (unhealthyAfter >= 0)
    process.thread(
      (function* () {
        yield pause(unhealthyAfter * second, "turns unhealthy");
        status = "NOT_SERVING";
      })(),
    );
  yield* untilSignal(process);
  return terminatedCode;
};
