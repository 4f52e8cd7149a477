// A cluster behind the HTTP handler, without sockets: requests in, answers out.
import assert from "node:assert/strict";
import { Documentation } from "../../src/api/openapi/documentation.ts";
import type { UserInfo } from "../../src/api/user.ts";
import { type Disposable, DisposableStore } from "../../src/base/disposable.ts";
import { uniformCluster } from "../../src/engine/defaultCluster.ts";
import { Engine } from "../../src/engine/engine.ts";
import { CommitGate } from "../../src/engine/host/commitGate.ts";
import { Durability } from "../../src/engine/host/durability.ts";
import { LeaderWait } from "../../src/engine/host/leaderWait.ts";
import { certificateProblem } from "../../src/engine/host/nodeCertificateCheck.ts";
import {
  BodyTooLarge,
  type ByteSink,
  type ClientCertificate,
  type HttpResponse,
} from "../../src/engine/http/exchange.ts";
import { HttpHandler } from "../../src/engine/http/handler.ts";
import {
  TransportError,
  type WebhookTransport,
} from "../../src/engine/http/webhooks/webhookTransport.ts";
import { startedAt } from "./engineCluster.ts";

/** What differs from a plain request of the administrator. */
export interface Sent {
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** A value is sent as JSON. */
  readonly body?: unknown;
  readonly contentType?: string;
  /** Nobody if null. */
  readonly certificate?: ClientCertificate | null;
}

export const adminCertificate: ClientCertificate = {
  isTrusted: true,
  commonName: "kubernetes-admin",
  organizations: ["system:masters"],
  fingerprint: "00",
};

/** A user of the cluster without rights of its own. */
export function certificateOf({ name, groups }: UserInfo): ClientCertificate {
  return { isTrusted: true, commonName: name, organizations: groups, fingerprint: "01" };
}

/** Disposed, it ends the watches that are still open. */
export class HttpCluster extends DisposableStore {
  readonly engine: Engine;
  readonly defects: unknown[] = [];
  /** What answers to webhooks' calls. */
  webhook: WebhookTransport["post"] = async () => {
    throw new TransportError("dial tcp 127.0.0.1:1: connect: connection refused");
  };
  private readonly handler: HttpHandler;
  private ids = 0;

  constructor(workers = 0) {
    super();
    const engine = new Engine({ now: startedAt, seed: 1, spec: uniformCluster(workers) });
    this.engine = engine;
    engine.clock.run(5_000);
    const log = { commit: () => undefined, close: () => undefined };
    const durability = new Durability(log, engine.store, () => 0);
    const wall = { soon: setImmediate, later: () => ({ cancel: () => undefined }) };
    const leaders = new LeaderWait({ etcd: engine.etcd.cluster, clock: engine.clock, wall });
    this.handler = new HttpHandler({
      apiServer: engine.apiServer,
      kinds: engine.kinds,
      tokens: engine.apiServer.tokens,
      gate: new CommitGate(durability, leaders, wall),
      now: () => engine.clock.now(),
      documentation: Documentation.none,
      digest: (text) => String(text.length),
      wallNow: () => 0,
      random: () => 0,
      uuid: () => `00000000-0000-0000-0000-${String(++this.ids).padStart(12, "0")}`,
      status: () => engine.status(),
      webhooks: { post: (request) => this.webhook(request), distrusts: certificateProblem },
      services: {
        post: (request) => new Promise((done) => engine.serviceCalls.post(request, done)),
      },
      kubelet: () => undefined,
      dial: (to, output) => engine.dial(to, output),
      reportDefect: (error) => this.defects.push(error),
    });
  }

  /** Sends a request and returns the answer as it would go out. */
  send(method: string, target: string, sent: Sent = {}): Promise<HttpResponse> {
    const { certificate = adminCertificate } = sent;
    const bytes = bytesOf(sent.body);
    return this.handler.handle({
      method,
      target,
      headers: headersOf(sent),
      ...(certificate ? { certificate } : {}),
      async readBody(limitBytes) {
        if (bytes.length > limitBytes) throw new BodyTooLarge();
        return bytes;
      },
    });
  }

  /** Sends a request; its answer's code and body, which has to be JSON. */
  async json(
    method: string,
    target: string,
    sent?: Sent,
  ): Promise<{ readonly code: number; readonly body: unknown }> {
    const { status, body } = await this.send(method, target, sent);
    return { code: status, body: JSON.parse(String(body)) };
  }

  /** Sends a request; its answer as one line: "409 AlreadyExists configmaps \"a\" already exists". */
  async line(method: string, target: string, sent?: Sent): Promise<string> {
    const { status, headers, body } = await this.send(method, target, sent);
    if (headers["Content-Type"] !== "application/json") return `${status} ${body}`.trimEnd();
    const object = JSON.parse(String(body)) as Record<string, unknown>;
    const words =
      object.kind === "Status" && object.status === "Failure"
        ? [object.reason, object.message]
        : [object.kind];
    return [status, ...words].join(" ");
  }

  /** Opens a watch whose client reads what `reader` lets it. */
  async watch(target: string, reader: Reader, sent?: Sent): Promise<Disposable> {
    const { status, body } = await this.send("GET", target, sent);
    assert.equal(status, 200);
    assert.ok(typeof body === "function", "a watch is a stream");
    return this.add(body(reader));
  }
}

/** The client's end of a stream, which may stop to read. */
export class Reader implements ByteSink {
  readonly lines: string[] = [];
  isEnded = false;
  /** Bytes that were written while it did not read. */
  unreadBytes = 0;
  private isReading = true;
  private readonly drained: (() => void)[] = [];

  write(chunk: string): boolean {
    assert.ok(!this.isEnded, "nothing is written after the end");
    if (this.isReading) this.lines.push(...chunk.split("\n").filter((line) => line !== ""));
    else this.unreadBytes += chunk.length;
    return this.isReading;
  }

  onDrain(listener: () => void): void {
    this.drained.push(listener);
  }

  end(): void {
    this.isEnded = true;
  }

  stopReading(): void {
    this.isReading = false;
  }

  readAgain(): void {
    this.isReading = true;
    for (const listener of this.drained) listener();
  }

  frames(): readonly Frame[] {
    return this.lines.map((line) => JSON.parse(line) as Frame);
  }

  /** "ADDED a", one word each for the frames' types and objects. */
  summary(): readonly string[] {
    return this.frames().map(({ type, object }) =>
      [type, object.metadata?.name ?? object.reason].filter(Boolean).join(" "),
    );
  }
}

export interface Frame {
  readonly type: string;
  readonly object: {
    readonly kind: string;
    readonly metadata?: { readonly name?: string; readonly resourceVersion?: string };
    readonly reason?: string;
    readonly columnDefinitions?: readonly unknown[] | null;
    readonly rows?: readonly { readonly cells: readonly unknown[] }[];
  };
}

function bytesOf(body: unknown): Uint8Array {
  if (body === undefined) return new Uint8Array();
  if (body instanceof Uint8Array) return body;
  return new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
}

function headersOf({ headers = {}, contentType }: Sent): Record<string, readonly string[]> {
  const all = { ...headers, ...(contentType === undefined ? {} : { "content-type": contentType }) };
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [name, typeof value === "string" ? [value] : value]),
  );
}
