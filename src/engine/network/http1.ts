// HTTP/1.1 as bytes over connections of the simulated network: one codec for servers in containers, for
// their clients, and for the probes and proxies that reach them. Source: RFC 9112.
import { concatBytes, latin1Text } from "../../base/bytes.ts";
import { utf8Bytes } from "../../base/utf8.ts";
import type { Steps } from "../node/steps.ts";
import type { Connection } from "./containerNetwork.ts";

/** Names as they were written; compare them with `headerOf`. */
export type HttpHeaders = readonly (readonly [name: string, value: string])[];

export interface HttpRequest {
  readonly method: string;
  /** Path and query, or what a proxy was asked for. */
  readonly target: string;
  readonly headers: HttpHeaders;
  readonly body: Uint8Array;
  /** "HTTP/1.1" if absent. */
  readonly version?: string;
}

export interface HttpResponse {
  readonly status: number;
  /** The usual phrase of the status if absent. */
  readonly reason?: string;
  readonly headers: HttpHeaders;
  readonly body: Uint8Array;
  readonly version?: string;
}

/** What is not HTTP, as Go says it: `malformed HTTP response "…"`. Closed connections give undefined. */
export interface HttpMalformed {
  readonly malformed: string;
}

const headEnd = "\r\n\r\n";
/** Longer than any head that a server takes. Go: DefaultMaxHeaderBytes. */
const longestHead = 1 << 20;
const empty = new Uint8Array();

/** The first value of a header, whatever the case of its name. */
export function headerOf(headers: HttpHeaders, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return headers.find(([each]) => each.toLowerCase() === wanted)?.[1];
}

/** With the body's length, unless the headers say how it is sent. */
export function encodeRequest(request: HttpRequest): Uint8Array {
  const { method, target, headers, body, version = "HTTP/1.1" } = request;
  const sendsBody = body.length > 0 || method === "POST" || method === "PUT" || method === "PATCH";
  const first = `${method} ${target} ${version}`;
  return concatBytes([head(first, headers, sendsBody ? body.length : undefined), body]);
}

/** With the body's length; the answer to HEAD has it without the body. */
export function encodeResponse(response: HttpResponse, method = "GET"): Uint8Array {
  const { status, reason = reasonOf(status), headers, body, version = "HTTP/1.1" } = response;
  const first = `${version} ${status} ${reason}`;
  if (hasNoBody(status)) return head(first, headers, undefined);
  const start = head(first, headers, body.length);
  return method === "HEAD" ? start : concatBytes([start, body]);
}

function head(first: string, headers: HttpHeaders, length: number | undefined): Uint8Array {
  const isFramed = ["content-length", "transfer-encoding"].some(
    (name) => headerOf(headers, name) !== undefined,
  );
  const all =
    length === undefined || isFramed
      ? headers
      : [...headers, ["Content-Length", String(length)] as const];
  const lines = [first, ...all.map(([name, value]) => `${name}: ${value}`)];
  return utf8Bytes(lines.join("\r\n") + headEnd);
}

/** Reads messages one after the other; what comes behind the last one stays for `rest`. */
export class HttpReader {
  private pending: Uint8Array = empty;
  private isOver = false;

  constructor(private readonly connection: Connection) {}

  /** The next request; undefined if the other end is gone. */
  *request(): Steps<HttpRequest | HttpMalformed | undefined> {
    const head = yield* this.head();
    if (!head) return undefined;
    const [, method, target, version] = /^(\S+) (\S+) (HTTP\/1\.[01])$/.exec(head.first) ?? [];
    if (method === undefined || target === undefined || version === undefined)
      return { malformed: head.first };
    if (/^100-continue$/i.test(headerOf(head.headers, "expect") ?? ""))
      this.connection.write(utf8Bytes(`HTTP/1.1 100 Continue${headEnd}`));
    const body = yield* this.body(head.headers, 0);
    return body && { method, target, version, headers: head.headers, body };
  }

  /** The answer to a request of `method`, after those that only say "continue". */
  *response(method: string): Steps<HttpResponse | HttpMalformed | undefined> {
    for (;;) {
      const head = yield* this.head();
      if (!head) return undefined;
      const [, version, code, reason] =
        /^(HTTP\/1\.[01]) (\d{3})(?: (.*))?$/.exec(head.first) ?? [];
      if (version === undefined || code === undefined) return { malformed: head.first };
      const status = Number(code);
      if (status < 200 && status !== 101) continue;
      const isBare = method === "HEAD" || hasNoBody(status);
      const body = isBare ? empty : yield* this.body(head.headers, Number.POSITIVE_INFINITY);
      if (!body) return undefined;
      return { status, version, headers: head.headers, body, ...(reason ? { reason } : {}) };
    }
  }

  /** What was read beyond the last message, e.g. after an upgrade. */
  rest(): Uint8Array {
    const { pending } = this;
    this.pending = empty;
    return pending;
  }

