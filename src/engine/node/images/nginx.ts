// nginx: serves the files that its configuration says, and writes a line for each request.
// Source: nginx 1.27's default configuration, log formats and pages; the official image's scripts.

import type { Connection } from "../../network/containerNetwork.ts";
import { type HttpRequest, type HttpResponse, headerOf, serveHttp } from "../../network/http1.ts";
import { type Directory, regularFile, symbolicLink } from "../process/fileNode.ts";
import type { Executable, ProcessContext } from "../process/process.ts";
import { serveConnections } from "../process/serveConnections.ts";
import { untilSignal } from "../process/untilSignal.ts";
import { pause, type Steps } from "../steps.ts";
import { put } from "./baseFiles.ts";
import { httpDate, logDate, slashedDate } from "./httpDate.ts";
import { answerByConfig } from "./nginxAnswer.ts";
import { type NginxServer, nginxServers } from "./nginxConfig.ts";
import { nginxErrorPage, nginxVersion } from "./nginxPages.ts";

const startMs = 60;
const stopMs = 40;
const idle = { cpuMillis: 0.2, memoryBytes: 4 * 2 ** 20 };

const entrypointLines = [
  "/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration",
  "/docker-entrypoint.sh: Looking for shell scripts in /docker-entrypoint.d/",
  "/docker-entrypoint.sh: Launching /docker-entrypoint.d/10-listen-on-ipv6-by-default.sh",
  "10-listen-on-ipv6-by-default.sh: info: Getting the checksum of /etc/nginx/conf.d/default.conf",
  "10-listen-on-ipv6-by-default.sh: info: Enabled listen on IPv6 in /etc/nginx/conf.d/default.conf",
  "/docker-entrypoint.sh: Sourcing /docker-entrypoint.d/15-local-resolvers.envsh",
  "/docker-entrypoint.sh: Launching /docker-entrypoint.d/20-envsubst-on-templates.sh",
  "/docker-entrypoint.sh: Launching /docker-entrypoint.d/30-tune-worker-processes.sh",
  "/docker-entrypoint.sh: Configuration complete; ready for start up",
];

export const nginx: Executable = function* (process) {
  const args = process.argv.slice(1);
  if (args.includes("-v")) return say(process, `nginx version: nginx/${nginxVersion}`);
  const servers = nginxServers(process.files);
  if ("error" in servers) {
    notice(process, "emerg", servers.error);
    return 1;
  }
  if (args.includes("-t")) {
    say(process, "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok");
    return say(process, "nginx: configuration file /etc/nginx/nginx.conf test is successful");
  }
  if (args.includes("-s")) return stopRunning(process, args[args.indexOf("-s") + 1]);
  return yield* serve(process, servers);
};

function* serve(process: ProcessContext, servers: readonly NginxServer[]): Steps<number> {
  if (process.pid === 1) for (const line of entrypointLines) process.stdout.write(`${line}\n`);
  yield pause(startMs, "nginx starts");
  for (const text of [
    'using the "epoll" event method',
    `nginx/${nginxVersion}`,
    "built by gcc 12.2.0 (Debian 12.2.0-14+deb12u1)",
    "OS: Linux 6.8.0-79-generic",
    "getrlimit(RLIMIT_NOFILE): 1048576:1048576",
    "start worker processes",
  ])
    notice(process, "notice", text);
  process.use(idle);
  for (const port of new Set(servers.map((server) => server.port)))
    serveConnections(process, port, (connection) => {
      const own = servers.filter((server) => server.port === port);
      return serveHttp(connection, (request) => answer(process, own, request, connection));
    });
  const signal = yield* untilSignal(process);
  const number = signal === "SIGQUIT" ? "3 (SIGQUIT) received, shutting down" : signalText[signal];
  notice(process, "notice", `signal ${number ?? signal}`);
  yield pause(stopMs, "nginx stops");
  notice(process, "notice", "exit");
  return 0;
}

const signalText: Partial<Record<string, string>> = {
  SIGTERM: "15 (SIGTERM) received, exiting",
  SIGINT: "2 (SIGINT) received, exiting",
};

