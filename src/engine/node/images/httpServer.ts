// A small HTTP server for programs: a handler, and answers made of text.
import type { Disposable } from "../../../base/disposable.ts";
import { utf8Bytes } from "../../../base/utf8.ts";
import type { Connection } from "../../network/containerNetwork.ts";
import { type HttpRequest, type HttpResponse, serveHttp } from "../../network/http1.ts";
import type { ProcessContext } from "../process/process.ts";
import { serveConnections } from "../process/serveConnections.ts";
import type { Steps } from "../steps.ts";

export interface Asked {
  readonly request: HttpRequest;
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  readonly connection: Connection;
}

/** Serves HTTP at a port, each request by `answer`. */
export function serveAt(
  process: ProcessContext,
  port: number,
  answer: (asked: Asked) => Steps<HttpResponse>,
): Disposable {
  return serveConnections(process, port, (connection) =>
    serveHttp(connection, (request) => answer(askedBy(request, connection))),
  );
}

/** As `serveAt`, for what is known at once. */
export function serveTextAt(
  process: ProcessContext,
  port: number,
  answer: (asked: Asked) => HttpResponse,
): Disposable {
  // biome-ignore lint/correctness/useYield: the answer is known at once
  return serveAt(process, port, function* (asked) {
    return answer(asked);
  });
}

export function textAnswer(
  text: string,
  status = 200,
  type = "text/plain; charset=utf-8",
): HttpResponse {
  return { status, headers: [["Content-Type", type]], body: utf8Bytes(text) };
}

/** As Go's http.NotFound. */
export const notFound = textAnswer("404 page not found\n", 404);

function askedBy(request: HttpRequest, connection: Connection): Asked {
  const [path = "/", query = ""] = request.target.split("?");
  return { request, path, query: queryOf(query), connection };
}

function queryOf(text: string): ReadonlyMap<string, string> {
  const pairs = text.split("&").filter((pair) => pair !== "");
  return new Map(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      const name = at < 0 ? pair : pair.slice(0, at);
      return [unescaped(name), at < 0 ? "" : unescaped(pair.slice(at + 1))];
    }),
  );
}

function unescaped(text: string): string {
  const spaced = text.replaceAll("+", " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
