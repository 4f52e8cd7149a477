// The shape of the tree Cluster: which element stands under which. What an element looks like is said
// in treeItems.ts.
import type { UnregisteredMachine } from "../api/clusterStatus.ts";
import { rolesOf } from "../api/kinds/node.ts";
import { keyOf, keyText, type ObjectKey } from "../api/object.ts";
import type { Node, Pod } from "../api/types.ts";
import type { ClusterFacts } from "./clusterFacts.ts";
import {
  type EtcdGroup,
  etcdChildren,
  folderChildren,
  groupChildren,
  keyChildren,
} from "./etcdElements.ts";

interface ElementBase {
  /** Stable over time and unique in the tree; the same Pod on another node is another element. */
  readonly id: string;
  readonly parent?: TreeElement;
}

export type Component = "etcd" | "kube-apiserver" | "kube-scheduler" | "kube-controller-manager";
export type NodePart = "kubelet" | "containerRuntime" | "kubeProxy";
export type Group = "controlPlane" | "workers" | "unscheduled";

export type TreeElement = ElementBase &
  (
    | { readonly type: "group"; readonly group: Group }
    | { readonly type: "component"; readonly component: Component }
    | { readonly type: "controller"; readonly name: string }
    /** One of a controller's last runs, counted from the newest. */
    | { readonly type: "reconcile"; readonly controller: string; readonly index: number }
    /** A Pod, "namespace/name", in the scheduler's queue. */
    | { readonly type: "queued"; readonly pod: string }
    | { readonly type: "etcdMember"; readonly name: string }
    | { readonly type: "etcdGroup"; readonly group: EtcdGroup }
    /** All keys with the prefix. */
    | { readonly type: "etcdFolder"; readonly prefix: string }
    | { readonly type: "etcdKey"; readonly key: string; readonly prefix: string }
    | { readonly type: "etcdRevision"; readonly key: string; readonly revision: number }
    /** Stands for the keys that are not read yet. */
    | { readonly type: "etcdMore"; readonly prefix: string }
    | { readonly type: "zone"; readonly zone: string; readonly members: readonly string[] }
    | { readonly type: "node"; readonly name: string }
    | { readonly type: "nodePart"; readonly node: string; readonly part: NodePart }
    | { readonly type: "nodePods"; readonly node: string }
    | { readonly type: "pod"; readonly key: ObjectKey }
    | {
        readonly type: "container";
        readonly key: ObjectKey;
        readonly name: string;
        readonly isInit: boolean;
      }
    | {
        readonly type: "page";
        readonly first: string;
        readonly last: string;
        readonly members: readonly TreeElement[];
      }
  );

/** Where there are more siblings than this, they stand in groups. */
export const mostSiblings = 100;

const zoneLabel = "topology.kubernetes.io/zone";

/** "worker-2" before "worker-10". */
const byName = new Intl.Collator("en", { numeric: true });

export function rootsOf(facts: ClusterFacts): readonly TreeElement[] {
  const unscheduled = facts.podCountOn("") > 0;
  return (["controlPlane", "workers", ...(unscheduled ? ["unscheduled"] : [])] as Group[]).map(
    (group) => ({ type: "group", id: group, group }),
  );
}

export function childrenOf(element: TreeElement, facts: ClusterFacts): readonly TreeElement[] {
  switch (element.type) {
    case "group":
      return groupMembers(element, element.group, facts);
    case "component":
      return componentParts(element, element.component, facts);
    case "zone":
      return paged(
        element,
        element.members.map((name) => nodeElement(element, name)),
      );
    case "page":
      return element.members.map((member) => ({ ...member, parent: element }));
    case "node":
      return nodeParts(element, element.name);
    case "nodePods":
      return paged(element, podElements(element, facts.podsOn(element.node)));
    case "pod":
      return containers(element, element.key, facts.pod(element.key));
    case "etcdGroup":
      return facts.etcd ? groupChildren(element, element.group, facts.etcd) : [];
    case "etcdFolder":
      return facts.etcd ? folderChildren(element, element.prefix, facts.etcd) : [];
    case "etcdKey":
      return facts.etcd ? keyChildren(element, element.key, facts.etcd) : [];
    case "controller":
      return reconciles(element, element.name, facts);
    case "reconcile":
    case "queued":
    case "etcdMember":
    case "etcdRevision":
    case "etcdMore":
    case "nodePart":
    case "container":
      return [];
  }
}

export function isControlPlane(node: Node): boolean {
  return rolesOf(node).includes("control-plane");
}

/** Workers that are there now; the control plane's nodes are not among them. */
export function workersOf(facts: ClusterFacts): readonly Node[] {
  return [...facts.nodes.values()].filter((node) => !isControlPlane(node));
}

/** The machines of one kind that no kubelet has registered as Nodes. */
export function unregisteredMachines(
  { status }: ClusterFacts,
  isControlPlane: boolean,
): readonly UnregisteredMachine[] {
  return (status?.unregistered ?? []).filter(
    (machine) => machine.isControlPlane === isControlPlane,
  );
}

function groupMembers(
  parent: TreeElement,
  group: Group,
  facts: ClusterFacts,
): readonly TreeElement[] {
  switch (group) {
    case "controlPlane":
      return [
        ...(facts.status ? components(parent) : []),
        ...nodeElements(parent, [...facts.nodes.values()].filter(isControlPlane)),
        ...unregistered(parent, facts, true),
      ];
    case "workers":
      return [...workers(parent, workersOf(facts)), ...unregistered(parent, facts, false)];
    case "unscheduled":
      return paged(parent, podElements(parent, facts.podsOn("")));
  }
}

