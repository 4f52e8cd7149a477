// What CoreDNS knows of a cluster, by its watches of the API.
import type { EndpointSlice, Namespace, Pod, Service } from "../../../api/types.ts";
import type { Lister, ObjectIndex } from "../../localInformer.ts";
import type { ClusterNames } from "./clusterZone.ts";

export interface NamesWatched {
  readonly services: Lister<Service>;
  readonly slices: Lister<EndpointSlice>;
  readonly namespaces: Lister<Namespace>;
  readonly pods: Lister<Pod>;
}

const byService: ObjectIndex<EndpointSlice> = {
  name: "service",
  values: ({ metadata: { namespace, labels } }) => [
    `${namespace}/${labels?.["kubernetes.io/service-name"] ?? ""}`,
  ],
};

const byAddress: ObjectIndex<Pod> = {
  name: "podIP",
  values: ({ status }) => (status?.podIP === undefined ? [] : [status.podIP]),
};

export function clusterNames({ services, slices, namespaces, pods }: NamesWatched): ClusterNames {
  return {
    hasNamespace: (name) => namespaces.get({ namespace: "", name }) !== undefined,
    service: (namespace, name) => services.get({ namespace, name }),
    services: () => services.list(),
    slices: (namespace, service) => slices.by(byService, `${namespace}/${service}`),
    allSlices: () => slices.list(),
    hasPod: (namespace, ip) =>
      pods.by(byAddress, ip).some(({ metadata }) => metadata.namespace === namespace),
  };
}
