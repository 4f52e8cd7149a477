// The door for clients outside: HTTPS on the loopback address, one handler behind it. HTTP/2 for who can
// speak it, as client-go does, HTTP/1.1 for the others.
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { gzip } from "node:zlib";
import {
  BodyAborted,
  BodyTooLarge,
  type ByteSink,
  type ClientCertificate,
  type HttpRequest,
  type HttpResponse,
  type StreamedBody,
} from "../http/exchange.ts";
import type { CertificateAndKey } from "./nodeCertificates.ts";
import { asksForUpgrade, plainResponse, type UpgradeRequest, upgrade } from "./nodeUpgrade.ts";

const second = 1_000;
const switchingProtocols = 101;
/** Source: apiserver pkg/server/secure_serving.go: ReadHeaderTimeout, IdleTimeout. */
const headersTimeoutMs = 32 * second;
const idleTimeoutMs = 90 * second;
/** Source: --request-timeout. */
const requestTimeoutMs = 60 * second;
/** Go's default of http.Server.MaxHeaderBytes. */
const largestHeaderBytes = 1024 * 1024;
/** Of one connection. Source: apiserver pkg/server/secure_serving.go. */
const largestConcurrency = 100;
/** A client that does not read the end of its stream is cut off after this. */
const endPatienceMs = 5 * second;
/** Smaller answers are not worth it. Source: responsewriters defaultGzipThresholdBytes. */
const gzipThresholdBytes = 128 * 1024;
const fastestGzip = 1;

const ownHosts =
  /^(127\.0\.0\.1|localhost|\[::1\]|kubernetes(\.default(\.svc(\.cluster\.local)?)?)?)(:\d+)?$/i;

export interface DoorOptions {
  /** 0 for any that is free. */
  readonly port: number;
  readonly certificate: CertificateAndKey;
  /** Who signs the certificates of clients, as PEM. */
  readonly clientAuthority: string;
  handle(request: HttpRequest): Promise<HttpResponse>;
  /** A defect of ours has ended a connection that had left HTTP behind. */
  onDefect(error: unknown): void;
}

export interface HttpsDoor {
  /** "https://127.0.0.1:6443". */
  readonly url: string;
  /** Takes no more requests, ends streams, and resolves once all clients are gone. */
  close(): Promise<void>;
}

/** Rejects if the port is taken. */
export async function openHttpsDoor(options: DoorOptions): Promise<HttpsDoor> {
  const { port, handle } = options;
  const server = makeServer(options);
  server.on("request", (message: Incoming, response: Outgoing) => {
    answer(message, response, handle).catch(() => cutOff(response));
  });
  server.on("upgrade", (message, socket, head) => {
    answerUpgrade({ message, socket, head }, options).catch(() => socket.destroy());
  });
  // One whose handshake is under way when the door closes must go, too.
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    // Small answers must not wait for the client's acknowledgement of what went before.
    socket.setNoDelay(true);
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("secureConnection", (socket) => socket.on("error", () => undefined));
  server.on("tlsClientError", () => undefined);
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${actual}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function makeServer({ certificate, clientAuthority }: DoorOptions): Http2SecureServer {
  const server = createSecureServer({
    cert: certificate.certificate,
    key: certificate.key,
    ca: clientAuthority,
    requestCert: true,
    rejectUnauthorized: false,
    allowHTTP1: true,
    settings: { maxConcurrentStreams: largestConcurrency, maxHeaderListSize: largestHeaderBytes },
  });
  // What only the older protocol has.
  return Object.assign(server, {
    maxHeaderSize: largestHeaderBytes,
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: idleTimeoutMs,
    shouldUpgradeCallback: asksForUpgrade,
  });
}

type Incoming = IncomingMessage | Http2ServerRequest;
/** Node's answers of both protocols are used alike. */
type Outgoing = Http2ServerResponse & { flushHeaders(): void };

async function answer(
  message: Incoming,
  response: Outgoing,
  handle: DoorOptions["handle"],
): Promise<void> {
  response.on("error", () => undefined);
  const { host = "127.0.0.1", ":authority": authority = host } = message.headers;
  if (!ownHosts.test(String(authority))) {
    response.writeHead(421).end("misdirected request\n");
    return;
  }
  await write(message, response, await handle(requestOf(message)));
}

/** Only HTTP/1.1 can be left behind. */
async function answerUpgrade(
  request: UpgradeRequest,
  { handle, onDefect }: DoorOptions,
): Promise<void> {
  const { message, socket } = request;
  socket.on("error", () => undefined);
  const { host = "127.0.0.1" } = message.headers;
  const response = (): Outgoing => plainResponse(request) as unknown as Outgoing;
  if (!ownHosts.test(host)) {
    response().writeHead(421).end("misdirected request\n");
    return;
  }
  const answered = await handle(requestOf(message));
  if (answered.status === switchingProtocols) upgrade(request, answered, onDefect);
  else await write(message, response(), answered);
}

async function write(
  message: Incoming,
  response: Outgoing,
  { status, headers, body }: HttpResponse,
): Promise<void> {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, headerBytes(value));
  if (!message.complete && message.httpVersionMajor === 1)
    response.setHeader("Connection", "close");
  response.statusCode = status;
  if (typeof body === "function") openStream(response, body);
  else if (typeof body === "string" || body instanceof Uint8Array)
    await send(message, response, Buffer.from(body));
  else throw new Error("a request that asked for no upgrade got one");
}

