// The other end of a connection to a simulated server: reads HTTP/1.1 requests and answers each with what
// the server is known to say. Servers of other protocols accept and keep silent.
import type { PortConnection, PortOutput } from "./kubeletStreams.ts";

export interface SimulatedAnswer {
  readonly status: number;
  readonly body: string;
}

const latin1 = new TextDecoder("latin1");
const toUtf8 = new TextEncoder();
/** Longer than any header that a server would take. */
const mostPending = 64 * 1024;

const reasons: Readonly<Record<number, string>> = {
  200: "OK",
  204: "No Content",
  301: "Moved Permanently",
  302: "Found",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
};

export class HttpConversation implements PortConnection {
  private pending = "";
  /** Bytes of a request's body that are still to come. */
  private bodyLeft = 0;
  private isOver = false;

  /** `answer` of a path; undefined where nobody speaks HTTP. */
  constructor(
    private readonly output: PortOutput,
    private readonly answer: (path: string) => SimulatedAnswer | undefined,
  ) {}

  write(bytes: Uint8Array): void {
    if (this.isOver) return;
    this.pending += latin1.decode(bytes);
    while (!this.isOver && this.readRequest());
    if (this.pending.length > mostPending) this.close();
  }

  end(): void {
    this.close();
  }

  dispose(): void {
    this.isOver = true;
  }

  /** Answers the next request; false if it is not complete. */
  private readRequest(): boolean {
    const skipped = Math.min(this.bodyLeft, this.pending.length);
    this.pending = this.pending.slice(skipped);
    this.bodyLeft -= skipped;
    const end = this.pending.indexOf("\r\n\r\n");
    if (this.bodyLeft > 0 || end < 0) return false;
    const head = this.pending.slice(0, end);
    this.pending = this.pending.slice(end + "\r\n\r\n".length);
    this.bodyLeft = Number(/^content-length:\s*(\d+)/im.exec(head)?.[1] ?? 0);
    this.respond(head);
    return true;
  }

  private respond(head: string): void {
    const [, method = "", path] = /^([A-Z]+) (\S+) HTTP\/1\.[01]/.exec(head) ?? [];
    const found = path === undefined ? { status: 400, body: "Bad Request\n" } : this.answer(path);
    if (!found) {
      this.close();
      return;
    }
    const { status, body } = found;
    const closes = path === undefined || /^connection:.*close/im.test(head);
    const bytes = toUtf8.encode(body);
    const lines = [
      `HTTP/1.1 ${status} ${reasons[status] ?? ""}`,
      "Content-Type: text/plain; charset=utf-8",
      `Content-Length: ${bytes.length}`,
      `Connection: ${closes ? "close" : "keep-alive"}`,
    ];
    this.output.data(toUtf8.encode(`${lines.join("\r\n")}\r\n\r\n`));
    if (method !== "HEAD") this.output.data(bytes);
    if (closes) this.close();
  }

  private close(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.output.closed();
  }
}
