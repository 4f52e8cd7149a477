// One HTTP request over a connection to a port of a Pod, as a proxy sends it.
import { encodeHello, HelloReader, type ServerHello } from "../../network/tlsRecords.ts";
import type { HttpResponse } from "../exchange.ts";
import type { PortConnection, PortOutput } from "./kubeletStreams.ts";
import { concat } from "./spdy/headerBlock.ts";

export interface ForwardedRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The server did not answer; the text is Go's. */
export class RoundTripError extends Error {}

const latin1 = new TextDecoder("latin1");
const toUtf8 = new TextEncoder();
const noTls = "http: server gave HTTP response to HTTPS client";
const headEnd = "\r\n\r\n";
/** Said between the two ends of a connection only. */
const hopByHop = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade"]);

/**
 * Rejects with RoundTripError if the server hangs up without an answer.
 * @param isSecure over TLS, whoever the server says it is
 */
export function forward(
  connect: (output: PortOutput) => PortConnection,
  request: ForwardedRequest,
  isSecure = false,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const parts: Uint8Array[] = [];
    const send = (): void => connection.write(requestBytes(request));
    let handshake = isSecure ? new HelloReader<ServerHello>() : undefined;
    const connection = connect({
      data(bytes) {
        const read = handshake?.push(bytes);
        if (!handshake) parts.push(bytes);
        else if (read && "hello" in read) {
          handshake = undefined;
          parts.push(read.rest);
          send();
        } else if (read) reject(new RoundTripError(noTls));
      },
      closed() {
        const answer = parseAnswer(concat(parts));
        if (answer) resolve(answer);
        else reject(new RoundTripError("EOF"));
      },
      failed: (failure) => reject(new RoundTripError(failure)),
    });
    if (isSecure) connection.write(encodeHello({ serverName: "" }));
    else send();
  });
}

function requestBytes({ method, target, headers, body }: ForwardedRequest): Uint8Array {
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body.length > 0 ? [`content-length: ${body.length}`] : []),
    "connection: close",
  ];
  return concat([toUtf8.encode(`${lines.join("\r\n")}${headEnd}`), body]);
}

function parseAnswer(bytes: Uint8Array): HttpResponse | undefined {
  const text = latin1.decode(bytes);
  const end = text.indexOf(headEnd);
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1];
  if (end < 0 || status === undefined) return undefined;
  const headers: Record<string, string> = {};
  let isChunked = false;
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    if (!hopByHop.has(name.toLowerCase())) headers[name] = value;
    if (/^transfer-encoding$/i.test(name)) isChunked = /chunked/i.test(value);
  }
  const body = bytes.subarray(end + headEnd.length);
  return { status: Number(status), headers, body: isChunked ? joinChunks(body) : body };
}

/** What a chunked body says; what is cut off is left out. */
function joinChunks(body: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < body.length; ) {
    const line = latin1.decode(body.subarray(at, at + 20));
    const length = /^([0-9a-f]+)[^\r]*\r\n/i.exec(line);
    if (!length?.[1] || Number.parseInt(length[1], 16) === 0) break;
    const start = at + length[0].length;
    const size = Number.parseInt(length[1], 16);
    chunks.push(body.subarray(start, start + size));
    at = start + size + 2;
  }
  return concat(chunks);
}
