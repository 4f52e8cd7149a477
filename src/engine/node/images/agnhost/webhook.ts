// agnhost webhook: the webhooks of Kubernetes' own tests, for admission and conversion, over TLS with the
// certificate of a mounted Secret. Source: test/images/agnhost/webhook/main.go, kubernetes v1.34.
import { second } from "../../../../base/time.ts";
import { utf8Text } from "../../../../base/utf8.ts";
import type { Connection } from "../../../network/containerNetwork.ts";
import { type HttpResponse, serveHttp } from "../../../network/http1.ts";
import { acceptTls } from "../../../network/tlsServer.ts";
import type { Executable, ProcessContext } from "../../process/process.ts";
import { serveConnections } from "../../process/serveConnections.ts";
import { untilSignal } from "../../process/untilSignal.ts";
import { pause, type Steps } from "../../steps.ts";
import { flagsOf, numberFlag } from "../flags.ts";
import { notFound, textAnswer } from "../httpServer.ts";
import { klogLine } from "../klogLine.ts";
import { admissionResponse, type ReviewedRequest } from "./admissionReviews.ts";
import { type ConversionRequest, conversionResponse } from "./conversionReviews.ts";

/** Of a Go program that SIGTERM ends, as PID 1. */
const terminatedCode = 2;
const slowPath = "/always-allow-delay-5s";

interface Review {
  readonly apiVersion: string;
  readonly kind: string;
  readonly request: { readonly uid: string };
}

export const webhook: Executable = function* (process) {
  const flags = flagsOf(process.argv.slice(2), ["alsologtostderr"]);
  const port = numberFlag(flags, "port", 443);
  const path = flags.values.get("tls-cert-file") ?? "";
  const certificate = readCertificate(process, path);
  if (certificate === undefined) {
    process.stderr.write(klogLine(process, "config.go", `open ${path}: no such file or directory`));
    return 1;
  }
  serveConnections(process, port, (connection) => serve(connection, certificate));
  yield* untilSignal(process);
  return terminatedCode;
};

function readCertificate({ files }: ProcessContext, path: string): string | undefined {
  try {
    return files.readText(path);
  } catch {
    // Whatever the matter is, the program cannot start.
    return undefined;
  }
}

function* serve(connection: Connection, certificate: string): Steps {
  const secured = yield* acceptTls(connection, certificate);
  if (!secured) return;
  yield* serveHttp(secured, function* ({ target, body }) {
    const [path = ""] = target.split("?");
    if (path === "/readyz") return textAnswer("ok");
    if (path === slowPath) yield pause(5 * second, "the webhook is slow");
    return answer(path, utf8Text(body) ?? "");
  });
}

function answer(path: string, body: string): HttpResponse {
  const review = parsed(body);
  if (!review?.request) return textAnswer("Request could not be decoded\n", 400);
  const { apiVersion, kind, request } = review;
  const response =
    path === "/crdconvert"
      ? conversionResponse(request as ConversionRequest)
      : admissionResponse(path, request as ReviewedRequest);
  if (!response) return notFound;
  const said = { kind, apiVersion, response: { uid: request.uid, ...response } };
  return textAnswer(JSON.stringify(said), 200, "application/json");
}

function parsed(body: string): Review | undefined {
  try {
    return JSON.parse(body) as Review;
  } catch {
    return undefined;
  }
}
