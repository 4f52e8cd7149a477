// pods/portforward: pairs of streams, one for data and one for what went wrong, for each connection.
// Source: kubelet pkg/cri/streaming/portforward, apiserver pkg/util/proxy/streamtunnel.go, 1.34.
import { Pod as PodKind } from "../../../api/kinds/pod/kind.ts";
import { badRequestError } from "../../../api/status.ts";
import type { Pod } from "../../../api/types.ts";
import type { Connection, HttpResponse } from "../exchange.ts";
import type { KubeletStreams, PortConnection } from "./kubeletStreams.ts";
import { kubeletOf, type StreamWorld } from "./podTarget.ts";
import { SpdyConnection, type SpdyStream } from "./spdy/spdyConnection.ts";
import type { StreamRequest } from "./streamRequest.ts";
import { agreedProtocol, carrierOf, noAgreement, protocolsOf, switchProtocols } from "./upgrade.ts";

const spdyProtocol = "portforward.k8s.io";
const tunnelProtocol = "SPDY/3.1+portforward.k8s.io";
const channelProtocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"];
const toUtf8 = new TextEncoder();
const largestPort = 65_535;

/** Connects to a port of the Pod that was asked for. */
type Connect = (port: number, pair: Pair) => PortConnection;

/** The two streams of one connection, on the wire. */
interface Pair {
  data(bytes: Uint8Array): void;
  error(message: string): void;
  /** Both are over. */
  end(): void;
}

/** @throws ApiError */
export function portForwardAnswer(
  { request, key, query }: StreamRequest,
  world: StreamWorld,
): HttpResponse {
  const pod = world.client.get(PodKind, key);
  const kubelet = kubeletOf(pod, world);
  const carrier = carrierOf(request);
  const spoken = carrier === "spdy" ? [spdyProtocol] : [tunnelProtocol, ...channelProtocols];
  const protocol = agreedProtocol(request, carrier, spoken);
  if (protocol === undefined) return noAgreement(protocolsOf(request, carrier), spoken);
  const connect: Connect = (port, pair) => open(kubelet, { pod, port, pair });
  if (!channelProtocols.includes(protocol))
    return switchProtocols(carrier, protocol, (connection) => overSpdy(connection, connect));
  const ports = portsIn(query);
  return switchProtocols(carrier, protocol, (connection) =>
    overChannels(connection, ports, connect),
  );
}

interface Wanted {
  readonly pod: Pod;
  readonly port: number;
  readonly pair: Pair;
}

function open(kubelet: KubeletStreams, { pod, port, pair }: Wanted): PortConnection {
  return kubelet.connect(pod, port, {
    data: (bytes) => pair.data(bytes),
    closed: () => pair.end(),
    failed() {
      pair.error(refused(pod, port));
      pair.end();
    },
  });
}

/** containerd's words. Source: containerd v2 internal/cri/server/sandbox_portforward_linux.go. */
function refused({ metadata: { uid = "" } }: Pod, port: number): string {
  const namespace = JSON.stringify(`/var/run/netns/cni-${uid}`);
  const dial = (family: string, host: string) =>
    `dial tcp${family} ${host}:${port}: connect: connection refused`;
  return (
    `error forwarding port ${port} to pod ${uid.replaceAll("-", "")}, uid : failed to execute ` +
    `portforward in network namespace ${namespace}: failed to connect to localhost:${port} inside ` +
    `namespace ${namespace.slice(1, -1)}, IPv4: ${dial("4", "127.0.0.1")} IPv6 ${dial("6", "[::1]")} `
  );
}

function overSpdy(connection: Connection, connect: Connect): void {
  /** Streams that wait for their other half, by request id. */
  const halves = new Map<string, SpdyStream>();
  const open = new Set<PortConnection>();
  const spdy = new SpdyConnection(
    { write: (bytes) => connection.send(bytes), close: () => connection.close() },
    (stream) => {
      const id = stream.headers.get("requestid") ?? stream.headers.get("port") ?? "";
      const other = halves.get(id);
      if (!other) halves.set(id, stream);
      else {
        halves.delete(id);
        const isData = stream.headers.get("streamtype") === "data";
        const [data, error] = isData ? [stream, other] : [other, stream];
        join(data, error, { connect, open });
      }
    },
  );
  connection.onMessage((bytes) => spdy.receive(bytes));
  connection.onClose(() => {
    spdy.lost();
    for (const each of open) each.dispose();
  });
}

interface Joining {
  readonly connect: Connect;
  readonly open: Set<PortConnection>;
}

function join(data: SpdyStream, error: SpdyStream, { connect, open }: Joining): void {
  let isOver = false;
  const opened = connect(Number(data.headers.get("port")), {
    data: (bytes) => data.write(bytes),
    error: (message) => error.write(toUtf8.encode(message)),
    end() {
      data.end();
      error.end();
      isOver = true;
      open.delete(opened);
    },
  });
  if (isOver) return;
  open.add(opened);
  data.onData((bytes) => opened.write(bytes));
  data.onEnd(() => opened.end());
}

/** Clients of plain WebSockets name the ports in the query. @throws ApiError BadRequest */
function portsIn(query: URLSearchParams): readonly number[] {
  const texts = query.getAll("ports").flatMap((value) => value.split(","));
  if (texts.length === 0) throw badRequestError('query parameter "port" is required');
  return texts.map((text) => {
    const port = Number(text);
    if (Number.isInteger(port) && port >= 1 && port <= largestPort) return port;
    throw badRequestError(`port ${JSON.stringify(text)} is not valid`);
  });
}

/** Channel 2n carries the data of port n, 2n+1 its errors; both begin with the port's number. */
function overChannels(connection: Connection, ports: readonly number[], connect: Connect): void {
  const send = (number: number, bytes: Uint8Array): void => {
    const message = new Uint8Array(bytes.length + 1);
    message[0] = number;
    message.set(bytes, 1);
    connection.send(message);
  };
  const open = ports.map((port, i) => {
    const number = Uint8Array.of(port & 0xff, port >> 8);
    send(2 * i, number);
    send(2 * i + 1, number);
    return connect(port, {
      data: (bytes) => send(2 * i, bytes),
      error: (text) => send(2 * i + 1, toUtf8.encode(text)),
      end: () => undefined,
    });
  });
  connection.onMessage((message) => {
    const number = message[0] ?? 0;
    if (number % 2 === 0) open[number / 2]?.write(message.subarray(1));
  });
  connection.onClose(() => {
    for (const each of open) each.dispose();
  });
}