/** Go writes the bytes of UTF-8 into headers; Node takes characters for bytes. */
function headerBytes(value: string | readonly string[]): string | string[] {
  const bytes = (text: string): string => Buffer.from(text, "utf8").toString("latin1");
  return typeof value === "string" ? bytes(value) : value.map(bytes);
}

function requestOf(message: Incoming): HttpRequest {
  const socket = "stream" in message ? message.stream.session?.socket : message.socket;
  const certificate = knownCertificate(socket as TLSSocket);
  return {
    method: message.method ?? "GET",
    target: message.url ?? "/",
    headers: distinctHeaders(message.rawHeaders),
    ...(certificate ? { certificate } : {}),
    readBody: (limitBytes) => readBody(message, limitBytes),
  };
}

/** Each line's value by itself: groups to impersonate come on several. */
function distinctHeaders(raw: readonly string[]): HttpRequest["headers"] {
  const headers: Record<string, string[]> = Object.create(null);
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i]?.toLowerCase().replace(/^:authority$/, "host") ?? "";
    if (name.startsWith(":")) continue;
    headers[name] ??= [];
    headers[name].push(raw[i + 1] ?? "");
  }
  return headers;
}

/** By connection: to read a certificate takes as long as many a request. */
const certificates = new WeakMap<TLSSocket, ClientCertificate | "none">();

function knownCertificate(socket: TLSSocket): ClientCertificate | undefined {
  const known = certificates.get(socket) ?? certificateOf(socket) ?? "none";
  certificates.set(socket, known);
  return known === "none" ? undefined : known;
}

function certificateOf(socket: TLSSocket): ClientCertificate | undefined {
  const peer = socket.getPeerCertificate();
  if (!peer?.subject) return undefined;
  const { CN = "", O: organizations = [] } = peer.subject as {
    readonly CN?: string;
    readonly O?: string | readonly string[];
  };
  return {
    isTrusted: socket.authorized,
    commonName: CN,
    organizations: typeof organizations === "string" ? [organizations] : organizations,
    fingerprint: peer.fingerprint256.replaceAll(":", "").toLowerCase(),
  };
}

async function readBody(message: Incoming, limitBytes: number): Promise<Uint8Array> {
  if (Number(message.headers["content-length"] ?? 0) > limitBytes) throw new BodyTooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of message as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > limitBytes) break;
      chunks.push(chunk);
    }
  } catch {
    throw new BodyAborted();
  }
  if (length > limitBytes) throw new BodyTooLarge();
  return Buffer.concat(chunks);
}

async function send(message: Incoming, response: Outgoing, body: Buffer): Promise<void> {
  const accepted = String(message.headers["accept-encoding"] ?? "").split(",");
  const isWorthwhile = body.length > gzipThresholdBytes && !response.hasHeader("Content-Encoding");
  if (!isWorthwhile || !accepted.some((coding) => coding.trim() === "gzip")) {
    response.end(body);
    return;
  }
  response.setHeader("Content-Encoding", "gzip");
  response.appendHeader("Vary", "Accept-Encoding");
  response.end(await gzipped(body));
}

function gzipped(body: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    gzip(body, { level: fastestGzip }, (error, result) =>
      error ? reject(error) : resolve(result),
    );
  });
}

/** Opened even if the client is gone by now, so that what feeds the stream is given back. */
function openStream(response: Outgoing, body: StreamedBody): void {
  response.flushHeaders();
  const feeding = body(sinkOf(response));
  if (response.writableEnded || response.stream?.destroyed) feeding.dispose();
  else response.on("close", () => feeding.dispose());
}

function sinkOf(response: Outgoing): ByteSink {
  return {
    write: (chunk) => response.write(chunk),
    onDrain: (listener) => response.on("drain", listener),
    end() {
      response.end();
      const timer = setTimeout(() => cutOff(response), endPatienceMs);
      timer.unref();
      response.on("close", () => clearTimeout(timer));
    },
  };
}

function cutOff(response: Outgoing): void {
  const { stream, socket } = response;
  (stream ?? socket).destroy();
}
