// nc and telnet: bytes to and from a socket. Source: busybox networking/nc_bloaty.c; OpenBSD's nc.
import { second } from "../../../../../base/time.ts";
import { utf8Bytes } from "../../../../../base/utf8.ts";
import type { Connection, NetworkFailure, Protocol } from "../../../../network/containerNetwork.ts";
import { Pipe } from "../../../process/byteStream.ts";
import type { Steps } from "../../../steps.ts";
import { connectErrors } from "../../httpFetch.ts";
import { limited } from "../../limited.ts";
import { type Tool, ToolExit } from "../tool.ts";

const usage = "[OPTIONS] HOST PORT  - connect\nnc [OPTIONS] -l -p PORT [HOST] [PORT]  - listen";

interface Job {
  readonly tool: Tool;
  readonly has: (letter: string) => boolean;
  readonly protocol: Protocol;
  readonly waitMs: number | undefined;
}

export function* nc(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, operands } = tool.options(args, "46dhklnNtuUvzCDrFSp:w:q:i:s:e:X:x:", { usage });
  const has = (letter: string) => options.has(letter);
  const wait = options.get("w");
  const job: Job = {
    tool,
    has,
    protocol: has("u") ? "UDP" : "TCP",
    waitMs: wait === undefined ? undefined : Number(wait) * second,
  };
  if (has("l"))
    return yield* listen(job, Number(options.get("p") ?? operands.at(-1) ?? 0), options.get("e"));
  const [host, ports] = operands;
  if (host === undefined || ports === undefined) return tool.usage(usage);
  const [low, high = low] = ports.split("-").map(Number);
  if (low === undefined || high === undefined || Number.isNaN(low) || high < low)
    return tool.fail(tool.isBusybox ? `bad port '${ports}'` : `port number invalid: ${ports}`);
  let status = 1;
  for (let port = low; port <= Math.min(high, low + 1_000); port++)
    if ((yield* talk(job, host, port)) === 0) status = 0;
  return status;
}

function* talk(job: Job, host: string, port: number): Steps<number> {
  const { tool, has, protocol, waitMs } = job;
  const { network } = tool.process;
  const addresses = yield* network.lookup(host);
  if ("failure" in addresses) {
    tool.complain(
      tool.isBusybox
        ? `bad address '${host}'`
        : `getaddrinfo for host "${host}" port ${port}: Name or service not known`,
    );
    return 1;
  }
  const [address = ""] = addresses;
  const connection = yield* network.connect({
    address,
    port,
    protocol,
    ...(waitMs === undefined ? {} : { timeoutMs: waitMs }),
  });
  if ("failure" in connection) {
    if (has("v") || !has("z")) complainOf(job, { host, address, port }, connection);
    return 1;
  }
  if (has("v")) tool.process.stderr.write(`${opened(job, { host, address, port })}\n`);
  if (has("z")) {
    connection.close();
    return 0;
  }
  return yield* exchange(job, connection);
}

interface Target {
  readonly host: string;
  readonly address: string;
  readonly port: number;
}

function complainOf(
  { tool, protocol }: Job,
  { host, address, port }: Target,
  { failure }: NetworkFailure,
): void {
  const reason = failure === "timeout" ? connectErrors.connectTimeout : connectErrors[failure];
  if (tool.isBusybox) tool.complain(`${host} (${address}:${port}): ${reason}`);
  else {
    const shown = host === address ? host : `${host} (${address})`;
    const end =
      failure === "timeout" ? "timed out: Operation now in progress" : `failed: ${reason}`;
    tool.complain(`connect to ${shown} port ${port} (${protocol.toLowerCase()}) ${end}`);
  }
}

const services: Readonly<Record<number, string>> = {
  53: "domain",
  80: "http",
  443: "https",
  3306: "mysql",
  6379: "redis",
  8080: "http-alt",
};

function opened({ tool, protocol }: Job, { host, address, port }: Target): string {
  if (tool.isBusybox) return `${host} (${address}:${port}) open`;
  const shown = host === address ? host : `${host} (${address})`;
  return `Connection to ${shown} ${port} port [${protocol.toLowerCase()}/${services[port] ?? "*"}] succeeded!`;
}

