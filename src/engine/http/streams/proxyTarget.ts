// Which address a request to a Pod's or a Service's proxy means.
// Source: pkg/registry/core/{pod,service} ResourceLocation, 1.34.
import { EndpointSlice as EndpointSliceKind } from "../../../api/kinds/endpointSlice.ts";
import { Pod as PodKind } from "../../../api/kinds/pod/kind.ts";
import { Service as ServiceKind } from "../../../api/kinds/service.ts";
import {
  badRequestError,
  hasReason,
  notFoundError,
  unavailableError,
} from "../../../api/status.ts";
import type { Pod, Service } from "../../../api/types.ts";
import type { LocalClient } from "../../localClient.ts";
import type { StreamWorld } from "./podTarget.ts";

export interface ProxyTarget {
  readonly pod: Pod;
  readonly ip: string;
  readonly port: number;
}

/** What was asked for; `port` is a name or a number, and may be missing. */
export interface ProxyPlace {
  readonly namespace: string;
  readonly name: string;
  readonly port: string;
}

/** @throws ApiError NotFound, BadRequest */
export function podTarget(
  { namespace, name, port }: ProxyPlace,
  { client }: StreamWorld,
): ProxyTarget {
  const pod = client.get(PodKind, { namespace, name });
  const declared = pod.spec.containers.flatMap(({ ports = [] }) => ports)[0]?.containerPort;
  const ip = pod.status?.podIP;
  if (ip === undefined) throw badRequestError("address not allowed");
  return { pod, ip, port: port === "" ? (declared ?? 80) : Number(port) };
}

/** @throws ApiError NotFound, ServiceUnavailable */
export function serviceTarget(
  { namespace, name, port }: ProxyPlace,
  { client }: StreamWorld,
): ProxyTarget {
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
function serviceSpec({ namespace, name, port }: ProxyPlace, client: LocalClient): Service["spec"] {
  try {
    return client.get(ServiceKind, { namespace, name }).spec;
  } catch (error) {
    if (!hasReason(error, "NotFound") || /^\d+$/.test(port)) throw error;
    throw notFoundError({ group: "", kind: "endpoints", name });
  }
}
