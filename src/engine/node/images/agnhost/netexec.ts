// agnhost netexec: what tests of networks, hooks and probes talk to. Source: test/images/agnhost/netexec.
import { formatTime, second } from "../../../../base/time.ts";
import { utf8Bytes } from "../../../../base/utf8.ts";
import { type Connection, isNetworkFailure } from "../../../network/containerNetwork.ts";
import { exchangeHttp, type HttpResponse, headerOf } from "../../../network/http1.ts";
import { Pipe, readAll } from "../../process/byteStream.ts";
import { textOf } from "../../process/byteText.ts";
import type { Executable, ProcessContext } from "../../process/process.ts";
import { serveConnections } from "../../process/serveConnections.ts";
import { untilSignal } from "../../process/untilSignal.ts";
import { pause, type Steps } from "../../steps.ts";
import { flagsOf, numberFlag } from "../flags.ts";
import { type Asked, notFound, serveAt, textAnswer } from "../httpServer.ts";
import { klogLine } from "../klogLine.ts";

const terminatedCode = 2;

export const netexec: Executable = function* (process) {
  const flags = flagsOf(process.argv.slice(2));
  const httpPort = numberFlag(flags, "http-port", 8_080);
  const udpPort = numberFlag(flags, "udp-port", 8_081);
  const server = new NetExec(process, flags.values.get("http-override"));
  process.stderr.write(klogLine(process, "netexec.go", `Started HTTP server on port ${httpPort}`));
  serveAt(process, httpPort, (asked) => server.answer(asked));
  if (udpPort > 0) {
    process.stderr.write(klogLine(process, "netexec.go", `Started UDP server on port  ${udpPort}`));
    serveConnections(process, udpPort, (connection) => server.datagrams(connection), "UDP");
  }
  process.thread(server.untilStopped(numberFlag(flags, "delay-shutdown", 0)));
  return yield* server.exited();
};

class NetExec {
  private exitCode: number | undefined;
  private wake: (() => void) | undefined;

  constructor(
    private readonly process: ProcessContext,
    private readonly override: string | undefined,
  ) {}

  *untilStopped(delaySeconds: number): Steps {
    yield* untilSignal(this.process, ["SIGTERM"]);
    if (delaySeconds > 0) yield pause(delaySeconds * second, "netexec delays its shutdown");
    this.exit(delaySeconds > 0 ? 0 : terminatedCode);
  }

  *exited(): Steps<number> {
    while (this.exitCode === undefined)
      yield {
        until: (resume) => {
          this.wake = resume;
          return { dispose: () => undefined };
        },
      };
    return this.exitCode;
  }

  *answer(asked: Asked): Steps<HttpResponse> {
    const { request, path, query, connection } = asked;
    const target = this.override ?? path;
    this.log(`${request.method} ${request.target}`);
    switch (target) {
      case "/":
        return textAnswer(`NOW: ${formatTime(this.process.now())}`);
      case "/clientip":
        return textAnswer(`${connection.peer.address}:${connection.peer.port}`);
      case "/header":
        return textAnswer(headerOf(request.headers, query.get("key") ?? "") ?? "");
      case "/echo":
        return textAnswer(query.get("msg") ?? "", Number(query.get("code") ?? 200) || 200);
      case "/healthz":
        return textAnswer("");
      case "/hostname":
      case "/hostName":
        return textAnswer(this.process.hostname);
      case "/redirect":
        return {
          ...textAnswer(""),
          status: Number(query.get("code") ?? 302),
          headers: [["Location", query.get("location") ?? "/"]],
        };
      case "/shell":
      case "/shutdown":
        return yield* this.shell(query.get("shellCommand") ?? query.get("cmd") ?? "");
      case "/dial":
        return yield* this.dial(query);
      case "/exit":
        return yield* this.exitWhenAsked(query);
      default:
        return target.startsWith("/echo") ? textAnswer(query.get("msg") ?? "") : notFound;
    }
  }

  *datagrams(connection: Connection): Steps {
    for (let bytes = yield* connection.read(); bytes; bytes = yield* connection.read()) {
      const text = textOf(bytes).trim();
      this.log(`Received: ${text}`);
      const [command = "", ...rest] = text.split(" ");
      const answers: Readonly<Record<string, string>> = {
        hostname: this.process.hostname,
        clientip: `${connection.peer.address}:${connection.peer.port}`,
        echo: rest.join(" "),
      };
      const answer = answers[command.toLowerCase()];
      if (answer !== undefined) connection.write(utf8Bytes(answer));
    }
  }

