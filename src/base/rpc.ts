// Typed calls and streams over any port that carries messages in order: a worker's, a webview's.
// A contract ties each request to its reply, so that neither side can claim another type. Everything
// here is asynchronous by nature: of base/, the engine's core never imports this file.
import type { Disposable } from "./disposable.ts";
import type { Event } from "./emitter.ts";

/**
 * What one side offers to the other, as the signatures of functions that are never written down:
 *
 *     interface EngineContract {
 *       calls: { create(params: CreateParams): KubeObject; pause(): void };
 *       streams: { watch(params: WatchParams): WatchEvent[] };   // the element of the batches
 *     }
 */
export interface Contract {
  readonly calls: object;
  readonly streams: object;
}

/** One end of a channel that clones what it carries: a worker, a MessagePort, a webview. */
export interface Port {
  post(message: unknown): void;
  /** May carry foreign messages as well; they are ignored. */
  readonly onMessage: Event<unknown>;
}

/** Turns errors into data that a port can clone, and back. */
export interface ErrorCodec {
  encode(error: unknown): unknown;
  decode(data: unknown): Error;
}

/** The part of an AbortSignal that is needed here; a real one fits. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** Where the server's side of a stream goes. What comes after the end, or a cancel, is dropped. */
export interface StreamSink<Item> {
  next(batch: readonly Item[]): void;
  end(): void;
  fail(error: unknown): void;
}

type Args<F> = F extends (...args: infer A) => unknown ? A : never;
type Reply<F> = F extends (...args: never) => infer R ? R : never;
type Item<F> = Reply<F> extends readonly (infer I)[] ? I : never;
type Name<Operations> = keyof Operations & string;

/** The server's functions. They run in the order of the requests, each as soon as its message is in. */
export interface Handlers<C extends Contract> {
  readonly calls: {
    readonly [K in Name<C["calls"]>]: (
      ...params: Args<C["calls"][K]>
    ) => Reply<C["calls"][K]> | Promise<Reply<C["calls"][K]>>;
  };
  /** Each starts a stream and returns what stops it; disposed once after a cancel, end or failure. */
  readonly streams: {
    readonly [K in Name<C["streams"]>]: (
      ...params: [...Args<C["streams"][K]>, StreamSink<Item<C["streams"][K]>>]
    ) => Disposable;
  };
}

/** The client's side of a contract. */
export interface Remote<C extends Contract> extends Disposable {
  /** Rejects with what the server's function threw, as the codec carries it. */
  call<K extends Name<C["calls"]>>(
    name: K,
    ...params: Args<C["calls"][K]>
  ): Promise<Reply<C["calls"][K]>>;
  /**
   * Opens the stream when it is first read. A slow reader gets fewer and larger batches. Leaving the
   * loop cancels the stream; an aborted signal ends it without an error.
   */
  stream<K extends Name<C["streams"]>>(
    name: K,
    params: Args<C["streams"][K]>,
    signal?: CancelSignal,
  ): AsyncIterable<readonly Item<C["streams"][K]>[]>;
  /** Rejects all that is under way or asked for later, e.g. after the worker's death. */
  close(reason: Error): void;
}

export interface RpcOptions {
  readonly errors?: ErrorCodec;
  /**
   * Tells a client from the one that held the same port before, e.g. the webview before its reload.
   * A request of another session ends the streams of the one before.
   */
  readonly session?: string;
}

type Request =
  | { readonly rpc: "call" | "open"; readonly name: string; readonly params: readonly unknown[] }
  | { readonly rpc: "cancel" };

type Answer =
  | { readonly rpc: "reply"; readonly value: unknown }
  | { readonly rpc: "batch"; readonly items: readonly unknown[] }
  | { readonly rpc: "end" }
  | { readonly rpc: "error"; readonly error: unknown };

type Addressed<M> = M & { readonly session: string; readonly id: number };

const requestTypes: readonly unknown[] = ["call", "open", "cancel"] satisfies Request["rpc"][];
const answerTypes: readonly unknown[] = [
  "reply",
  "batch",
  "end",
  "error",
] satisfies Answer["rpc"][];

