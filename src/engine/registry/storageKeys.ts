// Where kube-apiserver keeps objects in etcd: /registry/pods/default/web-1.
import type { Kind } from "../../api/kind.ts";
import type { ObjectKey } from "../../api/object.ts";

/** Resources whose place is older than their name. Source: pkg/registry, DefaultKubeEffectiveVersion storage prefixes. */
const oldPlaces: Readonly<Record<string, string>> = {
  nodes: "minions",
  services: "services/specs",
  endpoints: "services/endpoints",
  replicationcontrollers: "controllers",
  "ingresses.networking.k8s.io": "ingress",
};

/** The prefix of all objects of a kind, or of one namespace's; ends in a slash. */
export function storagePrefix(asked: Kind, namespace = ""): string {
  const kind = asked.storedAs?.kind ?? asked;
  const place = oldPlaces[kind.resource] ?? kind.storagePlace ?? kind.plural;
  return namespace === "" ? `/registry/${place}/` : `/registry/${place}/${namespace}/`;
}

export function storageKey(kind: Kind, { namespace, name }: ObjectKey): string {
  return storagePrefix(kind, kind.namespaced ? namespace : "") + name;
}
