// curl 8, as it is called in scripts.
import { encodeBase64Bytes } from "../../../../../base/base64.ts";
import { second } from "../../../../../base/time.ts";
import { utf8Bytes } from "../../../../../base/utf8.ts";
import { type HttpHeaders, type HttpResponse, headerOf } from "../../../../network/http1.ts";
import { pause, type Steps } from "../../../steps.ts";
import { textOf } from "../../bufferedSource.ts";
import {
  type FetchFailure,
  type FetchOutcome,
  fetchHttp,
  fileNameOf,
  headText,
  noTls,
  parseUrl,
  redirectOf,
  type Url,
  urlText,
  withHost,
} from "../../httpFetch.ts";
import { type ParsedOptions, parseOptions } from "../../options.ts";
import { type Tool, ToolExit } from "../tool.ts";
import { headerIn } from "./wget.ts";

const letters = "sSfo:w:m:kH:X:d:iIvgqLOu:A:e:Gx:T:F:b:c:r:#N46jZaR0";
const long = {
  silent: "s",
  "show-error": "S",
  fail: "f",
  "fail-with-body": "B",
  "output=": "o",
  "write-out=": "w",
  "max-time=": "m",
  "connect-timeout=": "t",
  insecure: "k",
  "header=": "H",
  "request=": "X",
  "data=": "d",
  "data-raw=": "d",
  "data-binary=": "d",
  "data-urlencode=": "d",
  "json=": "J",
  include: "i",
  head: "I",
  verbose: "v",
  globoff: "g",
  location: "L",
  "remote-name": "O",
  "user=": "u",
  "user-agent=": "A",
  get: "G",
  "retry=": "y",
  "retry-delay=": "D",
  "retry-connrefused": "C",
  "retry-all-errors": "E",
  "cacert=": "K",
  "resolve=": "l",
  "url=": "U",
  "no-progress-meter": "p",
  "http1.1": "h",
  "http1.0": "h",
  ipv4: "4",
  "interface=": "P",
  compressed: "z",
  "path-as-is": "z",
  "no-buffer": "N",
  version: "V",
  help: "V",
} as const;
const mostRedirects = 50;
const agent = "curl/8.14.1";

interface Job {
  readonly tool: Tool;
  readonly has: (letter: string) => boolean;
  readonly value: (letter: string) => string | undefined;
  readonly headers: HttpHeaders;
  readonly body: Uint8Array | undefined;
  readonly method: string;
}

export function* curl(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, all, operands } = curlOptions(tool, args);
  const urls = [...operands, ...(all.get("U") ?? [])];
  if (options.has("V")) {
    yield* tool.write(`curl 8.14.1 (x86_64-pc-linux-gnu) libcurl/8.14.1\nProtocols: http https\n`);
    return 0;
  }
  if (urls.length === 0) {
    tool.process.stderr.write(`curl: (2) no URL specified\n${hint}`);
    return 2;
  }
  const body = yield* bodyOf(tool, all.get("d") ?? all.get("J") ?? []);
  const has = (letter: string) => options.has(letter);
  const isPost = body !== undefined && !has("G");
  const job: Job = {
    tool,
    has,
    value: (letter) => options.get(letter),
    headers: headersOf(options, all, isPost),
    body: isPost ? body : undefined,
    method: options.get("X") ?? (has("I") ? "HEAD" : isPost ? "POST" : "GET"),
  };
  let status = 0;
  for (const text of urls) {
    const asked =
      has("G") && body ? `${text}${text.includes("?") ? "&" : "?"}${textOf(body)}` : text;
    status = yield* transfer(job, asked);
  }
  return status;
}

const hint = "curl: try 'curl --help' or 'curl --manual' for more information\n";

function curlOptions(tool: Tool, args: readonly string[]): ParsedOptions {
  const parsed = parseOptions(args, letters, { long });
  if (!("invalid" in parsed)) return parsed;
  const { invalid, reason } = parsed;
  const words = reason === "unknown" ? "is unknown" : "requires parameter";
  tool.process.stderr.write(`curl: option -${invalid}: ${words}\n${hint}`);
  throw new ToolExit(2);
}

function* bodyOf(tool: Tool, parts: readonly string[]): Steps<Uint8Array | undefined> {
  if (parts.length === 0) return undefined;
  const texts: string[] = [];
  for (const part of parts)
    texts.push(
      part.startsWith("@") ? (yield* tool.readText(part.slice(1))).replace(/[\r\n]/g, "") : part,
    );
  return utf8Bytes(texts.join("&"));
}

