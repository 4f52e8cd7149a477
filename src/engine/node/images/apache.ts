// Apache httpd: serves its document root, and writes a line for each request.
// Source: httpd 2.4's default configuration in the official image.

import { civilTime } from "../../../base/time.ts";
import { type HttpResponse, headerOf, reasonOf } from "../../network/http1.ts";
import { type Directory, regularFile } from "../process/fileNode.ts";
import type { Executable, ProcessContext } from "../process/process.ts";
import { untilSignal } from "../process/untilSignal.ts";
import { pause } from "../steps.ts";
import { put } from "./baseFiles.ts";
import { httpDate, logDate, monthName, timeOf, weekdayName } from "./httpDate.ts";
import { type Asked, serveTextAt } from "./httpServer.ts";
import { siteAnswer } from "./staticSite.ts";

const version = "Apache/2.4.65 (Unix)";
const startMs = 200;
const stopMs = 60;
const idle = { cpuMillis: 1, memoryBytes: 9 * 2 ** 20 };
const configFile = "/usr/local/apache2/conf/httpd.conf";

export const apache: Executable = function* (process) {
  yield pause(startMs, "httpd starts");
  process.use(idle);
  const address = process.network.addresses[0] ?? "127.0.0.1";
  for (let i = 0; i < 2; i++)
    process.stderr.write(
      `AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using ${address}. Set the 'ServerName' directive globally to suppress this message\n`,
    );
  notice(process, "mpm_event", `AH00489: ${version} configured -- resuming normal operations`);
  notice(process, "core", "AH00094: Command line: 'httpd -D FOREGROUND'");
  const port = Number(/^\s*Listen\s+(?:\S+:)?(\d+)/m.exec(process.files.readText(configFile))?.[1]);
  serveTextAt(process, port || 80, (asked) => answer(process, asked));
  const signal = yield* untilSignal(process, ["SIGWINCH", "SIGTERM", "SIGINT"]);
  yield pause(stopMs, "httpd stops");
  const said =
    signal === "SIGWINCH"
      ? "AH00492: caught SIGWINCH, shutting down gracefully"
      : "AH00491: caught SIGTERM, shutting down";
  notice(process, "mpm_event", said);
  return 0;
};

function answer(process: ProcessContext, asked: Asked): HttpResponse {
  const site = {
    root: "/usr/local/apache2/htdocs",
    index: ["index.html"],
    headers: [["Server", version]] as const,
    errorPage,
  };
  const response = siteAnswer(process.files, site, asked.request);
  const { method, target, version: http = "HTTP/1.1" } = asked.request;
  process.stdout.write(
    `${asked.connection.peer.address} - - [${logDate(process.now())}] "${method} ${target} ${http}" ${response.status} ${response.body.length || "-"}\n`,
  );
  const type = headerOf(response.headers, "content-type");
  const own = response.headers.filter(([name]) => name !== "Content-Type");
  const headers = type === undefined ? own : [...own, ["Content-Type", type] as const];
  return { ...response, headers: [["Date", httpDate(process.now())], ...headers] };
}

/** "[Thu Jan 01 00:00:05.123456 2026] [mpm_event:notice] [pid 1:tid 1] …". */
function notice(process: ProcessContext, module: string, text: string): void {
  const now = process.now();
  const { year, month, date } = civilTime(now);
  const micros = `${String(now % 1_000).padStart(3, "0")}000`;
  const when = `${weekdayName(now)} ${monthName(month)} ${String(date).padStart(2, "0")} ${timeOf(now)}.${micros} ${year}`;
  process.stderr.write(`[${when}] [${module}:notice] [pid 1:tid 1] ${text}\n`);
}

function errorPage(status: number): string {
  const title = `${status} ${reasonOf(status)}`;
  const why = status === 404 ? "The requested URL was not found on this server." : reasonOf(status);
  return `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${title}</title>\n</head><body>\n<h1>${reasonOf(status)}</h1>\n<p>${why}</p>\n</body></html>\n`;
}

export function furnishApache(files: Directory): void {
  const page = "<html><body><h1>It works!</h1></body></html>\n";
  put(files, "/usr/local/apache2/htdocs/index.html", regularFile(page));
  put(
    files,
    configFile,
    regularFile(
      'ServerRoot "/usr/local/apache2"\nListen 80\nDocumentRoot "/usr/local/apache2/htdocs"\n',
    ),
  );
}
