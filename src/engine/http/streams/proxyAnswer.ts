// pods/proxy, services/proxy and nodes/proxy: HTTP to what runs in the cluster.
// Source: pkg/registry/core/{pod,service,node}/rest, apimachinery pkg/util/proxy/{transport,upgradeaware}.go,
// apimachinery pkg/util/net SplitSchemeNamePort, 1.34.
import { Node as NodeKind } from "../../../api/kinds/node.ts";
import { Pod as PodKind } from "../../../api/kinds/pod/kind.ts";
import { type ApiError, badRequestError, unavailableError } from "../../../api/status.ts";
import { jsonAnswer, pageNotFound, queryOf, textAnswer } from "../answers.ts";
import type { HttpRequest, HttpResponse } from "../exchange.ts";
import { readBody } from "../requestBody.ts";
import { forward, RoundTripError } from "./httpOverPort.ts";
import { type StreamWorld, unreachable } from "./podTarget.ts";
import { type ProxyTarget, podTarget, serviceTarget } from "./proxyTarget.ts";
import type { StreamRequest } from "./streamRequest.ts";

/** "https:web:8080" in parts. */
interface Named {
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
  return reach(
    target,
    { request, path: `${path || "/"}${query === "" ? "" : `?${query}`}` },
    world,
  );
}

/** @throws ApiError BadRequest */
function splitName(text: string): Named {
  const parts = text.split(":");
  const [first = "", second = "", third] = parts;
  if (parts.length > 3 || (first === "" && parts.length < 3))
    throw badRequestError(`invalid pod request ${JSON.stringify(text)}`);
  if (third !== undefined) return { name: second, port: third };
  return { name: first, port: second };
}

/** Who may talk to the API server does not tell Pods how: no authorization among these. */
const forwarded = ["accept", "content-type", "cookie", "user-agent", "x-requested-with"];

async function reach(
  { pod, ip, port }: ProxyTarget,
  { request, path }: { readonly request: HttpRequest; readonly path: string },
  world: StreamWorld,
): Promise<HttpResponse> {
  const kubelet = world.kubelet(pod.spec.nodeName ?? "");
  if (!kubelet?.isOn) throw unreachableService(`dial tcp ${ip}:${port}: i/o timeout`);
  const headers = Object.fromEntries([
    ["host", `${ip}:${port}`],
    ...forwarded.flatMap((name) => (request.headers[name] ?? []).map((value) => [name, value])),
  ]);
  const body = await readBody(request);
  try {
    return await forward((output) => kubelet.connect(pod, port, output), {
      method: request.method,
      target: path,
      headers,
      body,
    });
  } catch (error) {
    if (!(error instanceof RoundTripError)) throw error;
    const isRefused = error.message === "connection refused";
    throw unreachableService(
      isRefused ? `dial tcp ${ip}:${port}: connect: connection refused` : error.message,
    );
  }
}

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
