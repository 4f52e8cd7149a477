// A Service's Pods as the subsets of an Endpoints object: addresses that share all ports stand
// together. Pure. Source: pkg/controller/endpoint and pkg/api/v1/endpoints/util.go, kubernetes v1.34.
import { isPodReady } from "../../../api/kinds/pod/kind.ts";
import type {
  EndpointAddress,
  EndpointPort,
  EndpointSubset,
  Pod,
  Service,
} from "../../../api/types.ts";
import { belongsInEndpoints, endpointPorts } from "../endpointSlice/endpoint.ts";

/** More addresses than these are cut off; EndpointSlices have them all. */
export const mostAddresses = 1_000;

interface Placed {
  readonly address: EndpointAddress;
  readonly isReady: boolean;
  readonly ports: readonly EndpointPort[];
}

export function subsetsOf(service: Service, pods: readonly Pod[]): readonly EndpointSubset[] {
  const toleratesUnready = service.spec.publishNotReadyAddresses ?? false;
  const placed = pods
    .filter((pod) => belongsInEndpoints(pod) && pod.status?.podIP)
    .filter(({ metadata }) => toleratesUnready || metadata.deletionTimestamp === undefined)
    .map((pod) => ({
      address: addressOf(pod, service),
      isReady: toleratesUnready || isPodReady(pod),
      ports: endpointPorts(service, pod).map(portOf),
    }))
    .filter(({ ports }) => ports.length > 0 || isHeadlessWithoutPorts(service))
    .sort((a, b) => (a.address.ip < b.address.ip ? -1 : 1))
    .slice(0, mostAddresses);
  const groups = new Map<string, Placed[]>();
  for (const each of placed) {
    const key = JSON.stringify(each.ports);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].map(subsetOf);
}

function subsetOf(members: readonly Placed[]): EndpointSubset {
  const addresses = members.filter(({ isReady }) => isReady).map(({ address }) => address);
  const notReady = members.filter(({ isReady }) => !isReady).map(({ address }) => address);
  const ports = members[0]?.ports ?? [];
  return {
    ...(addresses.length > 0 ? { addresses } : {}),
    ...(notReady.length > 0 ? { notReadyAddresses: notReady } : {}),
    ...(ports.length > 0 ? { ports } : {}),
  };
}

function addressOf(pod: Pod, service: Service): EndpointAddress {
  const { namespace, name, uid } = pod.metadata;
  const { hostname, subdomain, nodeName } = pod.spec;
  const isNamed = hostname && subdomain === service.metadata.name;
  return {
    ip: pod.status?.podIP ?? "",
    ...(isNamed ? { hostname } : {}),
    ...(nodeName ? { nodeName } : {}),
    targetRef: {
      kind: "Pod",
      ...(namespace === undefined ? {} : { namespace }),
      name,
      ...(uid === undefined ? {} : { uid }),
    },
  };
}

/** A port of a slice names itself even if its name is empty; one of Endpoints does not. */
function portOf({
  name,
  port,
  protocol,
  appProtocol,
}: {
  readonly name?: string;
  readonly port?: number;
  readonly protocol?: string;
  readonly appProtocol?: string;
}): EndpointPort {
  return {
    ...(name ? { name } : {}),
    port: port ?? 0,
    protocol: (protocol ?? "TCP") as NonNullable<EndpointPort["protocol"]>,
    ...(appProtocol === undefined ? {} : { appProtocol }),
  };
}

function isHeadlessWithoutPorts({ spec }: Service): boolean {
  return spec.clusterIP === "None" && (spec.ports ?? []).length === 0;
}
