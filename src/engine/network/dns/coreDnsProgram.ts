// CoreDNS as the program of its container: reads its Corefile, listens, and answers by what it has seen of
// the API. Source: coredns v1.12.1, coremain/run.go, plugin/{health,ready,log,reload,metrics}.
import { second } from "../../../base/time.ts";
import { utf8Bytes } from "../../../base/utf8.ts";
import type { ProcessContext } from "../../node/process/process.ts";
import { serveConnections } from "../../node/process/serveConnections.ts";
import { untilSignal } from "../../node/process/untilSignal.ts";
import { pause, type Steps } from "../../node/steps.ts";
import type { Connection } from "../containerNetwork.ts";
import { type HttpRequest, type HttpResponse, serveHttp } from "../http1.ts";
import type { ClusterNames } from "./clusterZone.ts";
import { type CoreDnsWorld, coreDnsReply } from "./coreDns.ts";
import {
  type CorefileError,
  type PluginLine,
  parseCorefile,
  type ServerBlock,
} from "./corefile.ts";
import { type DnsMessage, encodeMessage } from "./dnsMessage.ts";
import { serveDns } from "./serveDns.ts";

const version = "1.12.1";
const startMs = 250;
const upstreamTimeoutMs = 2 * second;
const idle = { cpuMillis: 3, memoryBytes: 16 * 2 ** 20 };
const defaultPath = "Corefile";

/** @param names what the cluster's API tells it */
export function coreDnsProgram(names: ClusterNames) {
  return function* (process: ProcessContext): Steps<number> {
    const at = process.argv.indexOf("-conf");
    const server = new CoreDnsServer(process, names, process.argv[at + 1] ?? defaultPath);
    yield pause(startMs, "CoreDNS starts");
    const problem = server.start();
    if (problem !== undefined) {
      process.stderr.write(`${problem}\n`);
      return 1;
    }
    process.use(idle);
    yield* untilSignal(process, ["SIGTERM", "SIGINT"]);
    process.stdout.write("[INFO] SIGTERM: Shutting down servers then terminating\n");
    const { lameDuckMs } = server;
    if (lameDuckMs > 0) {
      const span = `${lameDuckMs / second}s`;
      process.stdout.write(`[INFO] plugin/health: Going into lameduck mode for ${span}\n`);
      yield pause(lameDuckMs, "CoreDNS is a lame duck");
    }
    return 0;
  };
}

class CoreDnsServer {
  private text = "";
  private blocks: readonly ServerBlock[] = [];
  private readonly world: CoreDnsWorld;

  constructor(
    private readonly process: ProcessContext,
    names: ClusterNames,
    private readonly path: string,
  ) {
    this.world = {
      names,
      serial: Math.floor(process.now() / second),
      readFile: (file) => (process.files.exists(file) ? process.files.readText(file) : undefined),
      ask: (question, server) =>
        process.network.query({ ...question, server, timeoutMs: upstreamTimeoutMs }),
      below: (bound) => process.random.below(bound),
    };
  }

  /** How long it goes on answering after it was told to stop. */
  get lameDuckMs(): number {
    const health = this.plugin("health");
    const [, span = "0s"] = health?.options.find(([name]) => name === "lameduck") ?? [];
    return Number.parseFloat(span) * second;
  }

  /** @returns why it can't */
  start(): string | undefined {
    const read = this.read();
    if ("error" in read) return read.error;
    this.blocks = read;
    const zones = this.blocks.flatMap((block) => block.zones);
    const ports = new Set(zones.map(({ port }) => port));
    for (const port of ports)
      for (const protocol of ["UDP", "TCP"] as const) {
        const answer = (query: DnsMessage, client: Connection) => this.answer(query, port, client);
        const opened = this.process.network.listen(protocol, port, (connection) =>
          this.process.thread(serveDns(connection, (query) => answer(query, connection))),
        );
        if (!opened)
          return `Listen: listen ${protocol.toLowerCase()} :${port}: bind: address already in use`;
      }
    this.serveStatus();
    const { stdout } = this.process;
    for (const { name, port } of zones) stdout.write(`${name}:${port}\n`);
    stdout.write(`CoreDNS-${version}\nlinux/amd64, go1.24.1, 707c7c1\n`);
    return undefined;
  }

  private read(): readonly ServerBlock[] | CorefileError {
    this.text = this.world.readFile(this.path) ?? "";
    if (this.text === "")
      return { error: `loading Caddyfile via flag: open ${this.path}: no such file or directory` };
    return parseCorefile(this.text, this.path);
  }

  /** The plugin reload: what was written since is in force, unless it is wrong. */
  private reload(): void {
    const text = this.world.readFile(this.path);
    if (text === undefined || text === this.text || !this.plugin("reload")) return;
    this.process.stdout.write("[INFO] Reloading\n");
    const read = this.read();
    if ("error" in read) this.process.stdout.write(`[ERROR] Restart failed: ${read.error}\n`);
    else {
      this.blocks = read;
      this.process.stdout.write("[INFO] Reloading complete\n");
    }
  }

  private *answer(query: DnsMessage, port: number, client: Connection): Steps<DnsMessage> {
    this.reload();
    const { blocks, world } = this;
    const reply = yield* coreDnsReply(query, { blocks, port, world });
    if (this.plugin("log")) this.log(query, reply, client);
    return reply;
  }

  private log({ id, question }: DnsMessage, reply: DnsMessage, { peer }: Connection): void {
    const { status, isAuthoritative } = reply;
    const flags = [
      "qr",
      ...(isAuthoritative ? ["aa"] : []),
      "rd",
      ...(isAuthoritative ? [] : ["ra"]),
    ];
    const asked = encodeMessage({ ...reply, records: [], authority: [] }).length;
    this.process.stdout.write(
      `[INFO] ${peer.address}:${peer.port} - ${id} "${question.type} IN ${question.name} udp ${asked} false 512" ` +
        `${status} ${flags.join(",")} ${encodeMessage(reply).length} 0.000123s\n`,
    );
  }

  private serveStatus(): void {
    const pages: readonly (readonly [plugin: string, port: number, path: string, text: string])[] =
      [
        ["health", 8080, "/health", "OK"],
        ["ready", 8181, "/ready", "OK"],
        ["prometheus", 9153, "/metrics", metricsText],
      ];
    for (const [name, usual, path, text] of pages) {
      const [place = ""] = this.plugin(name)?.words ?? [];
      const port = Number(place.split(":").at(-1)) || usual;
      if (this.plugin(name))
        serveConnections(this.process, port, (connection) =>
          serveHttp(connection, (request) => page(request, path, text)),
        );
    }
  }

  private plugin(name: string): PluginLine | undefined {
    return this.blocks.flatMap(({ plugins }) => plugins).find((plugin) => plugin.name === name);
  }
}

function* page({ target }: HttpRequest, path: string, text: string): Steps<HttpResponse> {
  // The answer is known at once.
  yield* [];
  const isFound = target.split("?")[0] === path;
  const headers = [["Content-Type", "text/plain; charset=utf-8"]] as const;
  return {
    status: isFound ? 200 : 404,
    headers,
    body: utf8Bytes(isFound ? text : "404 page not found\n"),
  };
}

const metricsText = `# HELP coredns_build_info A metric with a constant '1' value labeled by version, revision, and goversion from which CoreDNS was built.
# TYPE coredns_build_info gauge
coredns_build_info{goversion="go1.24.1",revision="707c7c1",version="${version}"} 1
`;
