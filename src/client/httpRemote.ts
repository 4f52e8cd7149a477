// The engine's contract over HTTP: calls are POST requests with their parameters as a JSON list, streams
// are GET requests whose answer is a batch a line.
import type { CancelSignal, ErrorCodec, Remote } from "../base/rpc.ts";
import type { EngineContract } from "./engineContract.ts";
import type { HttpServer } from "./httpClient.ts";
import { jsonLines } from "./jsonLines.ts";

/** Where the contract is served, beside Kubernetes' own paths. */
export const controlsPath = "/kubernetes-tutor/v1/";

/** What a line of a stream's answer holds. */
export type StreamLine = { readonly batch: readonly unknown[] } | { readonly error: unknown };

/** What a call answers. */
export type CallAnswer = { readonly value?: unknown } | { readonly error: unknown };

class HttpRemote {
  private readonly closing = new AbortController();
  private closedBy: Error | undefined;

  constructor(
    private readonly server: HttpServer,
    private readonly errors: ErrorCodec,
  ) {}

  async call(name: string, ...params: unknown[]): Promise<unknown> {
    const answer = await this.fetch(name, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(params),
    });
    const body = (await answer.json()) as CallAnswer;
    if ("error" in body) throw this.errors.decode(body.error);
    return body.value;
  }

  async *stream(
    name: string,
    params: readonly unknown[],
    signal?: CancelSignal,
  ): AsyncGenerator<readonly unknown[], void> {
    const leaving = new AbortController();
    const leave = (): void => leaving.abort();
    signal?.addEventListener("abort", leave);
    try {
      if (signal?.aborted) return;
      const query = new URLSearchParams({ params: JSON.stringify(params) });
      const { body } = await this.fetch(`${name}?${query}`, { signal: leaving.signal });
      if (body) for await (const lines of jsonLines<StreamLine>(body)) yield this.itemsOf(lines);
    } catch (error) {
      if (!leaving.signal.aborted) throw this.closedBy ?? error;
    } finally {
      signal?.removeEventListener("abort", leave);
      leave();
    }
  }

  close(reason: Error): void {
    this.closedBy ??= reason;
    this.closing.abort();
  }

  dispose(): void {
    this.close(new Error("the connection is closed"));
  }

  private itemsOf(lines: readonly StreamLine[]): readonly unknown[] {
    return lines.flatMap((line) => {
      if ("error" in line) throw this.errors.decode(line.error);
      return line.batch;
    });
  }

  private async fetch(target: string, init: RequestInit): Promise<Response> {
    if (this.closedBy) throw this.closedBy;
    const signals = [this.closing.signal, ...(init.signal ? [init.signal] : [])];
    const signal = AbortSignal.any(signals);
    const response = await this.server.fetch(this.server.url + controlsPath + target, {
      ...init,
      signal,
    });
    if (response.ok) return response;
    throw new Error(`the cluster answers ${response.status}: ${await response.text()}`);
  }
}

/** The client of the contract that an engine elsewhere serves. */
export function connectOverHttp(server: HttpServer, errors: ErrorCodec): Remote<EngineContract> {
  return new HttpRemote(server, errors) as unknown as Remote<EngineContract>;
}
