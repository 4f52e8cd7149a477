// ping: whether a machine is there. Echoes are not simulated; what answers a connection, even by
// refusing it, is there.
import { second } from "../../../../../base/time.ts";
import { pause, type Steps } from "../../../steps.ts";
import type { Tool } from "../tool.ts";

const usage = "[OPTIONS] HOST";
/** The port of the echo service, where hardly anybody listens. */
const echoPort = 7;

export function* ping(tool: Tool, args: readonly string[]): Steps<number> {
  const badUse = tool.isBusybox ? 1 : 2;
  const { options, operands } = tool.options(args, "46nqc:s:w:W:i:I:t:", { usage, status: badUse });
  const [host] = operands;
  if (host === undefined) return tool.usage(usage, badUse);
  const addresses = yield* tool.process.network.lookup(host);
  if ("failure" in addresses) {
    tool.complain(
      tool.isBusybox ? `bad address '${host}'` : `${host}: ${lookupErrors[addresses.failure]}`,
    );
    return badUse;
  }
  const [address = ""] = addresses;
  const size = Number(options.get("s") ?? 56);
  const title = tool.isBusybox ? `${size} data bytes` : `${size}(${size + 28}) bytes of data.`;
  yield* tool.write(`PING ${host} (${address})${tool.isBusybox ? ":" : ""} ${title}\n`);
  const seconds = (letter: string, absent: number) =>
    Number(options.get(letter) ?? absent) * second;
  const { sent, times } = yield* echoes(tool, {
    address,
    size,
    most: Number(options.get("c") ?? Number.POSITIVE_INFINITY),
    every: seconds("i", 1),
    patience: seconds("W", 1),
    deadline: tool.process.now() + seconds("w", Number.POSITIVE_INFINITY),
    isQuiet: options.has("q"),
  });
  yield* tool.write(summary(tool, host, sent, times));
  return times.length > 0 ? 0 : 1;
}

const lookupErrors = {
  notFound: "Name or service not known",
  tryAgain: "Temporary failure in name resolution",
};

interface Echoes {
  readonly address: string;
  readonly size: number;
  readonly most: number;
  readonly every: number;
  readonly patience: number;
  readonly deadline: number;
  readonly isQuiet: boolean;
}

/** @returns how many were sent, and how long each answer took, in milliseconds */
function* echoes(tool: Tool, wanted: Echoes): Steps<{ sent: number; times: readonly number[] }> {
  const { process } = tool;
  const times: number[] = [];
  let isStopped = false;
  process.onSignal("SIGINT", () => {
    isStopped = true;
  });
  let sent = 0;
  while (sent < wanted.most && process.now() < wanted.deadline && !isStopped) {
    const startedAt = process.now();
    if (yield* answers(tool, wanted)) {
      const elapsed = Math.max(process.now() - startedAt, 0.05);
      times.push(elapsed);
      if (!wanted.isQuiet) yield* tool.write(reply(tool, { ...wanted, sequence: sent, elapsed }));
    }
    sent++;
    const rest = wanted.every - (process.now() - startedAt);
    if (sent < wanted.most && rest > 0) yield pause(rest, "ping");
  }
  return { sent, times };
}

function* answers(tool: Tool, { address, patience }: Echoes): Steps<boolean> {
  const answer = yield* tool.process.network.connect({
    address,
    port: echoPort,
    protocol: "TCP",
    timeoutMs: patience,
  });
  if ("failure" in answer) return answer.failure === "refused";
  answer.close();
  return true;
}

interface Reply {
  readonly address: string;
  readonly size: number;
  readonly sequence: number;
  readonly elapsed: number;
}

function reply(tool: Tool, { address, size, sequence, elapsed }: Reply): string {
  return tool.isBusybox
    ? `${size + 8} bytes from ${address}: seq=${sequence} ttl=64 time=${elapsed.toFixed(3)} ms\n`
    : `${size + 8} bytes from ${address}: icmp_seq=${sequence + 1} ttl=64 time=${elapsed.toFixed(3)} ms\n`;
}

function summary(tool: Tool, host: string, sent: number, times: readonly number[]): string {
  const lost = sent === 0 ? 0 : Math.round(((sent - times.length) * 100) / sent);
  const received = tool.isBusybox ? `${times.length} packets received` : `${times.length} received`;
  const loss = `\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${received}, ${lost}% packet loss`;
  if (times.length === 0) return `${loss}\n`;
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  const range = [Math.min(...times), mean, Math.max(...times)]
    .map((time) => time.toFixed(3))
    .join("/");
  return tool.isBusybox
    ? `${loss}\nround-trip min/avg/max = ${range} ms\n`
    : `${loss}, time ${(sent - 1) * 1_000}ms\nrtt min/avg/max/mdev = ${range}/0.000 ms\n`;
}
