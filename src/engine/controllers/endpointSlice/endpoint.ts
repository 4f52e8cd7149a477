// A Pod as an endpoint of a Service. Pure.
// Source: staging/src/k8s.io/endpointslice/{utils.go,util/controller_utils.go}, kubernetes v1.34.
import { isPodReady, isTerminal } from "../../../api/kinds/pod/kind.ts";
import type {
  Container,
  DiscoveryV1EndpointPort,
  Endpoint,
  EndpointSlice,
  Node,
  Pod,
  Service,
  ServicePort,
} from "../../../api/types.ts";

export type AddressType = EndpointSlice["addressType"];

const zoneLabel = "topology.kubernetes.io/zone";

/** Running or about to, with an address; Pods that are being deleted stay until they have ended. */
export function belongsInEndpoints(pod: Pod): boolean {
  if (isTerminal(pod)) return false;
  return (pod.status?.podIP ?? "") !== "" || (pod.status?.podIPs?.length ?? 0) > 0;
}

export function endpointOf(
  pod: Pod,
  node: Node | undefined,
  service: Service,
  addressType: AddressType,
): Endpoint {
  const serving = isPodReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const ready = service.spec.publishNotReadyAddresses || (serving && !terminating);
  const zone = node?.metadata.labels?.[zoneLabel];
  const { namespace, name, uid } = pod.metadata;
  return {
    addresses: addressesOf(pod, addressType),
    conditions: { ready, serving, terminating },
    ...(hasHostname(pod, service) ? { hostname: pod.spec.hostname ?? "" } : {}),
    targetRef: {
      kind: "Pod",
      ...(namespace === undefined ? {} : { namespace }),
      name,
      ...(uid === undefined ? {} : { uid }),
    },
    ...(pod.spec.nodeName ? { nodeName: pod.spec.nodeName } : {}),
    ...(zone ? { zone } : {}),
  };
}

/** The Service's ports as this Pod has them: a named target port may differ from Pod to Pod. */
export function endpointPorts(service: Service, pod: Pod): readonly DiscoveryV1EndpointPort[] {
  return (service.spec.ports ?? []).flatMap((servicePort) => {
    const port = targetPortOf(pod, servicePort);
    if (port === undefined) return [];
    const { name = "", protocol = "TCP", appProtocol } = servicePort;
    return [{ name, port, protocol, ...(appProtocol === undefined ? {} : { appProtocol }) }];
  });
}

/** IPv4 unless the Service says otherwise. */
export function addressTypesOf({ spec }: Service): readonly AddressType[] {
  const families = (spec.ipFamilies ?? []).flatMap((family) => (family === "" ? [] : [family]));
  if (families.length > 0) return families;
  return [spec.clusterIP?.includes(":") ? "IPv6" : "IPv4"];
}

function addressesOf({ status }: Pod, addressType: AddressType): readonly string[] {
  const listed = status?.podIPs?.map(({ ip }) => ip) ?? [];
  const all = listed.length > 0 ? listed : status?.podIP ? [status.podIP] : [];
  return all.filter((ip) => ip.includes(":") === (addressType === "IPv6"));
}

function hasHostname({ spec, metadata }: Pod, service: Service): boolean {
  return (
    Boolean(spec.hostname) &&
    spec.subdomain === service.metadata.name &&
    metadata.namespace === service.metadata.namespace
  );
}

/** Undefined if no container of the Pod has a port of that name. */
function targetPortOf(
  { spec }: Pod,
  { targetPort, port, protocol = "TCP" }: ServicePort,
): number | undefined {
  // Defaulting copies the Service's own port.
  const target = targetPort === undefined || targetPort === 0 ? port : targetPort;
  if (typeof target === "number") return target;
  const sidecars = (spec.initContainers ?? []).filter(
    ({ restartPolicy }) => restartPolicy === "Always",
  );
  const ports = [...spec.containers, ...sidecars].flatMap(({ ports: own }: Container) => own ?? []);
  return ports.find(({ name, protocol: of = "TCP" }) => name === target && of === protocol)
    ?.containerPort;
}
