// wget, busybox' and GNU's. Source: busybox networking/wget.c; GNU wget 1.21.

import { encodeBase64Bytes } from "../../../../../base/base64.ts";
import { second } from "../../../../../base/time.ts";
import { utf8Bytes } from "../../../../../base/utf8.ts";
import type { HttpHeaders, HttpResponse } from "../../../../network/http1.ts";
import type { Steps } from "../../../steps.ts";
import { formatDate } from "../../dates.ts";
import {
  authority,
  connectErrors,
  type FetchOutcome,
  fetchHttp,
  fileNameOf,
  headText,
  noTls,
  parseUrl,
  redirectOf,
  type Url,
  urlText,
} from "../../httpFetch.ts";
import type { Tool } from "../tool.ts";

const usage =
  "[-cqS] [--spider] [-O FILE] [-o LOGFILE] [--header STR]\n\t[--post-data STR | --post-file FILE] [-Y on/off]\n\t[--no-check-certificate] [-P DIR] [-U AGENT] [-T SEC] URL...";
const mostRedirects = 20;

interface Job {
  readonly tool: Tool;
  readonly has: (letter: string) => boolean;
  readonly value: (letter: string) => string | undefined;
  readonly headers: HttpHeaders;
  readonly body: Uint8Array | undefined;
}

export function* wget(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, all, operands } = tool.options(args, "csqSO:o:P:Y:U:T:t:nv46", {
    usage,
    status: tool.isBusybox ? 1 : 2,
    long: {
      "output-document=": "O",
      quiet: "q",
      spider: "I",
      "timeout=": "T",
      "tries=": "t",
      "header=": "H",
      "post-data=": "D",
      "post-file=": "F",
      "user-agent=": "U",
      "no-check-certificate": "k",
      "server-response": "S",
      "connect-timeout=": "T",
      "no-verbose": "n",
    },
  });
  if (operands.length === 0) {
    if (!tool.isBusybox) {
      tool.process.stderr.write("wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\n");
      return tool.usage("");
    }
    return tool.usage(usage);
  }
  const file = options.get("F");
  const text = options.get("D");
  const job: Job = {
    tool,
    has: (letter) => options.has(letter),
    value: (letter) => options.get(letter),
    headers: (all.get("H") ?? []).map(headerIn),
    body:
      file === undefined
        ? text === undefined
          ? undefined
          : utf8Bytes(text)
        : yield* tool.readAll(file),
  };
  let status = 0;
  for (const operand of operands) status = (yield* download(job, operand)) || status;
  return status;
}

export function headerIn(line: string): readonly [string, string] {
  const colon = line.indexOf(":");
  return colon < 0 ? [line, ""] : [line.slice(0, colon), line.slice(colon + 1).trim()];
}

function* download(job: Job, text: string): Steps<number> {
  const { tool } = job;
  let url = parseUrl(text);
  if (!url)
    return tool.fail(tool.isBusybox ? `bad address '${text}'` : `${text}: Unsupported scheme.`);
  const log = new Log(job);
  for (let hops = 0; hops <= mostRedirects; hops++) {
    log.begins(url);
    const outcome = yield* attempt(job, url, log);
    if (!("response" in outcome)) return log.failed(url, outcome);
    const { response } = outcome;
    log.answered(response);
    const next: Url | undefined = redirectOf(url, response);
    if (!next) return yield* finish(job, url, response, log);
    log.redirected(next);
    url = next;
  }
  return tool.fail(
    tool.isBusybox ? "too many redirections" : `${mostRedirects} redirections exceeded.`,
  );
}

function attempt(
  { tool, value, has, headers, body }: Job,
  url: Url,
  log: Log,
): Steps<FetchOutcome> {
  const seconds = value("T");
  const method = has("I") && !tool.isBusybox ? "HEAD" : body ? "POST" : "GET";
  const agent = value("U") ?? (tool.isBusybox ? "Wget" : "Wget/1.21.3");
  const own: HttpHeaders = [
    ["User-Agent", agent],
    ...(tool.isBusybox
      ? []
      : ([
          ["Accept", "*/*"],
          ["Accept-Encoding", "identity"],
        ] as const)),
    ["Connection", tool.isBusybox ? "close" : "Keep-Alive"],
    ...(url.credentials === undefined
      ? []
      : ([["Authorization", `Basic ${encodeBase64Bytes(utf8Bytes(url.credentials))}`]] as const)),
    ...(body ? ([["Content-Type", "application/x-www-form-urlencoded"]] as const) : []),
  ];
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  return fetchHttp(tool.process, url, {
    method,
    headers: [...own.filter(([name]) => !given.has(name.toLowerCase())), ...headers],
    ...(body ? { body } : {}),
    ...(seconds === undefined ? {} : { timeoutMs: Number(seconds) * second }),
    onAddress: (address) => log.connects(url, address),
  });
}

function* finish(job: Job, url: Url, response: HttpResponse, log: Log): Steps<number> {
  const { tool, has, value } = job;
  const { status, body } = response;
  if (status >= 400) return log.refused(response);
  if (has("I")) return log.exists();
  const output =
    value("O") ?? `${value("P") === undefined ? "" : `${value("P")}/`}${fileNameOf(url)}`;
  if (output === "-") yield* tool.write(body);
  else {
    const isWritten = tool.attempt(
      () => tool.files.write(tool.path(output), body),
      ({ message }) =>
        tool.isBusybox ? `can't open '${output}': ${message}` : `${output}: ${message}`,
    );
    if (!isWritten) return 1;
  }
  log.saved(output, body.length);
  return 0;
}

