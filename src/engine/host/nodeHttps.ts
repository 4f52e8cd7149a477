// The door for clients outside: HTTPS on the loopback address, one handler behind it.
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
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
  const { port, certificate, clientAuthority, handle } = options;
  const server = createServer(
    {
      cert: certificate.certificate,
      key: certificate.key,
      ca: clientAuthority,
      requestCert: true,
      rejectUnauthorized: false,
      maxHeaderSize: largestHeaderBytes,
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      keepAliveTimeout: idleTimeoutMs,
      shouldUpgradeCallback: asksForUpgrade,
    },
    (message, response) => {
      answer(message, response, handle).catch(() => response.destroy());
    },
  );
  const upgraded = new Set<Duplex>();
  server.on("upgrade", (message, socket, head) => {
    upgraded.add(socket);
    socket.on("close", () => upgraded.delete(socket));
    answerUpgrade({ message, socket, head }, options).catch(() => socket.destroy());
  });
  server.on("tlsClientError", () => undefined);
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const { port: actual } = server.address() as AddressInfo;
  return { url: `https://127.0.0.1:${actual}`, close: () => closeServer(server, upgraded) };
}

async function closeServer(server: Server, upgraded: Iterable<Duplex>): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  for (const socket of upgraded) socket.destroy();
  await closed;
}

async function answer(
  message: IncomingMessage,
  response: ServerResponse,
  handle: DoorOptions["handle"],
): Promise<void> {
  response.on("error", () => undefined);
  const { host = "127.0.0.1" } = message.headers;
  if (!ownHosts.test(host)) {
    response.writeHead(421, { Connection: "close" }).end("misdirected request\n");
    return;
  }
  await write(message, response, await handle(requestOf(message)));
}

async function answerUpgrade(
  request: UpgradeRequest,
  { handle, onDefect }: DoorOptions,
): Promise<void> {
  const { message, socket } = request;
  socket.on("error", () => undefined);
  const { host = "127.0.0.1" } = message.headers;
  if (!ownHosts.test(host)) {
    plainResponse(request).writeHead(421, { Connection: "close" }).end("misdirected request\n");
    return;
  }
  const answered = await handle(requestOf(message));
  if (answered.status === switchingProtocols) upgrade(request, answered, onDefect);
  else await write(message, plainResponse(request), answered);
}

async function write(
  message: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: HttpResponse,
): Promise<void> {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, headerBytes(value));
  if (!message.complete) response.setHeader("Connection", "close");
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

function requestOf(message: IncomingMessage): HttpRequest {
  const certificate = certificateOf(message.socket as TLSSocket);
  return {
    method: message.method ?? "GET",
    target: message.url ?? "/",
    headers: message.headersDistinct,
    ...(certificate ? { certificate } : {}),
    readBody: (limitBytes) => readBody(message, limitBytes),
  };
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

async function readBody(message: IncomingMessage, limitBytes: number): Promise<Uint8Array> {
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

async function send(
  message: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): Promise<void> {
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
function openStream(response: ServerResponse, body: StreamedBody): void {
  response.flushHeaders();
  const feeding = body(sinkOf(response));
  if (response.destroyed) feeding.dispose();
  else response.on("close", () => feeding.dispose());
}

function sinkOf(response: ServerResponse): ByteSink {
  return {
    write: (chunk) => response.write(chunk),
    onDrain: (listener) => response.on("drain", listener),
    end() {
      response.end();
      const timer = setTimeout(() => response.destroy(), endPatienceMs);
      timer.unref();
      response.on("close", () => clearTimeout(timer));
    },
  };
}