  private *shell(command: string): Steps<HttpResponse> {
    const program = this.process.find("sh");
    if (!program) return json({ error: "sh: not found" });
    const output = new Pipe();
    const child = this.process.spawn(program, {
      argv: ["sh", "-c", command],
      stdout: output.sink,
      stderr: output.sink,
    });
    const code = yield* child.wait();
    const text = textOf(yield* readAll(output));
    return json({ ...(code === 0 ? {} : { error: `exit status ${code}` }), output: text });
  }

  /** Asks another netexec, over HTTP or UDP, so that a test can ask from within the cluster. */
  private *dial(query: ReadonlyMap<string, string>): Steps<HttpResponse> {
    const {
      host = "",
      port = "",
      request = "hostname",
      protocol = "http",
      tries = "1",
    } = Object.fromEntries(query);
    const responses: string[] = [];
    const errors: string[] = [];
    for (let left = Number(tries); left > 0; left--) {
      const asking =
        protocol === "udp" ? this.askUdp(host, port, request) : this.askHttp(host, port, request);
      const answer = yield* asking;
      if ("text" in answer) responses.push(answer.text);
      else errors.push(answer.error);
    }
    return json({
      ...(responses.length > 0 ? { responses } : {}),
      ...(errors.length > 0 ? { errors } : {}),
    });
  }

  private *askHttp(host: string, port: string, request: string): Steps<Answer> {
    const connection = yield* this.open(host, port, "TCP");
    if ("error" in connection) return connection;
    const answer = yield* exchangeHttp(connection, {
      method: "GET",
      target: `/${request}`,
      headers: [
        ["Host", `${host}:${port}`],
        ["Connection", "close"],
      ],
      body: new Uint8Array(),
    });
    connection.close();
    if (!answer || "malformed" in answer) return { error: "EOF" };
    return { text: textOf(answer.body) };
  }

  private *askUdp(host: string, port: string, request: string): Steps<Answer> {
    const connection = yield* this.open(host, port, "UDP");
    if ("error" in connection) return connection;
    connection.write(utf8Bytes(request));
    const read = yield* this.process.within(udpTimeoutMs, connection.read());
    connection.close();
    if (read === "late" || !read.value) return { error: `read udp ${host}:${port}: i/o timeout` };
    return { text: textOf(read.value) };
  }

  private *open(
    host: string,
    port: string,
    protocol: "TCP" | "UDP",
  ): Steps<Connection | { error: string }> {
    const addresses = yield* this.process.network.lookup(host);
    if (!("length" in addresses))
      return { error: `dial ${protocol.toLowerCase()}: lookup ${host}: no such host` };
    const to = {
      address: addresses[0] ?? "",
      port: Number(port),
      protocol,
      timeoutMs: dialTimeoutMs,
    };
    const connection = yield* this.process.network.connect(to);
    if (!isNetworkFailure(connection)) return connection;
    const why = connection.failure === "refused" ? "connect: connection refused" : "i/o timeout";
    return { error: `dial ${protocol.toLowerCase()} ${host}:${port}: ${why}` };
  }

  private *exitWhenAsked(query: ReadonlyMap<string, string>): Steps<HttpResponse> {
    const code = Number(query.get("code") ?? 0);
    const wait = Number.parseFloat(query.get("wait") ?? "0") * second;
    this.process.thread(this.exitAfter(wait || 1, code));
    yield pause(0, "netexec is to exit");
    return textAnswer("");
  }

  private *exitAfter(wait: number, code: number): Steps {
    yield pause(wait, "netexec exits");
    this.exit(code);
  }

  private exit(code: number): void {
    this.exitCode ??= code;
    this.wake?.();
  }

  private log(text: string): void {
    this.process.stderr.write(klogLine(this.process, "netexec.go", text));
  }
}

type Answer = { readonly text: string } | { readonly error: string };

const udpTimeoutMs = 5 * second;
const dialTimeoutMs = 5 * second;

function json(value: unknown): HttpResponse {
  return textAnswer(JSON.stringify(value));
}