/** What is read here goes there and back, until the other end is done or nothing comes any more. */
function* exchange({ tool, waitMs, protocol }: Job, connection: Connection): Steps<number> {
  const sending = tool.process.thread(send(tool, connection));
  // Over UDP nobody says that it is over.
  const patience = waitMs ?? (protocol === "UDP" ? second : undefined);
  try {
    for (;;) {
      const bytes = yield* limited(tool.process, patience, connection.read());
      if (!bytes || bytes === "timeout") return connection.isReset ? 1 : 0;
      yield* tool.write(bytes);
    }
  } finally {
    sending.dispose();
    connection.close();
  }
}

function* send(tool: Tool, connection: Connection): Steps {
  const source = tool.open("-");
  for (let bytes = yield* source.read(); bytes; bytes = yield* source.read())
    connection.write(bytes);
  connection.end();
}

function* listen(job: Job, port: number, program: string | undefined): Steps<number> {
  const { tool, has, protocol } = job;
  const waiting: Connection[] = [];
  const arrival = new Pipe();
  const listening = tool.process.network.listen(protocol, port, (connection) => {
    waiting.push(connection);
    arrival.write("c");
  });
  if (!listening)
    return tool.fail(tool.isBusybox ? "bind: Address already in use" : "Address already in use");
  if (has("v")) tool.process.stderr.write(`listening on [::]:${listening.port} ...\n`);
  try {
    do {
      while (waiting.length === 0) yield* arrival.read();
      const connection = waiting.shift();
      if (!connection) continue;
      if (!has("k")) listening.dispose();
      if (program === undefined) yield* exchange(job, connection);
      else yield* serveProgram(tool, connection, program);
    } while (has("k"));
    return 0;
  } finally {
    listening.dispose();
  }
}

/** -e: a program talks to who connects. */
function* serveProgram(tool: Tool, connection: Connection, name: string): Steps {
  const found = tool.process.find(name);
  if (!found) {
    tool.complain(`can't execute '${name}': No such file or directory`);
    throw new ToolExit(127);
  }
  const stdin = { read: () => connection.read() };
  const stdout = {
    write: (data: Uint8Array | string) =>
      connection.write(typeof data === "string" ? utf8Bytes(data) : data),
  };
  yield* tool.process.spawn(found, { argv: [name], stdin, stdout }).wait();
  connection.close();
}

export function* telnet(tool: Tool, [host, port = "23"]: readonly string[]): Steps<number> {
  if (host === undefined) return tool.usage("[-a] [-l USER] HOST [PORT]");
  const { network } = tool.process;
  const addresses = yield* network.lookup(host);
  if ("failure" in addresses)
    return tool.fail(
      tool.isBusybox
        ? `bad address '${host}'`
        : `could not resolve ${host}/${port}: Name or service not known`,
    );
  const [address = ""] = addresses;
  if (!tool.isBusybox) yield* tool.write(`Trying ${address}...\n`);
  const connection = yield* network.connect({ address, port: Number(port), protocol: "TCP" });
  if ("failure" in connection) {
    const { failure } = connection;
    const reason = failure === "timeout" ? connectErrors.connectTimeout : connectErrors[failure];
    return tool.fail(
      tool.isBusybox
        ? `can't connect to remote host (${address}): ${reason}`
        : `Unable to connect to remote host: ${reason}`,
    );
  }
  if (tool.isBusybox)
    yield* tool.write(
      `Connected to ${host}\n\nEntering character mode\nEscape character is '^]'.\n\n`,
    );
  else yield* tool.write(`Connected to ${host}.\nEscape character is '^]'.\n`);
  const job: Job = { tool, has: () => false, protocol: "TCP", waitMs: undefined };
  const status = yield* exchange(job, connection);
  tool.process.stderr.write(
    tool.isBusybox ? "Connection closed by foreign host\n" : "Connection closed by foreign host.\n",
  );
  return status === 0 ? 1 : status;
}