/** Carries the name and the message of an error, which is enough where nobody looks at its type. */
export const plainErrors: ErrorCodec = {
  encode: (error) =>
    error instanceof Error
      ? { name: error.name, message: error.message }
      : { name: "Error", message: String(error) },
  decode(data) {
    const { name, message } = data as { name: string; message: string };
    const error = new Error(message);
    error.name = name;
    return error;
  },
};

/** Answers the requests that come in at `port`, of one client at a time, until disposed. */
export function serve<C extends Contract>(
  port: Port,
  handlers: Handlers<C>,
  { errors = plainErrors }: Pick<RpcOptions, "errors"> = {},
): Disposable {
  return new Server(port, handlers as unknown as AnyHandlers, errors);
}

/** The client of whoever serves the contract at the other end of `port`. */
export function connect<C extends Contract>(
  port: Port,
  { errors = plainErrors, session = "" }: RpcOptions = {},
): Remote<C> {
  return new Client(port, errors, session) as unknown as Remote<C>;
}

interface AnyHandlers {
  readonly calls: Readonly<Record<string, (...params: unknown[]) => unknown>>;
  readonly streams: Readonly<Record<string, (...params: unknown[]) => Disposable>>;
}

class Server implements Disposable {
  private readonly open = new Map<number, ServedStream>();
  private readonly listening: Disposable;
  private session: string | undefined;

  constructor(
    private readonly port: Port,
    private readonly handlers: AnyHandlers,
    private readonly errors: ErrorCodec,
  ) {
    this.listening = port.onMessage((message) => {
      if (isAddressed<Request>(message, requestTypes)) this.receive(message);
    });
  }

  dispose(): void {
    this.listening.dispose();
    this.closeStreams();
  }

  private receive(request: Addressed<Request>): void {
    if (request.session !== this.session) this.closeStreams();
    this.session = request.session;
    if (request.rpc === "call") this.call(request);
    else if (request.rpc === "open") this.openStream(request);
    else this.open.get(request.id)?.dispose();
  }

  private call({ id, session, name, params }: Addressed<Request & { rpc: "call" | "open" }>): void {
    const answer = (result: Answer): void => this.port.post({ ...result, id, session });
    const fail = (error: unknown): void =>
      answer({ rpc: "error", error: this.errors.encode(error) });
    try {
      const value = operation(this.handlers.calls, name)(...params);
      if (value instanceof Promise)
        value.then((settled) => answer({ rpc: "reply", value: settled })).catch(fail);
      else answer({ rpc: "reply", value });
    } catch (error) {
      fail(error);
    }
  }

  private openStream(request: Addressed<Request & { rpc: "call" | "open" }>): void {
    const { id, session, name, params } = request;
    const stream = new ServedStream(
      (answer) => this.port.post({ ...answer, id, session }),
      () => this.open.delete(id),
      this.errors,
    );
    this.open.set(id, stream);
    try {
      stream.startedAs(operation(this.handlers.streams, name)(...params, stream));
    } catch (error) {
      stream.fail(error);
    }
  }

  private closeStreams(): void {
    for (const stream of [...this.open.values()]) stream.dispose();
  }
}

/** One stream at the server: passes batches on until it is over, then stops its source once. */
class ServedStream implements StreamSink<unknown>, Disposable {
  private source: Disposable | undefined;
  private over = false;

  constructor(
    private readonly answer: (answer: Answer) => void,
    private readonly closed: () => void,
    private readonly errors: ErrorCodec,
  ) {}

  /** A source may well have ended before it could be named. */
  startedAs(source: Disposable): void {
    this.source = source;
    if (this.over) source.dispose();
  }

  next(items: readonly unknown[]): void {
    if (!this.over && items.length > 0) this.answer({ rpc: "batch", items });
  }

  end(): void {
    if (!this.over) this.answer({ rpc: "end" });
    this.dispose();
  }

  fail(error: unknown): void {
    if (!this.over) this.answer({ rpc: "error", error: this.errors.encode(error) });
    this.dispose();
  }

  dispose(): void {
    if (this.over) return;
    this.over = true;
    this.closed();
    this.source?.dispose();
  }
}

