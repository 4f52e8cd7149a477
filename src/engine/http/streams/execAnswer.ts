// pods/exec and pods/attach: over a WebSocket, one channel a stream, or over SPDY.
// Source: pkg/registry/core/pod/rest/subresources.go, kubelet pkg/cri/streaming/remotecommand, 1.34.
import { badRequestError } from "../../../api/status.ts";
import type { Connection, HttpResponse } from "../exchange.ts";
import { isTrue } from "../requestInfo.ts";
import { type ExecOptions, ExecSession, type ExecWire } from "./execSession.ts";
import { containerTarget, kubeletOf, type StreamWorld } from "./podTarget.ts";
import { SpdyConnection, type SpdyStream } from "./spdy/spdyConnection.ts";
import type { StreamRequest } from "./streamRequest.ts";
import { agreedProtocol, carrierOf, noAgreement, protocolsOf, switchProtocols } from "./upgrade.ts";

const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 };
const webSocketProtocols = ["v5.channel.k8s.io", "v4.channel.k8s.io", "channel.k8s.io", ""];
const spdyProtocols = ["v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io"];
const toUtf8 = new TextEncoder();

/** @throws ApiError */
export function execAnswer(asked: StreamRequest, world: StreamWorld): HttpResponse {
  const { request, key, query, subresource } = asked;
  const target = containerTarget(key, query.get("container") ?? "", world);
  const kubelet = kubeletOf(target.pod, world);
  const options = readOptions(query, subresource);
  const carrier = carrierOf(request);
  checkOptions(options, subresource);
  const spoken = carrier === "websocket" ? webSocketProtocols : spdyProtocols;
  const protocol = agreedProtocol(request, carrier, spoken);
  if (protocol === undefined) return noAgreement(protocolsOf(request, carrier), spoken);
  const run = (wire: ExecWire) => new ExecSession(kubelet, target, { options, wire });
  return switchProtocols(carrier, protocol, (connection) => {
    if (carrier === "websocket") overChannels(connection, options, run);
    else overSpdy(connection, options, run);
  });
}

function readOptions(query: URLSearchParams, subresource: string): ExecOptions {
  const isTerminal = isTrue(query.get("tty"));
  return {
    command: subresource === "exec" ? query.getAll("command") : [],
    isTerminal,
    hasInput: isTrue(query.get("stdin")),
    hasStdout: isTrue(query.get("stdout")),
    // A terminal has but one output.
    hasStderr: isTrue(query.get("stderr")) && !isTerminal,
  };
}

function checkOptions(options: ExecOptions, subresource: string): void {
  const { command, hasInput, hasStdout, hasStderr } = options;
  if (!hasInput && !hasStdout && !hasStderr)
    throw badRequestError("you must specify at least 1 of stdin, stdout, stderr");
  if (subresource === "exec" && command.length === 0)
    throw badRequestError("you must specify at least 1 command");
}

type Run = (wire: ExecWire) => ExecSession;

function overChannels(
  connection: Connection,
  { hasStdout, hasStderr }: ExecOptions,
  run: Run,
): void {
  const send = (number: number, bytes: Uint8Array): void => {
    const message = new Uint8Array(bytes.length + 1);
    message[0] = number;
    message.set(bytes, 1);
    connection.send(message);
  };
  // An empty message tells the client that all is set up.
  if (hasStdout || hasStderr) send(hasStdout ? channel.stdout : channel.stderr, new Uint8Array());
  const session = run({
    stdout: (bytes) => send(channel.stdout, bytes),
    stderr: (bytes) => send(channel.stderr, bytes),
    finish(status) {
      send(channel.error, toUtf8.encode(JSON.stringify(status)));
      connection.close();
    },
  });
  connection.onMessage((message) => {
    const bytes = message.subarray(1);
    if (message[0] === channel.stdin) session.write(bytes);
    else if (message[0] === channel.resize) session.resize(bytes);
    else if (message[0] === channel.close && bytes[0] === channel.stdin) session.closeInput();
  });
  connection.onClose(() => session.dispose());
}

/** Starts once the client has opened a stream for each thing it asked for. */
function overSpdy(connection: Connection, options: ExecOptions, run: Run): void {
  const streams = new Map<string, SpdyStream>();
  let session: ExecSession | undefined;
  const spdy = new SpdyConnection(
    { write: (bytes) => connection.send(bytes), close: () => connection.close() },
    (stream) => {
      streams.set(stream.headers.get("streamtype") ?? "", stream);
      if (session || expectedStreams(options).some((type) => !streams.has(type))) return;
      session = run(spdyWire(streams, spdy));
      streams.get("stdin")?.onData((bytes) => session?.write(bytes));
      streams.get("stdin")?.onEnd(() => session?.closeInput());
      streams.get("resize")?.onData((bytes) => session?.resize(bytes));
    },
  );
  connection.onMessage((bytes) => spdy.receive(bytes));
  connection.onClose(() => {
    spdy.lost();
    session?.dispose();
  });
}

function expectedStreams(options: ExecOptions): readonly string[] {
  return [
    "error",
    ...(options.hasInput ? ["stdin"] : []),
    ...(options.hasStdout ? ["stdout"] : []),
    ...(options.hasStderr ? ["stderr"] : []),
    ...(options.isTerminal ? ["resize"] : []),
  ];
}

function spdyWire(streams: ReadonlyMap<string, SpdyStream>, spdy: SpdyConnection): ExecWire {
  return {
    stdout: (bytes) => streams.get("stdout")?.write(bytes),
    stderr: (bytes) => streams.get("stderr")?.write(bytes),
    finish(status) {
      streams.get("error")?.write(toUtf8.encode(JSON.stringify(status)));
      for (const stream of streams.values()) stream.end();
      spdy.close();
    },
  };
}
