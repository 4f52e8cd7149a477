// What happens to a call of a webhook that is a Service of the cluster: simulated programs do not speak TLS.
// Source: kube-aggregator's service resolver (pkg/apiserver/resolvers.go) and Go's net/http, 1.34.
import { EndpointSlice as EndpointSliceKind } from "../../../api/kinds/endpointSlice.ts";
import { Pod as PodKind } from "../../../api/kinds/pod/kind.ts";
import { Service as ServiceKind } from "../../../api/kinds/service.ts";
import { hasReason } from "../../../api/status.ts";
import type { Pod, Service } from "../../../api/types.ts";
import type { KubeletStreams } from "../streams/kubeletStreams.ts";
import type { StreamWorld } from "../streams/podTarget.ts";

export interface ServiceAddress {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/** Why a call of the Service fails, in Go's words. */
export async function serviceFailure(address: ServiceAddress, world: StreamWorld): Promise<string> {
  const service = find(address, world);
  if (!service) return `service ${JSON.stringify(address.name)} not found`;
  const port = service.spec.ports?.find((each) => each.port === address.port);
  if (!port)
    return `no service port ${address.port} found for service ${JSON.stringify(address.name)}`;
  const at = `dial tcp ${service.spec.clusterIP ?? ""}:${address.port}`;
  const target = endpointOf(address, port.name ?? "", world);
  if (!target) return `${at}: connect: connection refused`;
  const kubelet = world.kubelet(target.pod.spec.nodeName ?? "");
  if (!kubelet?.isOn) return `${at}: i/o timeout`;
  if (!(await isListening(kubelet, target.pod, target.port)))
    return `${at}: connect: connection refused`;
  return "http: server gave HTTP response to HTTPS client";
}

/** A server answers what is no HTTP; whatever it says, it is there. */
function isListening(kubelet: KubeletStreams, pod: Pod, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = kubelet.connect(pod, port, {
      data() {
        connection.dispose();
        resolve(true);
      },
      closed: () => resolve(true),
      failed: () => resolve(false),
    });
    connection.write(clientHello);
    connection.end();
  });
}

/** The first bytes of a TLS handshake, as a text that is no request. */
const clientHello = Uint8Array.of(0x16, 0x03, 0x01, 0x0d, 0x0a, 0x0d, 0x0a);

function find({ namespace, name }: ServiceAddress, { client }: StreamWorld): Service | undefined {
  try {
    return client.get(ServiceKind, { namespace, name });
  } catch (error) {
    if (!hasReason(error, "NotFound")) throw error;
    return undefined;
  }
}

/** A Pod behind the Service that is ready. */
function endpointOf(
  { namespace, name }: ServiceAddress,
  portName: string,
  { client }: StreamWorld,
): { readonly pod: Pod; readonly port: number } | undefined {
  const labelSelector = `kubernetes.io/service-name=${name}`;
  const pods = client.list(PodKind, { namespace }).items;
  for (const slice of client.list(EndpointSliceKind, { namespace, labelSelector }).items) {
    const port = slice.ports?.find((each) => (each.name ?? "") === portName)?.port;
    const ready = slice.endpoints.find(({ conditions }) => conditions?.ready !== false);
    const pod = pods.find(({ metadata }) => metadata.name === ready?.targetRef?.name);
    if (port !== undefined && pod) return { pod, port };
  }
  return undefined;
}
