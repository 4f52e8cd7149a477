// Where the API server goes for a Service of the cluster.
// Source: kube-aggregator's service resolver (apiserver pkg/util/proxy ResolveCluster), kubernetes v1.34.
import { Service as ServiceKind } from "../../../api/kinds/service.ts";
import { hasReason } from "../../../api/status.ts";
import type { LocalClient } from "../../localClient.ts";

export interface ServiceAddress {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/** The address to connect to; a text says why there is none. */
export function serviceRoute(
  { namespace, name, port }: ServiceAddress,
  client: LocalClient,
): { readonly address: string } | string {
  const spec = specOf(namespace, name, client);
  if (!spec) return `service ${JSON.stringify(name)} not found`;
  const { clusterIP = "", type = "ClusterIP", ports = [], externalName = "" } = spec;
  if (type === "ClusterIP" && clusterIP === "None")
    return 'cannot route to service with ClusterIP "None"';
  if (!ports.some((each) => each.port === port))
    return `no service port ${port} found for service ${JSON.stringify(name)}`;
  return { address: type === "ExternalName" ? externalName : clusterIP };
}

function specOf(namespace: string, name: string, client: LocalClient) {
  try {
    return client.get(ServiceKind, { namespace, name }).spec;
  } catch (error) {
    if (!hasReason(error, "NotFound")) throw error;
    return undefined;
  }
}
