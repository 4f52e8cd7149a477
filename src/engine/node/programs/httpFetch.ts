// One exchange over HTTP from a process: name, connection, request, answer; or why there is none.
import type { Millis } from "../../../base/time.ts";
import {
  exchangeHttp,
  type HttpHeaders,
  type HttpResponse,
  headerOf,
} from "../../network/http1.ts";
import type { ProcessContext } from "../process/process.ts";
import type { Steps } from "../steps.ts";
import { limited } from "./limited.ts";

export interface Url {
  readonly scheme: "http" | "https";
  readonly host: string;
  readonly port: number;
  /** Path and query; "/" at least. */
  readonly target: string;
  /** "user:password" */
  readonly credentials?: string;
}

/** @returns undefined for what is no URL of HTTP */
export function parseUrl(text: string): Url | undefined {
  const [, scheme = "http", credentials, host = "", port, target = ""] =
    /^(?:([a-z]+):\/\/)?(?:([^/@]*)@)?(\[[^\]]*\]|[^/:?#]*)(?::(\d*))?((?:[/?][^#]*)?)/i.exec(
      text,
    ) ?? [];
  const lower = scheme.toLowerCase();
  if ((lower !== "http" && lower !== "https") || host === "") return undefined;
  const number = port ? Number(port) : lower === "http" ? 80 : 443;
  if (number > 65_535) return undefined;
  return {
    scheme: lower,
    host,
    port: number,
    target: target.startsWith("/") ? target : `/${target}`,
    ...(credentials === undefined ? {} : { credentials }),
  };
}

export function urlText({ scheme, host, port, target }: Url): string {
  return `${scheme}://${authority({ scheme, host, port })}${target}`;
}

/** The host, with the port where it is not the scheme's own. */
export function authority({ scheme, host, port }: Pick<Url, "scheme" | "host" | "port">): string {
  return port === (scheme === "http" ? 80 : 443) ? host : `${host}:${port}`;
}

export interface FetchRequest {
  readonly method: string;
  readonly headers: HttpHeaders;
  readonly body?: Uint8Array;
  readonly connectTimeoutMs?: Millis;
  /** For the whole exchange. */
  readonly timeoutMs?: Millis;
  /** Called as soon as the name is known, e.g. to tell of the connection. */
  onAddress?(address: string): void;
  onConnected?(address: string): void;
}

export type FetchFailure =
  | "notFound"
  | "tryAgain"
  | "refused"
  | "noRoute"
  | "unreachable"
  | "connectTimeout"
  | "timeout"
  | "empty"
  | "reset"
  | "malformed"
  /** Programs in containers speak no TLS. */
  | "tls";

/** What is said of an https URL, once somebody has answered there. */
export const noTls = "TLS is not simulated in containers";

export type FetchOutcome =
  | { readonly response: HttpResponse; readonly address: string }
  | { readonly failure: FetchFailure; readonly address?: string; readonly elapsedMs: Millis };

export function* fetchHttp(
  process: ProcessContext,
  url: Url,
  request: FetchRequest,
): Steps<FetchOutcome> {
  const startedAt = process.now();
  const progress: { address?: string; isConnected?: true } = {};
  const outcome = yield* limited(
    process,
    request.timeoutMs,
    exchange(process, url, request, progress),
  );
  if (typeof outcome !== "string") return outcome;
  const failure =
    outcome === "timeout" && !progress.isConnected && progress.address !== undefined
      ? "connectTimeout"
      : outcome;
  const { address } = progress;
  return { failure, elapsedMs: process.now() - startedAt, ...(address ? { address } : {}) };
}

function* exchange(
  { network }: ProcessContext,
  url: Url,
  request: FetchRequest,
  progress: { address?: string; isConnected?: true },
): Steps<{ response: HttpResponse; address: string } | FetchFailure> {
  const addresses = yield* network.lookup(url.host);
  if ("failure" in addresses) return addresses.failure;
  const [address = ""] = addresses;
  progress.address = address;
  request.onAddress?.(address);
  const { connectTimeoutMs } = request;
  const connection = yield* network.connect({
    address,
    port: url.port,
    protocol: "TCP",
    ...(connectTimeoutMs === undefined ? {} : { timeoutMs: connectTimeoutMs }),
  });
  if ("failure" in connection)
    return connection.failure === "timeout" ? "connectTimeout" : connection.failure;
  progress.isConnected = true;
  request.onConnected?.(address);
  if (url.scheme === "https") {
    connection.close();
    return "tls";
  }
  try {
    const { method, body = new Uint8Array() } = request;
    const { target } = url;
    const headers = withHost(url, request.headers);
    const answer = yield* exchangeHttp(connection, { method, target, headers, body });
    if (!answer) return connection.isReset ? "reset" : "empty";
    return "malformed" in answer ? "malformed" : { response: answer, address };
  } finally {
    connection.close();
  }
}

export function withHost(url: Url, headers: HttpHeaders): HttpHeaders {
  return headerOf(headers, "host") === undefined ? [["Host", authority(url)], ...headers] : headers;
}

/** Where an answer sends its client; undefined if it is no redirect. */
export function redirectOf(url: Url, { status, headers }: HttpResponse): Url | undefined {
  const location = headerOf(headers, "location");
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  if (/^[a-z]+:\/\//i.test(location)) return parseUrl(location);
  const folder = url.target.replace(/[?#].*$/, "").replace(/[^/]*$/, "");
  return { ...url, target: location.startsWith("/") ? location : folder + location };
}

/** The head of an answer as it came, without the last empty line. */
export function headText({
  version = "HTTP/1.1",
  status,
  reason,
  headers,
}: HttpResponse): string[] {
  const first = `${version} ${status}${reason ? ` ${reason}` : ""}`;
  return [first, ...headers.map(([name, value]) => `${name}: ${value}`)];
}

/** The name that a file is kept under. */
export function fileNameOf({ target }: Url): string {
  return target.replace(/\?.*$/, "").replace(/^.*\//, "") || "index.html";
}

/** How the C library says that there is no connection. */
export const connectErrors: Readonly<
  Record<"refused" | "noRoute" | "unreachable" | "connectTimeout", string>
> = {
  refused: "Connection refused",
  noRoute: "No route to host",
  unreachable: "Network is unreachable",
  connectTimeout: "Connection timed out",
};
