// python, node and go, of whose languages nothing is understood but how a program is likely to end:
// servers serve, the rest prints what it plainly says and exits.

import { readAll } from "../process/byteStream.ts";
import { baseName } from "../process/paths.ts";
import type { Executable, ProcessContext } from "../process/process.ts";
import { untilSignal } from "../process/untilSignal.ts";
import { pause, type Steps } from "../steps.ts";
import { logDate } from "./httpDate.ts";
import { serveTextAt, textAnswer } from "./httpServer.ts";
import { siteAnswer } from "./staticSite.ts";

const startMs = 120;
const idle = { cpuMillis: 1, memoryBytes: 16 * 2 ** 20 };

export const interpreter: Executable = function* (process) {
  const [first, second, third] = process.argv.slice(1);
  yield pause(startMs, `${process.argv[0]} starts`);
  process.use(idle);
  if (first === "--version" || first === "-V" || first === "version") return version(process);
  if (first === "-m" && second === "http.server")
    return yield* fileServer(process, Number(third ?? 8_000));
  if (first === "-c" || first === "-e") return yield* runCode(process, second ?? "");
  if (first === undefined || first === "-") {
    // What is typed into it is read, and not understood.
    yield* readAll(process.stdin);
    return 0;
  }
  return yield* runScript(process, first);
};

function version(process: ProcessContext): number {
  const names: Readonly<Record<string, string>> = {
    node: "v22.20.0",
    go: "go version go1.25.1 linux/amd64",
  };
  process.stdout.write(`${names[baseName(process.argv[0] ?? "")] ?? "Python 3.13.7"}\n`);
  return 0;
}

function* runScript(process: ProcessContext, file: string): Steps<number> {
  const path = file.startsWith("/") ? file : `${process.cwd}/${file}`;
  if (process.files.exists(path)) return yield* runCode(process, process.files.readText(path));
  const said = `${process.argv[0]}: can't open file '${path}': [Errno 2] No such file or directory`;
  process.stderr.write(`${said}\n`);
  return 2;
}

const serves =
  /while True|while \(true\)|http\.server|serve_forever|createServer|\.listen\(|setInterval|app\.run/;

function* runCode(process: ProcessContext, code: string): Steps<number> {
  for (const [, text = ""] of code.matchAll(
    /(?:print|console\.log)\(\s*f?["'`]([^"'`]*)["'`]\s*\)/g,
  ))
    process.stdout.write(`${text}\n`);
  const port = /(?:listen\(|port\s*=\s*|["']\s*,\s*)(\d{2,5})\b/.exec(code)?.[1];
  if (serves.test(code)) {
    if (port !== undefined) serveTextAt(process, Number(port), () => textAnswer("ok\n"));
    yield* untilSignal(process, ["SIGINT"]);
    return 130;
  }
  const exit = /\b(?:sys\.|process\.)?exit\((\d+)\)/.exec(code)?.[1];
  if (exit !== undefined) return Number(exit);
  return /\braise\b|throw /.test(code) ? 1 : 0;
}

function* fileServer(process: ProcessContext, port: number): Steps<number> {
  process.stdout.write(`Serving HTTP on 0.0.0.0 port ${port} (http://0.0.0.0:${port}/) ...\n`);
  const site = {
    root: process.cwd === "/" ? "" : process.cwd,
    index: ["index.html", "index.htm"],
    headers: [["Server", "SimpleHTTP/0.6 Python/3.13.7"]] as const,
    errorPage: (status: number) => `<h1>Error response</h1><p>Error code: ${status}</p>`,
  };
  serveTextAt(process, port, ({ request, connection }) => {
    const answer = siteAnswer(process.files, site, request);
    process.stderr.write(
      `${connection.peer.address} - - [${logDate(process.now())}] "${request.method} ${request.target} HTTP/1.1" ${answer.status} -\n`,
    );
    return answer;
  });
  yield* untilSignal(process, ["SIGINT"]);
  return 130;
}
