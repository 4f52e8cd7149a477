// agnhost connect: whether a port can be reached, in a word. Source: test/images/agnhost/connect.
import { utf8Bytes } from "../../../../base/utf8.ts";
import { isNetworkFailure } from "../../../network/containerNetwork.ts";
import type { Executable } from "../../process/process.ts";
import { flagsOf } from "../flags.ts";
import { durationOf } from "./logsGenerator.ts";

const defaultTimeout = "5s";

export const connect: Executable = function* (process) {
  const { values, rest } = flagsOf(process.argv.slice(2));
  const [, host = "", port = ""] = /^(.*):(\d+)$/.exec(rest[0] ?? "") ?? [];
  const failed = (word: string): number => {
    process.stderr.write(`${word}\n`);
    return 1;
  };
  const addresses = yield* process.network.lookup(host.replace(/^\[|\]$/g, ""));
  if (!("length" in addresses)) return failed("DNS: lookup failed");
  const protocol = (values.get("protocol") ?? "tcp").toUpperCase() === "UDP" ? "UDP" : "TCP";
  const timeoutMs = durationOf(values.get("timeout") ?? defaultTimeout);
  const to = { address: addresses[0] ?? "", port: Number(port), protocol, timeoutMs } as const;
  const connection = yield* process.network.connect(to);
  if (isNetworkFailure(connection))
    return failed(connection.failure === "refused" ? "REFUSED" : "TIMEOUT");
  if (protocol === "TCP") return 0;
  connection.write(utf8Bytes("hostname\n"));
  const answer = yield* process.within(timeoutMs, connection.read());
  if (answer === "late") return failed("TIMEOUT");
  return answer.value ? 0 : failed("REFUSED");
};
