// kube-apiserver's calls of Services of the cluster, over the network of its machine.

import type { Disposable } from "../base/disposable.ts";
import type { Millis } from "../base/time.ts";
import { utf8Bytes, utf8Text } from "../base/utf8.ts";
import type { Clock } from "./clock.ts";
import {
  type ContainerNetwork,
  isNetworkFailure,
  type NetworkFailure,
} from "./network/containerNetwork.ts";
import { exchangeHttp } from "./network/http1.ts";
import { connectTls } from "./network/tlsClient.ts";
import { within } from "./network/within.ts";
import { runSteps, type Steps } from "./node/steps.ts";

export interface ServicePost {
  /** Of the Service. */
  readonly address: string;
  readonly port: number;
  /** Whom the certificate has to be for: "web.default.svc". */
  readonly serverName: string;
  /** With its query. */
  readonly path: string;
  /** JSON. */
  readonly body: string;
  /** Of the cluster's clock. */
  readonly timeoutMs: Millis;
  /** Why the server's certificate, as PEM, is not trusted, in Go's words; undefined if it is. */
  distrusts(certificate: string): string | undefined;
}

/** A failure is in Go's words. */
export type ServiceAnswer =
  | { readonly status: number; readonly body: string }
  | { readonly failure: string };

export class ServiceCalls {
  /** @param network opens the network of the API server's machine, for one call */
  constructor(
    private readonly clock: Clock,
    private readonly network: () => ContainerNetwork & Disposable,
  ) {}

  /** @returns dispose to give it up; `done` is not called then */
  post(request: ServicePost, done: (answer: ServiceAnswer) => void): Disposable {
    return runSteps(this.clock, this.limited(request), done);
  }

  private *limited(request: ServicePost): Steps<ServiceAnswer> {
    const network = this.network();
    try {
      const answer = yield* within(this.clock, request.timeoutMs, exchange(network, request));
      return answer === "late" ? { failure: "context deadline exceeded" } : answer.value;
    } finally {
      network.dispose();
    }
  }
}

function* exchange(network: ContainerNetwork, request: ServicePost): Steps<ServiceAnswer> {
  const { address, port, serverName, path, timeoutMs } = request;
  const dialed = yield* network.connect({ address, port, protocol: "TCP", timeoutMs });
  if (isNetworkFailure(dialed))
    return { failure: `dial tcp ${address}:${port}: ${said[dialed.failure]}` };
  const secured = yield* connectTls(dialed, serverName);
  if ("failure" in secured) return secured;
  const { connection, certificate } = secured;
  const distrust = request.distrusts(certificate);
  if (distrust !== undefined) {
    connection.close();
    return { failure: distrust };
  }
  const answer = yield* exchangeHttp(connection, {
    method: "POST",
    target: path,
    headers: [
      ["Host", `${serverName}:${port}`],
      ["User-Agent", "kube-apiserver-admission"],
      ["Accept", "application/json, */*"],
      ["Content-Type", "application/json"],
      ["Connection", "close"],
    ],
    body: utf8Bytes(request.body),
  });
  connection.close();
  if (!answer) return { failure: "EOF" };
  if ("malformed" in answer)
    return { failure: `net/http: HTTP/1.x transport connection broken: ${answer.malformed}` };
  return { status: answer.status, body: utf8Text(answer.body) ?? "" };
}

const said: Readonly<Record<NetworkFailure["failure"], string>> = {
  refused: "connect: connection refused",
  timeout: "i/o timeout",
  noRoute: "connect: no route to host",
  unreachable: "connect: network is unreachable",
};