function unregistered(
  parent: TreeElement,
  facts: ClusterFacts,
  isControlPlane: boolean,
): readonly TreeElement[] {
  return unregisteredMachines(facts, isControlPlane).map(({ name }) => nodeElement(parent, name));
}

function components(parent: TreeElement): TreeElement[] {
  const all = ["etcd", "kube-apiserver", "kube-scheduler", "kube-controller-manager"] as const;
  return all.map((component) => ({
    type: "component",
    id: `${parent.id}/${component}`,
    parent,
    component,
  }));
}

function componentParts(
  parent: TreeElement,
  component: Component,
  facts: ClusterFacts,
): readonly TreeElement[] {
  if (component === "kube-controller-manager") return controllers(parent, facts);
  if (component === "etcd")
    return etcdChildren(parent, facts.status?.etcd.members.map(({ name }) => name) ?? []);
  return component === "kube-scheduler" ? queued(parent, facts) : [];
}

function queued(parent: TreeElement, { status }: ClusterFacts): TreeElement[] {
  return (status?.scheduler.queue ?? []).map(({ pod }) => ({
    type: "queued",
    id: `${parent.id}/${pod}`,
    parent,
    pod,
  }));
}

function controllers(parent: TreeElement, { status }: ClusterFacts): TreeElement[] {
  return (status?.controllers ?? []).map(({ name }) => ({
    type: "controller",
    id: `${parent.id}/${name}`,
    parent,
    name,
  }));
}

function reconciles(parent: TreeElement, name: string, { status }: ClusterFacts): TreeElement[] {
  const recent = status?.controllers.find((one) => one.name === name)?.recent ?? [];
  return recent.map((_, index) => ({
    type: "reconcile",
    id: `${parent.id}/${index}`,
    parent,
    controller: name,
    index,
  }));
}

function workers(parent: TreeElement, nodes: readonly Node[]): readonly TreeElement[] {
  if (nodes.length <= mostSiblings) return nodeElements(parent, nodes);
  const zones = namesByZone(nodes);
  if (zones.size < 2) return paged(parent, nodeElements(parent, nodes));
  return [...zones]
    .sort(([a], [b]) => byName.compare(a, b))
    .map(([zone, members]) => ({
      type: "zone",
      id: `${parent.id}/zone/${zone}`,
      parent,
      zone,
      members: members.sort(byName.compare),
    }));
}

function namesByZone(nodes: readonly Node[]): Map<string, string[]> {
  const zones = new Map<string, string[]>();
  for (const { metadata } of nodes) {
    const zone = metadata.labels?.[zoneLabel] ?? "";
    zones.set(zone, [...(zones.get(zone) ?? []), metadata.name]);
  }
  return zones;
}

function nodeElements(parent: TreeElement, nodes: readonly Node[]): readonly TreeElement[] {
  const names = nodes.map(({ metadata }) => metadata.name).sort(byName.compare);
  return names.map((name) => nodeElement(parent, name));
}

function nodeElement(parent: TreeElement, name: string): TreeElement {
  return { type: "node", id: nodeId(name), parent, name };
}

function nodeParts(parent: TreeElement, node: string): TreeElement[] {
  const parts = (["kubelet", "containerRuntime", "kubeProxy"] as const).map(
    (part): TreeElement => ({ type: "nodePart", id: `${parent.id}/${part}`, parent, node, part }),
  );
  return [...parts, { type: "nodePods", id: `${parent.id}/pods`, parent, node }];
}

function podElements(parent: TreeElement, pods: Iterable<Pod>): readonly TreeElement[] {
  return [...pods]
    .map(keyOf)
    .sort((a, b) => byName.compare(keyText(a), keyText(b)))
    .map((key) => ({ type: "pod", id: `${parent.id}/${keyText(key)}`, parent, key }));
}

function containers(parent: TreeElement, key: ObjectKey, pod: Pod | undefined): TreeElement[] {
  const element = (name: string, isInit: boolean): TreeElement => ({
    type: "container",
    id: `${parent.id}/${isInit ? "init" : "container"}/${name}`,
    parent,
    key,
    name,
    isInit,
  });
  return [
    ...(pod?.spec.initContainers ?? []).map(({ name }) => element(name, true)),
    ...(pod?.spec.containers ?? []).map(({ name }) => element(name, false)),
  ];
}

/** Long lists in pages named after their first and last member. */
function paged(parent: TreeElement, members: readonly TreeElement[]): readonly TreeElement[] {
  if (members.length <= mostSiblings) return members;
  return Array.from({ length: Math.ceil(members.length / mostSiblings) }, (_, page) => {
    const own = members.slice(page * mostSiblings, (page + 1) * mostSiblings);
    const id = `${parent.id}/page/${page}`;
    return {
      type: "page",
      id,
      parent,
      first: nameOf(own[0]),
      last: nameOf(own.at(-1)),
      members: own,
    };
  });
}

function nameOf(element: TreeElement | undefined): string {
  if (element?.type === "node") return element.name;
  return element?.type === "pod" ? element.key.name : "";
}

export function nodeId(name: string): string {
  return `node/${name}`;
}
