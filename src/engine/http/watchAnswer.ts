// A watch as an answer: opened before the answer begins, so that a refusal is an answer too.
// Source: apiserver pkg/endpoints/handlers/{get,watch}.go, 1.34.
import type { KubeObject } from "../../api/object.ts";
import type { RequestOptions, WatchEvent } from "../../api/request.ts";
import { ApiError, badRequestError, type Status } from "../../api/status.ts";
import type { UserInfo } from "../../api/user.ts";
import { disposable } from "../../base/disposable.ts";
import type { CommitGate } from "../host/commitGate.ts";
import type { ApiServer } from "../registry/apiServer.ts";
import { addressed, type RoutedRequest } from "./apiRequest.ts";
import { compactJson, jsonType } from "./encode.ts";
import type { HttpResponse, StreamedBody } from "./exchange.ts";
import type { Presenter } from "./presenter.ts";
import { readOptions, timeoutSecondsOf } from "./queryOptions.ts";
import { RecentTexts } from "./recentTexts.ts";
import { type WatchFrame, WatchStream } from "./watchStream.ts";

/** A watch that asks for no end gets one between 30 and 60 minutes. Source: --min-request-timeout. */
const shortestWatchMs = 1_800_000;

export interface WatchWorld {
  readonly apiServer: ApiServer;
  readonly gate: CommitGate;
  /** A kept object as one of the watched kind. Rejects with an ApiError. */
  converted(kept: KubeObject): Promise<KubeObject>;
  /** 0 up to but not including 1. */
  random(): number;
}

/** @throws ApiError (as a rejection) what the server refuses */
export async function openWatchAnswer(
  routed: RoutedRequest & { readonly user: UserInfo },
  presenter: Presenter,
  { apiServer, gate, random, converted }: WatchWorld,
): Promise<HttpResponse> {
  const seconds = timeoutSecondsOf(routed.query) ?? 0;
  const timeoutMs = seconds > 0 ? seconds * 1_000 : shortestWatchMs * (1 + random());
  const request = addressed(routed, { options: watchOptions(routed) });
  const events = new HeldEvents();
  const deliver = (batch: readonly WatchFrame[]): void => events.deliver(batch);
  const isAsked = routed.kind.storedAs?.isAsked ?? false;
  const outbox = gate.outbox<WatchEvent>(isAsked ? inTurn(converted, deliver) : deliver);
  try {
    const watching = apiServer.watch(routed.user, request, (event) => outbox.put(event));
    await gate.turn();
    return streamed((sink) => {
      const stream = new WatchStream(sink, {
        timeoutMs,
        frameOf: (event) => frame(event, presenter),
      });
      const ending = apiServer.onWatchesEnded(() => stream.end());
      stream.onEnd(() => {
        ending.dispose();
        watching.dispose();
        outbox.dispose();
      });
      stream.begin(events.handOver((batch) => stream.push(batch)));
      if (!apiServer.isWatchable) stream.end();
      return stream;
    });
  } catch (error) {
    outbox.dispose();
    if (!(error instanceof ApiError) || error.code !== 410) throw error;
    return expired(error.status);
  }
}

/** Keeps events until the answer's body is open. */
class HeldEvents {
  private held: WatchFrame[] = [];
  private receiver: ((batch: readonly WatchFrame[]) => void) | undefined;

  deliver(batch: readonly WatchFrame[]): void {
    if (this.receiver) this.receiver(batch);
    else for (const event of batch) this.held.push(event);
  }

  /** @returns what came before; what comes later goes to `receiver` */
  handOver(receiver: (batch: readonly WatchFrame[]) => void): readonly WatchFrame[] {
    this.receiver = receiver;
    const { held } = this;
    this.held = [];
    return held;
  }
}

/** Converts objects one after the other, so that events stay in order. */
function inTurn(
  converted: WatchWorld["converted"],
  deliver: (batch: readonly WatchFrame[]) => void,
): (batch: readonly WatchEvent[]) => void {
  let turn = Promise.resolve();
  return (batch) => {
    turn = turn.then(async () => {
      for (const event of batch) deliver([await convertedEvent(event, converted)]);
    });
  };
}

async function convertedEvent(
  event: WatchEvent,
  converted: WatchWorld["converted"],
): Promise<WatchFrame> {
  if (event.type === "BOOKMARK") return event;
  try {
    return { type: event.type, object: await converted(event.object) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { type: "ERROR", object: error.status };
  }
}

const recentTexts = new RecentTexts();

function frame(event: WatchFrame, presenter: Presenter): string {
  if (event.type === "ERROR") return compactJson(event);
  const make = (): string => compactJson(presenter.presentEvent(event));
  const isPlain = presenter.representation.as === undefined;
  const text = isPlain ? recentTexts.textOf(event.object, make) : make();
  return `{"type":"${event.type}","object":${text}}`;
}

/** A watch from a version that is gone is opened all the same, and says so in its only frame. */
function expired(status: Status): HttpResponse {
  return streamed((sink) => {
    sink.write(`${compactJson({ type: "ERROR", object: status })}\n`);
    sink.end();
    return disposable(() => {});
  });
}

function streamed(body: StreamedBody): HttpResponse {
  return { status: 200, headers: { "Content-Type": jsonType }, body };
}

/** The older way to watch one object names it in the path; the newer selects it. */
function watchOptions({ info, query }: RoutedRequest): RequestOptions {
  const options = readOptions(query);
  if (info.parts.length < 2 || info.name === undefined) return options;
  const selector = `metadata.name=${info.name}`;
  const { fieldSelector = selector } = options;
  if (fieldSelector !== selector)
    throw badRequestError("both a name and a field selector that contradicts it were given");
  return { ...options, fieldSelector };
}