function headersOf(
  options: ReadonlyMap<string, string>,
  all: ReadonlyMap<string, readonly string[]>,
  isPost: boolean,
): HttpHeaders {
  const given = (all.get("H") ?? []).map(headerIn);
  const user = options.get("u");
  const type = options.has("J") ? "application/json" : "application/x-www-form-urlencoded";
  const own: HttpHeaders = [
    ["User-Agent", options.get("A") ?? agent],
    ["Accept", options.has("J") ? "application/json" : "*/*"],
    ...(user === undefined
      ? []
      : ([["Authorization", `Basic ${encodeBase64Bytes(utf8Bytes(user))}`]] as const)),
    ...(isPost ? ([["Content-Type", type]] as const) : []),
  ];
  const names = new Set(given.map(([name]) => name.toLowerCase()));
  // "Accept:" without a value leaves the header out.
  return [
    ...own.filter(([name]) => !names.has(name.toLowerCase())),
    ...given.filter(([, value]) => value !== ""),
  ];
}

function* transfer(job: Job, text: string): Steps<number> {
  const { tool, has } = job;
  const url = parseUrl(text);
  const scheme = /^([a-z]+):\/\//i.exec(text)?.[1];
  if (!url && scheme !== undefined && !/^https?$/i.test(scheme))
    return report(job, 1, `Protocol "${scheme}" not supported`);
  if (!url) return report(job, 3, "URL rejected: No host part in the URL");
  const startedAt = tool.process.now();
  const outcome = yield* withRetries(job, url);
  const elapsed = tool.process.now() - startedAt;
  if (!("response" in outcome.result)) {
    yield* writeOut(job, url, undefined, elapsed, 0);
    return failure(job, outcome.url, outcome.result);
  }
  const { response, address } = outcome.result;
  const isFailed = response.status >= 400 && (has("f") || has("B"));
  if (!isFailed || has("B")) {
    const isWritten = yield* output(job, outcome.url, response);
    if (!isWritten)
      return report(
        job,
        23,
        `Failure writing output to destination, passed ${response.body.length} returned 0`,
      );
  }
  yield* writeOut(job, outcome.url, { response, address }, elapsed, outcome.redirects);
  if (isFailed) return report(job, 22, `The requested URL returned error: ${response.status}`);
  return 0;
}

interface Followed {
  readonly url: Url;
  readonly result: FetchOutcome;
  readonly redirects: number;
}

function* withRetries(job: Job, url: Url): Steps<Followed> {
  const { value, has } = job;
  const retries = Number(value("y") ?? 0);
  for (let round = 0; ; round++) {
    const followed = yield* follow(job, url);
    if (round >= retries || !isTransient(followed.result, has)) return followed;
    const wait = value("D") === undefined ? 2 ** round : Number(value("D"));
    const spans = `${wait} second${wait === 1 ? "" : "s"}. ${retries - round} retries left.`;
    if (!has("s"))
      job.tool.process.stderr.write(
        `Warning: Problem: ${problem(followed.result)}. Will retry in ${spans}\n`,
      );
    yield pause(wait * second, "curl retries");
  }
}

function problem(result: FetchOutcome): string {
  if ("response" in result) return "HTTP error";
  return result.failure === "refused" ? "connection refused" : "timeout";
}

function isTransient(result: FetchOutcome, has: (letter: string) => boolean): boolean {
  if ("response" in result) return [408, 429, 500, 502, 503, 504].includes(result.response.status);
  if (has("E")) return true;
  return /timeout|tryAgain/i.test(result.failure) || (has("C") && result.failure === "refused");
}

function* follow(job: Job, first: Url): Steps<Followed> {
  let url = first;
  for (let redirects = 0; ; redirects++) {
    const result = yield* ask(job, url);
    const next =
      job.has("L") && "response" in result ? redirectOf(url, result.response) : undefined;
    if (!next || redirects >= mostRedirects) return { url, result, redirects };
    url = next;
  }
}

function ask(job: Job, url: Url): Steps<FetchOutcome> {
  const { tool, method, headers, body, value, has } = job;
  const [total, connect] = [value("m"), value("t")];
  const say = (line: string) => {
    if (has("v")) tool.process.stderr.write(`${line}\n`);
  };
  return fetchHttp(tool.process, url, {
    method,
    headers,
    ...(body ? { body } : {}),
    ...(total === undefined ? {} : { timeoutMs: Number(total) * second }),
    ...(connect === undefined ? {} : { connectTimeoutMs: Number(connect) * second }),
    onAddress: (address) => {
      if (address !== url.host)
        say(`* Host ${url.host}:${url.port} was resolved.\n* IPv6: (none)\n* IPv4: ${address}`);
      say(`*   Trying ${address}:${url.port}...`);
    },
    onConnected: (address) => {
      say(`* Connected to ${url.host} (${address}) port ${url.port}`);
      const lines = withHost(url, headers).map(([name, text]) => `> ${name}: ${text}\n`);
      say(`> ${method} ${url.target} HTTP/1.1\n${lines.join("")}> \n* Request completely sent off`);
    },
  });
}

