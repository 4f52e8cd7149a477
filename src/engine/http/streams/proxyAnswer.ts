// pods/proxy, services/proxy and nodes/proxy: HTTP to what runs in the cluster.
// Source: pkg/registry/core/{pod,service,node}/rest, apimachinery pkg/util/proxy/{transport,upgradeaware}.go,
// apimachinery pkg/util/net SplitSchemeNamePort, 1.34.
import { EndpointSlice as EndpointSliceKind } from "../../../api/kinds/endpointSlice.ts";
import { Node as NodeKind } from "../../../api/kinds/node.ts";
import { Pod as PodKind } from "../../../api/kinds/pod/kind.ts";
import { Service as ServiceKind } from "../../../api/kinds/service.ts";
import {
  type ApiError,
  badRequestError,
  hasReason,
  notFoundError,
  unavailableError,
} from "../../../api/status.ts";
import type { Pod, Service } from "../../../api/types.ts";
import type { LocalClient } from "../../localClient.ts";
import { jsonAnswer, pageNotFound, queryOf, textAnswer } from "../answers.ts";
import type { HttpRequest, HttpResponse } from "../exchange.ts";
import { readBody } from "../requestBody.ts";
import { forward, RoundTripError } from "./httpOverPort.ts";
import { type StreamWorld, unreachable } from "./podTarget.ts";
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

interface Target {
  readonly pod: Pod;
  readonly ip: string;
  readonly port: number;
}

interface Place extends Named {
  readonly namespace: string;
}

function podTarget({ namespace, name, port }: Place, { client }: StreamWorld): Target {
  const pod = client.get(PodKind, { namespace, name });
  const declared = pod.spec.containers.flatMap(({ ports = [] }) => ports)[0]?.containerPort;
  const ip = pod.status?.podIP;
  if (ip === undefined) throw badRequestError("address not allowed");
  return { pod, ip, port: port === "" ? (declared ?? 80) : Number(port) };
}

function serviceTarget({ namespace, name, port }: Place, { client }: StreamWorld): Target {
  const spec = serviceSpec({ namespace, name, port }, client);
  const unavailable = unavailableError(
    `no endpoints available for service ${JSON.stringify(name)}`,
  );
  let portName = port;
  if (/^\d+$/.test(port)) {
    const found = spec.ports?.find((each) => each.port === Number(port));
    if (!found)
      throw unavailableError(`no service port ${port} found for service ${JSON.stringify(name)}`);
    portName = found.name ?? "";
  }
  const labelSelector = `kubernetes.io/service-name=${name}`;
  for (const slice of client.list(EndpointSliceKind, { namespace, labelSelector }).items) {
    const target = slice.ports?.find((each) => (each.name ?? "") === portName)?.port;
    const ready = slice.endpoints.find(({ conditions }) => conditions?.ready !== false);
    const podName = ready?.targetRef?.name;
    if (target === undefined || podName === undefined) continue;
    const pod = client.get(PodKind, { namespace, name: podName });
    return { pod, ip: ready?.addresses[0] ?? "", port: target };
  }
  throw unavailable;
}

/** Without a number for a port, the real server looks at the endpoints alone. @throws ApiError NotFound */
function serviceSpec({ namespace, name, port }: Place, client: LocalClient): Service["spec"] {
  try {
    return client.get(ServiceKind, { namespace, name }).spec;
  } catch (error) {
    if (!hasReason(error, "NotFound") || /^\d+$/.test(port)) throw error;
    throw notFoundError({ group: "", kind: "endpoints", name });
  }
}

/** Who may talk to the API server does not tell Pods how: no authorization among these. */
const forwarded = ["accept", "content-type", "cookie", "user-agent", "x-requested-with"];

async function reach(
  { pod, ip, port }: Target,
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
