// hashicorp/http-echo: answers every request with one text. Source: http-echo 1.0 main.go.
import type { Executable } from "../process/process.ts";
import { untilSignal } from "../process/untilSignal.ts";
import { flagsOf } from "./flags.ts";
import { slashedDate } from "./httpDate.ts";
import { serveTextAt, textAnswer } from "./httpServer.ts";

const idle = { cpuMillis: 1, memoryBytes: 4 * 2 ** 20 };
const defaultAddress = ":5678";

export const httpEcho: Executable = function* (process) {
  const { values, rest } = flagsOf(process.argv.slice(1), ["version"]);
  const text = values.get("text") ?? process.env.get("ECHO_TEXT") ?? "";
  const say = (line: string) => process.stdout.write(`${slashedDate(process.now())} ${line}\n`);
  if (values.has("version") || text === "" || rest.length > 0) {
    const said = values.has("version")
      ? "http-echo v1.0.0"
      : rest.length > 0
        ? "Too many arguments!"
        : "Missing -text option!";
    process.stderr.write(`${said}\n`);
    return values.has("version") ? 0 : 127;
  }
  const address = values.get("listen") ?? defaultAddress;
  const status = Number(values.get("status-code") ?? 200);
  process.use(idle);
  say(`[INFO] server is listening on ${address}`);
  serveTextAt(process, Number(address.split(":").at(-1)), ({ request, connection }) => {
    const { method, target, version = "HTTP/1.1", headers } = request;
    const agent = headers.find(([name]) => /^user-agent$/i.test(name))?.[1] ?? "";
    const host = headers.find(([name]) => /^host$/i.test(name))?.[1] ?? "";
    const { peer } = connection;
    say(
      `${host} ${peer.address}:${peer.port} "${method} ${target} ${version}" ${status} ${text.length + 1} "${agent}" 12.3µs`,
    );
    return textAnswer(`${text}\n`, status);
  });
  yield* untilSignal(process);
  say("[INFO] server is shutting down");
  return 0;
};
