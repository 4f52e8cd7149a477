// gRPC's health check between a kubelet and a server: which question is asked, and what is answered. The
// frames beneath (HTTP/2) are left out: both ends are ours.
// Source: grpc.health.v1 health.proto, pkg/probe/grpc, kubernetes v1.34.
import { latin1Text } from "../../base/bytes.ts";
import { utf8Bytes } from "../../base/utf8.ts";
import type { Connection } from "../network/containerNetwork.ts";
import { exchangeHttp, type HttpRequest, type HttpResponse, headerOf } from "../network/http1.ts";
import type { Steps } from "./steps.ts";

const checkPath = "/grpc.health.v1.Health/Check";
const grpcType = "application/grpc";

/** "SERVING", "NOT_SERVING", …; undefined if who listens there speaks no gRPC. */
export function* healthStatus(connection: Connection, service: string): Steps<string | undefined> {
  const answer = yield* exchangeHttp(connection, {
    method: "POST",
    target: checkPath,
    headers: [
      ["Host", connection.peer.address],
      ["Content-Type", grpcType],
    ],
    body: utf8Bytes(service),
  });
  connection.close();
  if (!answer || "malformed" in answer || headerOf(answer.headers, "content-type") !== grpcType)
    return undefined;
  return latin1Text(answer.body);
}

/** The answer to a health check; undefined if the request is none. */
export function healthAnswer(
  { target, headers, body }: HttpRequest,
  statusOf: (service: string) => string,
): HttpResponse | undefined {
  if (target !== checkPath || headerOf(headers, "content-type") !== grpcType) return undefined;
  return {
    status: 200,
    headers: [["Content-Type", grpcType]],
    body: utf8Bytes(statusOf(latin1Text(body))),
  };
}
