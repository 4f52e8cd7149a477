// pods/proxy, services/proxy and nodes/proxy: HTTP to what runs in the cluster.
// Source: pkg/registry/core/{pod,service,node}/rest, apimachinery pkg/util/proxy/{transport,upgradeaware}.go,
// apimachinery pkg/util/net SplitSchemeNamePort, 1.34.
import { Node as NodeKind } from "../../../api/kinds/node.ts";
import { Pod as PodKind } from "../../../api/kinds/pod/kind.ts";
import { type ApiError, badRequestError, unavailableError } from "../../../api/status.ts";
import { jsonAnswer, pageNotFound, pathOf, queryOf, textAnswer } from "../answers.ts";
import type { HttpRequest, HttpResponse } from "../exchange.ts";
import { readBody } from "../requestBody.ts";
import { forward, RoundTripError } from "./httpOverPort.ts";
import { type StreamWorld, unreachable } from "./podTarget.ts";
import { type ProxyTarget, podTarget, serviceTarget } from "./proxyTarget.ts";
import { withRewrittenLinks } from "./rewrittenLinks.ts";
import type { StreamRequest } from "./streamRequest.ts";

/** "https:web:8080" in parts. */
interface Named {
  readonly isSecure: boolean;
  readonly name: string;
  readonly port: string;
}

/** @throws ApiError (as a rejection) */
export async function proxyAnswer(
  resource: string,
  asked: StreamRequest,
  world: StreamWorld,
): Promise<HttpResponse> {
  const { request, path } = asked;
  const named = splitName(asked.key.name);
  const { namespace } = asked.key;
  const query = queryOf(request.target);
  if (resource === "nodes") return nodeAnswer(named.name, path, world);
  const target =
    resource === "pods"
      ? podTarget({ namespace, ...named }, world)
      : serviceTarget({ namespace, ...named }, world);
  if (path === "" && (request.method === "GET" || request.method === "HEAD")) {
    const [location = ""] = request.target.split("?");
    const rest = query === "" ? "" : `?${query}`;
    return { status: 301, headers: { Location: `${location}/${rest}` }, body: "" };
  }
  const answer = await reach(
    { ...target, isSecure: named.isSecure },
    { request, path: `${path || "/"}${query === "" ? "" : `?${query}`}` },
    world,
  );
  const location = decodeURIComponent(pathOf(request.target));
  return withRewrittenLinks(answer, location.slice(0, location.length - path.length));
}

/** @throws ApiError BadRequest */
function splitName(text: string): Named {
  const parts = text.split(":");
  const [first = "", second = "", third] = parts;
  if (parts.length > 3 || (first === "" && parts.length < 3))
    throw badRequestError(`invalid pod request ${JSON.stringify(text)}`);
  if (third === undefined) return { name: first, port: second, isSecure: false };
  if (first !== "" && first !== "http" && first !== "https")
    throw badRequestError(`invalid pod request ${JSON.stringify(text)}`);
  return { name: second, port: third, isSecure: first === "https" };
}

/** Said between the client and the API server only: who it is, and how their connection goes on. */
const ownHeaders =
  /^(:.*|authorization|impersonate-.*|host|connection|keep-alive|upgrade|te|trailer|transfer-encoding|content-length|proxy-.*)$/;

async function reach(
  { ip, port, isSecure }: ProxyTarget & { readonly isSecure: boolean },
  { request, path }: { readonly request: HttpRequest; readonly path: string },
  world: StreamWorld,
): Promise<HttpResponse> {
  const [uri = ""] = request.target.split("?");
  const [host = ""] = request.headers.host ?? request.headers[":authority"] ?? [];
  const headers = Object.fromEntries([
    ["host", `${ip}:${port}`],
    ...Object.entries(request.headers).flatMap(([name, values = []]) =>
      ownHeaders.test(name) ? [] : [[name, values.join(", ")]],
    ),
    ["x-forwarded-host", host],
    ["x-forwarded-proto", "https"],
    ["x-forwarded-uri", uri],
  ]);
  const body = await readBody(request);
  try {
    const forwarding = { method: request.method, target: path, headers, body };
    return await forward(
      (output) => world.dial({ address: ip, port }, output),
      forwarding,
      isSecure,
    );
  } catch (error) {
    if (!(error instanceof RoundTripError)) throw error;
    const why = dialErrors[error.message];
    throw unreachableService(why ? `dial tcp ${ip}:${port}: ${why}` : error.message);
  }
}

/** What Go says of a connection that does not come about. */
const dialErrors: Readonly<Record<string, string>> = {
  refused: "connect: connection refused",
  timeout: "i/o timeout",
  noRoute: "connect: no route to host",
  unreachable: "connect: network is unreachable",
};

function unreachableService(why: string): ApiError {
  return unavailableError(`error trying to reach service: ${why}`);
}

/** What a kubelet answers by itself. */
function nodeAnswer(name: string, path: string, { client, kubelet }: StreamWorld): HttpResponse {
  client.get(NodeKind, { namespace: "", name });
  const found = kubelet(name);
  if (!found?.isOn) throw unreachableService(unreachable(found, name));
  if (path === "/healthz") return textAnswer(200, "ok");
  if (path !== "/pods" && path !== "/pods/") return pageNotFound;
  const { items } = client.list(PodKind, { fieldSelector: `spec.nodeName=${name}` });
  return jsonAnswer(200, { kind: "PodList", apiVersion: "v1", metadata: {}, items });
}