/** @returns false if the output can't be written */
function* output(job: Job, url: Url, response: HttpResponse): Steps<boolean> {
  const { tool, has, value } = job;
  const head = headText(response);
  if (has("v"))
    tool.process.stderr.write(
      `${head.map((line) => `< ${line}\n`).join("")}< \n* Connection #0 to host ${url.host} left intact\n`,
    );
  const file = has("O") ? fileNameOf(url) : value("o");
  if (!has("s") && !has("p") && !has("I") && (file !== undefined || !tool.process.terminal))
    tool.process.stderr.write(progress(response.body.length));
  const shown = has("i") || has("I") ? utf8Bytes(`${head.join("\r\n")}\r\n\r\n`) : new Uint8Array();
  const body = has("I") ? new Uint8Array() : response.body;
  if (file === undefined || file === "-") {
    if (shown.length > 0) yield* tool.write(shown);
    if (body.length > 0) yield* tool.write(body);
    return true;
  }
  return tool.attempt(
    () => {
      tool.files.write(tool.path(file), shown);
      tool.files.write(tool.path(file), body, { append: true });
    },
    ({ message }) => `(23) Failed to open the file ${file}: ${message}`,
  );
}

function progress(size: number): string {
  const amount = String(size).padStart(5);
  const title =
    "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n";
  return `${title}\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0\r100 ${amount}  100 ${amount}    0     0  ${amount}      0 --:--:-- --:--:-- --:--:-- ${amount}\n`;
}

function* writeOut(
  { tool, value }: Job,
  url: Url,
  answer: { readonly response: HttpResponse; readonly address: string } | undefined,
  elapsedMs: number,
  redirects: number,
): Steps {
  const format = value("w");
  if (format === undefined) return;
  const { response, address = "" } = answer ?? {};
  const seconds = (elapsedMs / second).toFixed(6);
  const variables: Readonly<Record<string, string>> = {
    http_code: String(response?.status ?? 0).padStart(3, "0"),
    response_code: String(response?.status ?? 0).padStart(3, "0"),
    time_total: seconds,
    time_connect: seconds,
    time_namelookup: seconds,
    time_starttransfer: seconds,
    size_download: String(response?.body.length ?? 0),
    url_effective: urlText(url),
    url: urlText(url),
    remote_ip: address,
    remote_port: String(url.port),
    num_redirects: String(redirects),
    content_type: response ? (headerOf(response.headers, "content-type") ?? "") : "",
    scheme: url.scheme,
    http_version: "1.1",
    method: "GET",
    exitcode: answer ? "0" : "7",
  };
  yield* tool.write(
    format
      .replace(/%\{(\w+)\}/g, (_whole, name: string) => variables[name] ?? "")
      .replaceAll("%%", "%")
      .replaceAll("\\n", "\n")
      .replaceAll("\\r", "\r")
      .replaceAll("\\t", "\t"),
  );
}

function failure(
  job: Job,
  { host, port }: Url,
  outcome: Extract<FetchOutcome, { failure: unknown }>,
): number {
  const { elapsedMs } = outcome;
  const connecting = `Failed to connect to ${host} port ${port} after ${elapsedMs} ms`;
  const isLimited = job.value("m") !== undefined || job.value("t") !== undefined;
  const ends: Readonly<Record<FetchFailure, readonly [number, string]>> = {
    notFound: [6, `Could not resolve host: ${host}`],
    tryAgain: [6, `Could not resolve host: ${host}`],
    refused: [7, `${connecting}: Could not connect to server`],
    noRoute: [7, `${connecting}: Could not connect to server`],
    unreachable: [7, `${connecting}: Could not connect to server`],
    connectTimeout: isLimited
      ? [28, `Connection timed out after ${elapsedMs} milliseconds`]
      : [28, `${connecting}: Could not connect to server`],
    timeout: [28, `Operation timed out after ${elapsedMs} milliseconds with 0 bytes received`],
    empty: [52, "Empty reply from server"],
    reset: [56, "Recv failure: Connection reset by peer"],
    malformed: [1, "Received HTTP/0.9 when not allowed"],
    tls: [35, noTls],
  };
  const [code, message] = ends[outcome.failure];
  return report(job, code, message);
}

function report({ tool, has }: Job, code: number, message: string): number {
  if (!has("s") || has("S")) tool.process.stderr.write(`curl: (${code}) ${message}\n`);
  return code;
}