class Client implements Disposable {
  private readonly waiting = new Map<number, (answer: Answer | Error) => void>();
  private readonly listening: Disposable;
  private lastId = 0;
  private closedBy: Error | undefined;

  constructor(
    private readonly port: Port,
    private readonly errors: ErrorCodec,
    private readonly session: string,
  ) {
    this.listening = port.onMessage((message) => {
      if (isAddressed<Answer>(message, answerTypes) && message.session === session)
        this.waiting.get(message.id)?.(message);
    });
  }

  call(name: string, ...params: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = this.register((answer) => {
        this.waiting.delete(id);
        if (answer instanceof Error) reject(answer);
        else if (answer.rpc === "error") reject(this.errors.decode(answer.error));
        else resolve(answer.rpc === "reply" ? answer.value : undefined);
      });
      this.send(id, { rpc: "call", name, params });
    });
  }

  async *stream(
    name: string,
    params: readonly unknown[],
    signal?: CancelSignal,
  ): AsyncGenerator<readonly unknown[], void> {
    if (signal?.aborted) return;
    const inbox = new Inbox();
    const id = this.register((answer) => this.deliver(answer, inbox));
    const abort = (): void => inbox.close();
    signal?.addEventListener("abort", abort);
    try {
      this.send(id, { rpc: "open", name, params });
      for (let batch = await inbox.take(); batch; batch = await inbox.take()) yield batch;
    } finally {
      signal?.removeEventListener("abort", abort);
      this.waiting.delete(id);
      if (!inbox.isEndedByServer && !this.closedBy) this.post(id, { rpc: "cancel" });
    }
  }

  close(reason: Error): void {
    if (this.closedBy) return;
    this.closedBy = reason;
    this.listening.dispose();
    for (const settle of [...this.waiting.values()]) settle(reason);
    this.waiting.clear();
  }

  dispose(): void {
    this.close(new Error("the connection is closed"));
  }

  private register(settle: (answer: Answer | Error) => void): number {
    const id = ++this.lastId;
    this.waiting.set(id, settle);
    return id;
  }

  private deliver(answer: Answer | Error, inbox: Inbox): void {
    if (answer instanceof Error) inbox.fail(answer);
    else if (answer.rpc === "batch") inbox.put(answer.items);
    else if (answer.rpc === "error") inbox.fail(this.errors.decode(answer.error));
    else inbox.end();
  }

  private send(id: number, request: Request): void {
    if (this.closedBy) this.waiting.get(id)?.(this.closedBy);
    else this.post(id, request);
  }

  private post(id: number, request: Request): void {
    this.port.post({ ...request, id, session: this.session });
  }
}

/** What has come in of a stream and was not yet read. */
class Inbox {
  private items: unknown[] = [];
  private closed = false;
  private failure: Error | undefined;
  private wake: (() => void) | undefined;
  isEndedByServer = false;

  put(batch: readonly unknown[]): void {
    for (const item of batch) this.items.push(item);
    this.wake?.();
  }

  end(): void {
    this.isEndedByServer = true;
    this.close();
  }

  fail(error: Error): void {
    this.failure = error;
    this.end();
  }

  close(): void {
    this.closed = true;
    this.wake?.();
  }

  /** All that is there, once there is something. @returns undefined at the end. */
  async take(): Promise<readonly unknown[] | undefined> {
    if (this.items.length === 0 && !this.closed)
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    this.wake = undefined;
    if (this.items.length > 0 && (this.isEndedByServer || !this.closed)) {
      const batch = this.items;
      this.items = [];
      return batch;
    }
    if (this.failure) throw this.failure;
    return undefined;
  }
}

function operation<F>(operations: Readonly<Record<string, F>>, name: string): F {
  const found = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (!found) throw new Error(`the other side asks for ${JSON.stringify(name)}, unknown here`);
  return found;
}

function isAddressed<M>(message: unknown, types: readonly unknown[]): message is Addressed<M> {
  if (typeof message !== "object" || message === null) return false;
  const { rpc, id } = message as { rpc?: unknown; id?: unknown };
  return typeof id === "number" && types.includes(rpc);
}
