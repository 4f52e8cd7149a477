// What an nginx server answers: the location that a path falls into, and what is said there.
// Source: nginx ngx_http_core_module, ngx_http_rewrite_module, ngx_http_proxy_module.
import { utf8Bytes } from "../../../base/utf8.ts";
import { isNetworkFailure } from "../../network/containerNetwork.ts";
import {
  exchangeHttp,
  type HttpRequest,
  type HttpResponse,
  headerOf,
} from "../../network/http1.ts";
import type { ProcessContext } from "../process/process.ts";
import type { Steps } from "../steps.ts";
import type { Directive, NginxServer } from "./nginxConfig.ts";
import { nginxErrorPage } from "./nginxPages.ts";
import { errorAnswer, siteAnswer } from "./staticSite.ts";

const defaultRoot = "/etc/nginx/html";
const defaultIndex = ["index.html"];

export function* answerByConfig(
  process: ProcessContext,
  server: NginxServer,
  request: HttpRequest,
): Steps<HttpResponse> {
  const [path = "/"] = request.target.split("?");
  const location = locationFor(server.directives, path);
  const directives = [...(location?.block ?? []), ...server.directives];
  const find = (name: string) => directives.find((directive) => directive.name === name)?.args;
  const returned = find("return");
  if (returned) return returnAnswer(returned, find("default_type"), server, request);
  const upstream = location?.block?.find(({ name }) => name === "proxy_pass")?.args[0];
  if (upstream !== undefined) return yield* proxied(process, upstream, location, request);
  const alias = find("alias")?.[0];
  const prefix = location?.args.at(-1) ?? "/";
  const target = alias === undefined ? request.target : request.target.slice(prefix.length);
  const root = alias ?? find("root")?.[0] ?? defaultRoot;
  const site = siteOf(root, find("index") ?? defaultIndex);
  return siteAnswer(process.files, site, {
    ...request,
    target: tried(process, root, target, find),
  });
}

function siteOf(root: string, index: readonly string[]) {
  return { root: root.replace(/\/$/, ""), index, headers: [], errorPage: nginxErrorPage };
}

/** try_files: the first that is there. */
function tried(
  process: ProcessContext,
  root: string,
  target: string,
  find: (name: string) => readonly string[] | undefined,
): string {
  const [path = "/"] = target.split("?");
  for (const file of find("try_files") ?? []) {
    const candidate = file.replace("$uri", path);
    if (process.files.exists(`${root}${candidate}`)) return candidate;
  }
  return target;
}

/** Exact ones first, then regular expressions in their order, then the longest prefix. */
function locationFor(directives: readonly Directive[], path: string): Directive | undefined {
  const all = directives.filter(({ name }) => name === "location");
  const exact = all.find(({ args }) => args[0] === "=" && args[1] === path);
  if (exact) return exact;
  const prefixes = all
    .filter(({ args }) => !/^(=|~\*?)$/.test(args[0] ?? "") && path.startsWith(args.at(-1) ?? ""))
    .sort((a, b) => (b.args.at(-1) ?? "").length - (a.args.at(-1) ?? "").length);
  if (prefixes[0]?.args[0] === "^~") return prefixes[0];
  return all.find(({ args }) => isMatch(args, path)) ?? prefixes[0];
}

function isMatch([kind = "", pattern = ""]: readonly string[], path: string): boolean {
  if (kind !== "~" && kind !== "~*") return false;
  try {
    return new RegExp(pattern, kind === "~*" ? "i" : "").test(path);
  } catch {
    return false;
  }
}

function returnAnswer(
  [first = "", ...rest]: readonly string[],
  type: readonly string[] | undefined,
  server: NginxServer,
  request: HttpRequest,
): HttpResponse {
  const status = Number(first) || 302;
  const text = Number(first) ? rest.join(" ") : first;
  const value = text
    .replaceAll("$request_uri", request.target)
    .replaceAll("$uri", request.target.split("?")[0] ?? "")
    .replaceAll("$host", headerOf(request.headers, "host")?.split(":")[0] ?? "")
    .replaceAll("$hostname", server.names[0] ?? "")
    .replaceAll("\\n", "\n");
  const page = errorAnswer(siteOf("", []), status);
  if (status >= 301 && status <= 308) return { ...page, headers: [["Location", value]] };
  if (value === "") return status >= 400 ? page : { ...page, body: new Uint8Array() };
  const contentType = type?.[0] ?? "application/octet-stream";
  return { status, headers: [["Content-Type", contentType]], body: utf8Bytes(value) };
}

function* proxied(
  process: ProcessContext,
  upstream: string,
  location: Directive | undefined,
  request: HttpRequest,
): Steps<HttpResponse> {
  const failed = errorAnswer(siteOf("", []), 502);
  const [, host = "", port = "80", base] =
    /^http:\/\/([^:/]+)(?::(\d+))?(\/.*)?$/.exec(upstream) ?? [];
  const addresses = yield* process.network.lookup(host);
  if (!("length" in addresses)) return failed;
  const to = { address: addresses[0] ?? "", port: Number(port), protocol: "TCP" } as const;
  const connection = yield* process.network.connect(to);
  if (isNetworkFailure(connection)) return failed;
  const prefix = location?.args.at(-1) ?? "/";
  const target = base === undefined ? request.target : base + request.target.slice(prefix.length);
  const headers = request.headers.filter(([name]) => !/^(host|connection)$/i.test(name));
  const answer = yield* exchangeHttp(connection, {
    ...request,
    target,
    headers: [["Host", host], ["Connection", "close"], ...headers],
  });
  connection.close();
  if (!answer || "malformed" in answer) return failed;
  const own = /^(connection|server|date|transfer-encoding|content-length)$/i;
  return { ...answer, headers: answer.headers.filter(([name]) => !own.test(name)) };
}