function* answer(
  process: ProcessContext,
  servers: readonly NginxServer[],
  request: HttpRequest,
  connection: Connection,
): Steps<HttpResponse> {
  const host = headerOf(request.headers, "host")?.split(":")[0] ?? "";
  const server = servers.find(({ names }) => names.includes(host)) ?? servers[0];
  const response = server
    ? yield* answerByConfig(process, server, request)
    : { status: 404, headers: [], body: new Uint8Array() };
  log(process, request, response, connection);
  return {
    ...response,
    headers: [
      ["Server", `nginx/${nginxVersion}`],
      ["Date", httpDate(process.now())],
      ...response.headers,
    ],
  };
}

/** The log format "main" of the image's configuration. */
function log(
  process: ProcessContext,
  { method, target, headers, version: http = "HTTP/1.1" }: HttpRequest,
  { status, body }: HttpResponse,
  { peer }: Connection,
): void {
  const quoted = (name: string): string => `"${headerOf(headers, name) ?? "-"}"`;
  const size = method === "HEAD" ? 0 : body.length;
  const line = `${peer.address} - - [${logDate(process.now())}] "${method} ${target} ${http}" ${status} ${size} ${quoted("referer")} ${quoted("user-agent")} ${quoted("x-forwarded-for")}\n`;
  process.files.sink("/var/log/nginx/access.log", { append: true }).write(line);
}

function notice(process: ProcessContext, level: string, text: string): void {
  process.stderr.write(
    `${slashedDate(process.now())} [${level}] ${process.pid}#${process.pid}: ${text}\n`,
  );
}

function say(process: ProcessContext, text: string): number {
  process.stderr.write(`${text}\n`);
  return 0;
}

/** `nginx -s quit` and its kin, run beside the server. */
function stopRunning(process: ProcessContext, how = ""): number {
  const signals = {
    quit: "SIGQUIT",
    stop: "SIGTERM",
    reload: "SIGHUP",
    reopen: "SIGUSR1",
  } as const;
  const signal = Object.entries(signals).find(([name]) => name === how)?.[1];
  if (!signal) return say(process, `nginx: invalid option: "-s ${how}"`) + 1;
  process.processes.signal(1, signal);
  notice(process, "notice", "signal process started");
  return 0;
}

const welcome = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
<style>
html { color-scheme: light dark; }
body { width: 35em; margin: 0 auto;
font-family: Tahoma, Verdana, Arial, sans-serif; }
</style>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>If you see this page, the nginx web server is successfully installed and
working. Further configuration is required.</p>

<p>For online documentation and support please refer to
<a href="http://nginx.org/">nginx.org</a>.<br/>
Commercial support is available at
<a href="http://nginx.com/">nginx.com</a>.</p>

<p><em>Thank you for using nginx.</em></p>
</body>
</html>
`;

const mainConfig = `user  nginx;
worker_processes  auto;

error_log  /var/log/nginx/error.log notice;
pid        /run/nginx.pid;

events {
    worker_connections  1024;
}

http {
    include       /etc/nginx/mime.types;
    default_type  application/octet-stream;
    access_log  /var/log/nginx/access.log  main;
    sendfile        on;
    keepalive_timeout  65;
    include /etc/nginx/conf.d/*.conf;
}
`;

const defaultServer = `server {
    listen       80;
    listen  [::]:80;
    server_name  localhost;

    location / {
        root   /usr/share/nginx/html;
        index  index.html index.htm;
    }

    error_page   500 502 503 504  /50x.html;
    location = /50x.html {
        root   /usr/share/nginx/html;
    }
}
`;

export function furnishNginx(files: Directory): void {
  put(files, "/usr/share/nginx/html/index.html", regularFile(welcome));
  put(files, "/usr/share/nginx/html/50x.html", regularFile(nginxErrorPage(500)));
  put(files, "/etc/nginx/nginx.conf", regularFile(mainConfig));
  put(files, "/etc/nginx/mime.types", regularFile("types {\n    text/html  html htm;\n}\n"));
  put(files, "/etc/nginx/conf.d/default.conf", regularFile(defaultServer));
  put(files, "/var/log/nginx/access.log", symbolicLink("/dev/stdout"));
  put(files, "/var/log/nginx/error.log", symbolicLink("/dev/stderr"));
}