/** What is said on standard error on the way. */
class Log {
  private readonly tool: Tool;
  private readonly isQuiet: boolean;

  constructor(private readonly job: Job) {
    this.tool = job.tool;
    this.isQuiet = job.has("q");
  }

  begins(url: Url): void {
    if (!this.tool.isBusybox) this.say(`--${this.now()}--  ${urlText(url)}`);
  }

  connects({ host, port }: Url, address: string): void {
    if (this.tool.isBusybox)
      this.say(`Connecting to ${host}${port === 80 ? "" : `:${port}`} (${address}:${port})`);
    else {
      const resolved = host === address ? "" : `Resolving ${host} (${host})... ${address}\n`;
      const shown = host === address ? host : `${host} (${host})|${address}|`;
      this.say(`${resolved}Connecting to ${shown}:${port}... connected.`);
    }
  }

  answered(response: HttpResponse): void {
    const [first = "", ...rest] = headText(response);
    if (!this.tool.isBusybox)
      this.say(`HTTP request sent, awaiting response... ${first.replace(/^\S+ /, "")}`);
    if (!this.job.has("S")) return;
    const lines = this.tool.isBusybox ? [first, ...rest] : rest;
    this.tool.process.stderr.write(lines.map((line) => `  ${line}\n`).join(""));
  }

  redirected(url: Url): void {
    if (!this.tool.isBusybox) this.say(`Location: ${urlText(url)} [following]`);
  }

  exists(): number {
    this.say(this.tool.isBusybox ? "remote file exists" : "Remote file exists.\n");
    return 0;
  }

  refused(response: HttpResponse): number {
    const [first = ""] = headText(response);
    if (this.tool.isBusybox) this.tool.complain(`server returned error: ${first}`);
    else if (this.job.has("I")) this.say("Remote file does not exist -- broken link!!!\n");
    else this.say(`${this.now()} ERROR ${response.status}: ${response.reason ?? ""}.\n`);
    return this.tool.isBusybox ? 1 : 8;
  }

  saved(output: string, size: number): void {
    const isStandard = output === "-";
    if (this.tool.isBusybox) {
      const bar = `${"*".repeat(32)}`;
      const name = output.padEnd(20).slice(0, 20);
      this.say(isStandard ? "writing to stdout" : `saving to '${output}'`);
      this.say(`${name} 100% |${bar}| ${String(size).padStart(5)}  0:00:00 ETA`);
      this.say(isStandard ? "written to stdout" : `'${output}' saved`);
    } else {
      const name = isStandard ? "STDOUT" : `'${output}'`;
      const written = isStandard ? "written to stdout" : `${name} saved`;
      this.say(
        `Length: ${size}\nSaving to: ${name}\n\n${this.now()} - ${written} [${size}/${size}]\n`,
      );
    }
  }

  failed(url: Url, { failure, address = "" }: Extract<FetchOutcome, { failure: unknown }>): number {
    const { tool } = this;
    if (!tool.isBusybox) return this.failedInGnu(url, failure, address);
    switch (failure) {
      case "notFound":
      case "tryAgain":
        tool.complain(`bad address '${authority(url)}'`);
        break;
      case "timeout":
        tool.complain("download timed out");
        break;
      case "empty":
      case "malformed":
        tool.complain("error getting response");
        break;
      case "tls":
        tool.complain(noTls);
        break;
      case "reset":
        tool.complain("error getting response: Connection reset by peer");
        break;
      case "connectTimeout":
        tool.complain(
          this.job.value("T") === undefined
            ? `can't connect to remote host (${address}): ${connectErrors[failure]}`
            : "download timed out",
        );
        break;
      default:
        tool.complain(`can't connect to remote host (${address}): ${connectErrors[failure]}`);
    }
    return 1;
  }

  private failedInGnu(
    { host, port }: Url,
    failure: Extract<FetchOutcome, { failure: unknown }>["failure"],
    address: string,
  ): number {
    if (failure === "notFound" || failure === "tryAgain") {
      const reason =
        failure === "notFound"
          ? "Name or service not known"
          : "Temporary failure in name resolution";
      this.say(
        `Resolving ${host} (${host})... failed: ${reason}.\nwget: unable to resolve host address '${host}'`,
      );
    } else if (failure === "tls") this.say(`${noTls}.`);
    else {
      const reason =
        failure in connectErrors
          ? connectErrors[failure as keyof typeof connectErrors]
          : "Connection timed out";
      const shown = host === address ? host : `${host} (${host})|${address}|`;
      this.say(`Connecting to ${shown}:${port}... failed: ${reason}.`);
    }
    return 4;
  }

  private now(): string {
    return formatDate(this.tool.process.now(), "%Y-%m-%d %H:%M:%S");
  }

  private say(line: string): void {
    if (!this.isQuiet) this.tool.process.stderr.write(`${line}\n`);
  }
}
