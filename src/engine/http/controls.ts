// What a simulated cluster can do beyond Kubernetes' API, for clients outside: the engine's contract under
// /kubernetes-tutor/v1/. It is for whoever holds the cluster's own administrator key: some of it reads and
// writes files of this machine.
import { genericError } from "../../api/status.ts";
import type { UserInfo } from "../../api/user.ts";
import { type Disposable, disposable } from "../../base/disposable.ts";
import type { ErrorCodec, Handlers, StreamSink } from "../../base/rpc.ts";
import type { EngineContract } from "../../client/engineContract.ts";
import { type CallAnswer, controlsPath, type StreamLine } from "../../client/httpRemote.ts";
import { jsonAnswer, pageNotFound } from "./answers.ts";
import { compactJson, jsonType } from "./encode.ts";
import type { ByteSink, HttpRequest, HttpResponse } from "./exchange.ts";

const longestBody = 16 * 1024 * 1024;
/** Items that wait for a client before it is cut off. */
const mostWaiting = 200_000;
/** Whoever opened the cluster closes it. */
const notOffered: ReadonlySet<string> = new Set(["close"]);
/** Calls that change nothing can be looked at with a GET. */
const looks: ReadonlySet<string> = new Set(["status", "schedulerConfiguration"]);

/** Source: apiserver pkg/authentication/user SystemPrivilegedGroup. */
const administrators = "system:masters";

export interface ControlRequest {
  readonly request: HttpRequest;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly user: UserInfo;
}

interface AnyHandlers {
  readonly calls: Readonly<Record<string, (...params: unknown[]) => unknown>>;
  readonly streams: Readonly<Record<string, (...params: unknown[]) => Disposable>>;
}

export class Controls {
  private readonly handlers: AnyHandlers;

  constructor(
    handlers: Handlers<EngineContract>,
    private readonly errors: ErrorCodec,
  ) {
    this.handlers = handlers as unknown as AnyHandlers;
  }

  /** @returns undefined for a path that is not one of these; throws an ApiError Forbidden */
  answer({ request, path, query, user }: ControlRequest): Promise<HttpResponse> | undefined {
    if (!path.startsWith(controlsPath)) return undefined;
    if (!user.groups.includes(administrators))
      throw genericError(403, "Forbidden", `forbidden: ${user.name} may not control the cluster`);
    return this.answerOperation(request, path.slice(controlsPath.length), query);
  }

  private async answerOperation(
    request: HttpRequest,
    name: string,
    query: URLSearchParams,
  ): Promise<HttpResponse> {
    const call = find(this.handlers.calls, name);
    const stream = find(this.handlers.streams, name);
    if (request.method === "POST" && call) return this.answerCall(call, await paramsIn(request));
    if (request.method !== "GET") return pageNotFound;
    const params = parsed(query.get("params") ?? "[]");
    if (stream) return this.answerStream((sink) => stream(...params, sink));
    return call && looks.has(name) ? this.answerCall(call, []) : pageNotFound;
  }

  private async answerCall(
    call: (...params: unknown[]) => unknown,
    params: readonly unknown[],
  ): Promise<HttpResponse> {
    let answer: CallAnswer;
    try {
      answer = { value: await call(...params) };
    } catch (error) {
      answer = { error: this.errors.encode(error) };
    }
    return jsonAnswer(200, answer);
  }

  private answerStream(open: (sink: StreamSink<unknown>) => Disposable): HttpResponse {
    return {
      status: 200,
      headers: { "Content-Type": jsonType },
      body: (sink) => {
        const lines = new Lines(sink, this.errors);
        lines.startedAs(open(lines));
        return lines;
      },
    };
  }
}

/** A stream on the wire. What a slow client has not read waits and leaves together. */
class Lines implements StreamSink<unknown>, Disposable {
  private waiting: unknown[] = [];
  private isBlocked = false;
  private isOver = false;
  private source: Disposable = disposable(() => undefined);

  constructor(
    private readonly sink: ByteSink,
    private readonly errors: ErrorCodec,
  ) {
    sink.onDrain(() => {
      this.isBlocked = false;
      this.pump();
    });
  }

  startedAs(source: Disposable): void {
    this.source = source;
    if (this.isOver) source.dispose();
  }

  next(batch: readonly unknown[]): void {
    if (this.isOver) return;
    for (const item of batch) this.waiting.push(item);
    this.pump();
    if (this.waiting.length > mostWaiting) this.end();
  }

  fail(error: unknown): void {
    if (!this.isOver) this.write({ error: this.errors.encode(error) });
    this.end();
  }

  end(): void {
    if (!this.isOver) this.sink.end();
    this.dispose();
  }

  dispose(): void {
    this.isOver = true;
    this.waiting = [];
    this.source.dispose();
  }

  private pump(): void {
    if (this.isBlocked || this.waiting.length === 0) return;
    const batch = this.waiting;
    this.waiting = [];
    this.write({ batch });
  }

  private write(line: StreamLine): void {
    this.isBlocked = !this.sink.write(`${compactJson(line)}\n`);
  }
}

function find<F>(operations: Readonly<Record<string, F>>, name: string): F | undefined {
  return Object.hasOwn(operations, name) && !notOffered.has(name) ? operations[name] : undefined;
}

async function paramsIn(request: HttpRequest): Promise<readonly unknown[]> {
  const bytes = await request.readBody(longestBody);
  return bytes.length === 0 ? [] : parsed(new TextDecoder().decode(bytes));
}

/** @throws ApiError BadRequest */
function parsed(text: string): readonly unknown[] {
  try {
    const params: unknown = JSON.parse(text);
    if (Array.isArray(params)) return params;
  } catch {
    // Said below.
  }
  throw genericError(400, "BadRequest", "the parameters are not a list in JSON");
}
