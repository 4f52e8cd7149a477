// busybox' httpd: the files of a folder over HTTP. Source: busybox networking/httpd.c.
import { utf8Bytes } from "../../../../../base/utf8.ts";
import { type HttpRequest, type HttpResponse, serveHttp } from "../../../../network/http1.ts";
import { FileError } from "../../../process/fileError.ts";
import { absolutePath } from "../../../process/paths.ts";
import type { ProcessContext } from "../../../process/process.ts";
import type { Steps } from "../../../steps.ts";
import { formatDate } from "../../dates.ts";
import { type Tool, ToolExit } from "../tool.ts";

const usage =
  "[-ifv[v]] [-c CONFFILE] [-p [IP:]PORT] [-u USER[:GRP]] [-r REALM] [-h HOME]\nor httpd -d/-e/-m STRING";
const types: Readonly<Record<string, string>> = {
  htm: "text/html",
  html: "text/html",
  txt: "text/plain",
  css: "text/css",
  js: "text/javascript",
  json: "application/json",
  xml: "text/xml",
  png: "image/png",
  jpg: "image/jpeg",
  gif: "image/gif",
  svg: "image/svg+xml",
};

export function* httpd(tool: Tool, args: readonly string[]): Steps<number> {
  const { options } = tool.options(args, "ifvc:p:u:r:h:d:e:m:", { usage });
  const port = Number((options.get("p") ?? "80").replace(/^.*:/, ""));
  const home = absolutePath(tool.process.cwd, options.get("h") ?? ".");
  if (tool.stat(home)?.kind !== "directory")
    return tool.fail(`can't change directory to '${options.get("h")}': No such file or directory`);
  const serve = (process: ProcessContext) => serveFolder(process, tool, home, port);
  if (options.has("f")) return yield* serve(tool.process);
  // Without -f it goes into the background.
  const child = tool.process.spawn(serve);
  return child.exitCode ?? 0;
}

function* serveFolder(
  process: ProcessContext,
  tool: Tool,
  home: string,
  port: number,
): Steps<number> {
  const listening = process.network.listen("TCP", port, (connection) =>
    process.thread(serveHttp(connection, (request) => answerSteps(tool, home, request))),
  );
  if (!listening) {
    tool.complain("bind: Address already in use");
    throw new ToolExit(1);
  }
  try {
    yield { until: () => ({ dispose: () => undefined }) };
    return 0;
  } finally {
    listening.dispose();
  }
}

// biome-ignore lint/correctness/useYield: the files are there
function* answerSteps(tool: Tool, home: string, request: HttpRequest): Steps<HttpResponse> {
  try {
    return answer(tool, home, request);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return errorPage(403, "Forbidden", "");
  }
}

function answer(tool: Tool, home: string, request: HttpRequest): HttpResponse {
  const path = absolutePath("/", decoded(request.target.replace(/[?#].*$/, "")));
  if (request.method !== "GET" && request.method !== "HEAD")
    return errorPage(501, "Not Implemented", "The requested method is not recognized");
  const isFolder = tool.stat(`${home}${path}`)?.kind === "directory";
  if (isFolder && !request.target.replace(/\?.*$/, "").endsWith("/"))
    return {
      ...errorPage(302, "Found", ""),
      headers: [
        ["Location", `${path}/`],
        ["Connection", "close"],
      ],
    };
  const file = isFolder ? `${home}${path.replace(/\/$/, "")}/index.html` : `${home}${path}`;
  const stat = tool.stat(file);
  if (stat?.kind !== "file") return errorPage(404, "Not Found", "The requested URL was not found");
  const type = types[file.slice(file.lastIndexOf(".") + 1)] ?? "application/octet-stream";
  return {
    status: 200,
    headers: [
      ["Date", httpDate(tool.process.now())],
      ["Connection", "close"],
      ["Content-type", type],
      ["Accept-Ranges", "bytes"],
      ["Last-Modified", httpDate(stat.modifiedAt)],
    ],
    body: tool.files.read(file),
  };
}

function errorPage(status: number, title: string, text: string): HttpResponse {
  const body = `<HTML><HEAD><TITLE>${status} ${title}</TITLE></HEAD>\n<BODY><H1>${status} ${title}</H1>\n${text}\n</BODY></HTML>\n`;
  return {
    status,
    reason: title,
    headers: [
      ["Content-type", "text/html"],
      ["Connection", "close"],
    ],
    body: utf8Bytes(body),
  };
}

function httpDate(at: number): string {
  return formatDate(at, "%a, %d %b %Y %H:%M:%S GMT");
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return path;
    throw error;
  }
}