  private *head(): Steps<{ first: string; headers: HttpHeaders } | undefined> {
    for (let searched = 0; ; ) {
      const text = latin1Text(this.pending.subarray(searched));
      const at = text.indexOf(headEnd);
      if (at >= 0) {
        const lines = latin1Text(this.pending.subarray(0, searched + at)).split("\r\n");
        this.pending = this.pending.subarray(searched + at + headEnd.length);
        const [first = "", ...rest] = lines;
        return { first, headers: rest.map(splitHeader) };
      }
      searched = Math.max(0, this.pending.length - headEnd.length + 1);
      if (this.pending.length > longestHead || !(yield* this.more())) {
        if (this.pending.length === 0) return undefined;
        const [first = ""] = latin1Text(this.rest()).split(/\r?\n/);
        return { first, headers: [] };
      }
    }
  }

  /** @param unframed how much comes where no header tells: nothing, or all until the end */
  private *body(headers: HttpHeaders, unframed: number): Steps<Uint8Array | undefined> {
    if (/chunked/i.test(headerOf(headers, "transfer-encoding") ?? "")) return yield* this.chunks();
    const told = headerOf(headers, "content-length");
    const length = told === undefined ? unframed : Number.parseInt(told, 10) || 0;
    while (this.pending.length < length)
      if (!(yield* this.more())) {
        if (told !== undefined) return undefined;
        return this.rest();
      }
    return this.take(length);
  }

  private *chunks(): Steps<Uint8Array | undefined> {
    const parts: Uint8Array[] = [];
    for (;;) {
      const line = yield* this.line();
      const size = Number.parseInt(line ?? "", 16);
      if (Number.isNaN(size)) return undefined;
      if (size === 0) break;
      while (this.pending.length < size + 2) if (!(yield* this.more())) return undefined;
      parts.push(this.take(size));
      this.take(2);
    }
    // Trailers end with an empty line.
    for (;;) {
      const line = yield* this.line();
      if (line === undefined || line === "") return concatBytes(parts);
    }
  }

  private *line(): Steps<string | undefined> {
    for (;;) {
      const at = this.pending.indexOf(0x0a);
      if (at >= 0) return latin1Text(this.take(at + 1)).replace(/\r?\n$/, "");
      if (!(yield* this.more())) return undefined;
    }
  }

  private take(length: number): Uint8Array {
    const taken = this.pending.subarray(0, length);
    this.pending = this.pending.subarray(length);
    return taken;
  }

  private *more(): Steps<boolean> {
    if (this.isOver) return false;
    const bytes = yield* this.connection.read();
    if (bytes) this.pending = concatBytes([this.pending, bytes]);
    else this.isOver = true;
    return !this.isOver;
  }
}

/**
 * Serves a connection until its client is done: one request after the other, kept alive as the client
 * asks. What is no HTTP is told so with 400.
 * @param answer what the server says; a "Connection: close" among its headers is heeded
 */
export function* serveHttp(
  connection: Connection,
  answer: (request: HttpRequest) => Steps<HttpResponse>,
): Steps {
  const reader = new HttpReader(connection);
  for (;;) {
    const request = yield* reader.request();
    if (!request) break;
    if ("malformed" in request) {
      connection.write(encodeResponse(badRequest));
      break;
    }
    const response = yield* answer(request);
    const closes = isLast(request) || isLast(response);
    const headers =
      closes && headerOf(response.headers, "connection") === undefined
        ? [...response.headers, ["Connection", "close"] as const]
        : response.headers;
    connection.write(encodeResponse({ ...response, headers }, request.method));
    if (closes) break;
  }
  connection.close();
}

/** Sends one request and reads the answer; undefined if the server hangs up without one. */
export function* exchangeHttp(
  connection: Connection,
  request: HttpRequest,
): Steps<HttpResponse | HttpMalformed | undefined> {
  connection.write(encodeRequest(request));
  return yield* new HttpReader(connection).response(request.method);
}

const badRequest: HttpResponse = {
  status: 400,
  headers: [
    ["Content-Type", "text/plain; charset=utf-8"],
    ["Connection", "close"],
  ],
  body: utf8Bytes("400 Bad Request"),
};

function isLast({ headers, version }: HttpRequest | HttpResponse): boolean {
  const said = headerOf(headers, "connection")?.toLowerCase();
  return said === "close" || (version === "HTTP/1.0" && said !== "keep-alive");
}

function hasNoBody(status: number): boolean {
  return status < 200 || status === 204 || status === 304;
}

function splitHeader(line: string): readonly [string, string] {
  const colon = line.indexOf(":");
  return colon < 0 ? [line, ""] : [line.slice(0, colon), line.slice(colon + 1).trim()];
}

/** The phrase that Go's servers send with a status; empty for one that has none. */
export function reasonOf(status: number): string {
  return reasons[status] ?? "";
}

const reasons: Readonly<Record<number, string>> = {
  100: "Continue",
  101: "Switching Protocols",
  200: "OK",
  201: "Created",
  202: "Accepted",
  204: "No Content",
  206: "Partial Content",
  301: "Moved Permanently",
  302: "Found",
  303: "See Other",
  304: "Not Modified",
  307: "Temporary Redirect",
  308: "Permanent Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  408: "Request Timeout",
  409: "Conflict",
  411: "Length Required",
  413: "Request Entity Too Large",
  415: "Unsupported Media Type",
  418: "I'm a teapot",
  422: "Unprocessable Entity",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};
