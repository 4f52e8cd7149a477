// agnhost porter: a server for each variable SERVE_PORT_n, which answers with its value, and one over TLS for
// each SERVE_TLS_PORT_n. Source: test/images/agnhost/porter, kubernetes v1.34.
import type { Connection } from "../../../network/containerNetwork.ts";
import { type HttpResponse, serveHttp } from "../../../network/http1.ts";
import { acceptTls } from "../../../network/tlsServer.ts";
import type { Executable } from "../../process/process.ts";
import { serveConnections } from "../../process/serveConnections.ts";
import { untilSignal } from "../../process/untilSignal.ts";
import type { Steps } from "../../steps.ts";
import { serveTextAt, textAnswer } from "../httpServer.ts";

const terminatedCode = 2;
/** Of the image's own certificate nobody asks whom it is for. */
const certificate = "localhost.crt";
/** Source: net/http sniff.go, as far as pages begin like that. */
const page =
  /^\s*<(?:!doctype html|!--|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p)[\s>]/i;

export const porter: Executable = function* (process) {
  const isJson = process.argv.includes("--json-response");
  for (const [name, value] of process.env) {
    const [, isSecure, port] = /^SERVE_(TLS_)?PORT_(\d+)$/.exec(name) ?? [];
    if (port === undefined) continue;
    const type = `text/${page.test(value) ? "html" : "plain"}; charset=utf-8`;
    const answer = (method: string): HttpResponse =>
      isJson ? jsonAnswer(method, value) : textAnswer(value, 200, type);
    if (isSecure === undefined)
      serveTextAt(process, Number(port), ({ request }) => answer(request.method));
    else serveConnections(process, Number(port), (connection) => serveOverTls(connection, answer));
  }
  yield* untilSignal(process);
  return terminatedCode;
};

/** Says how it was asked, too. */
function jsonAnswer(method: string, value: string): HttpResponse {
  const text = JSON.stringify({ Method: method, Body: value });
  return textAnswer(text, 200, "application/json");
}

function* serveOverTls(connection: Connection, answer: (method: string) => HttpResponse): Steps {
  const secured = yield* acceptTls(connection, certificate);
  if (!secured) return;
  // biome-ignore lint/correctness/useYield: the answer is known at once
  yield* serveHttp(secured, function* ({ method }) {
    return answer(method);
  });
}
