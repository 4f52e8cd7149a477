// A node with the Pods on it. Immutable: adding or removing a Pod gives a new NodeInfo, so that what
// was computed from one stays true for as long as it is the same object.
// Source: framework.NodeInfo, kubernetes v1.34 pkg/scheduler/framework/types.go
import { amountsOf } from "../api/kinds/pod/requests.ts";
import { wholeValueOf } from "../api/quantity.ts";
import type { Labels } from "../api/selector.ts";
import type { Node, Taint } from "../api/types.ts";
import type { HostPort, PodInfo } from "./podInfo.ts";
import {
  addResources,
  noResources,
  type Resources,
  resourcesOf,
  subtractResources,
} from "./resources.ts";

/** What a Node object says of itself. */
export interface NodeShape {
  readonly node: Node;
  readonly name: string;
  readonly labels: Labels;
  readonly taints: readonly Taint[];
  readonly isUnschedulable: boolean;
  readonly allocatable: Resources;
  readonly allowedPods: number;
  /** Names of the images that the node has pulled. */
  readonly images: ReadonlySet<string>;
}

/** What the Pods on a node take of it. */
interface NodeUsage {
  readonly pods: readonly PodInfo[];
  readonly podsWithAffinity: readonly PodInfo[];
  readonly podsWithRequiredAntiAffinity: readonly PodInfo[];
  readonly requested: Resources;
  readonly nonZeroMilliCpu: number;
  readonly nonZeroMemory: number;
  /** Host ports in use, as `portText` writes them. */
  readonly usedPorts: ReadonlySet<string>;
}

const noImages: ReadonlySet<string> = new Set();
const noUsage: NodeUsage = {
  pods: [],
  podsWithAffinity: [],
  podsWithRequiredAntiAffinity: [],
  requested: noResources,
  nonZeroMilliCpu: 0,
  nonZeroMemory: 0,
  usedPorts: new Set(),
};

export class NodeInfo implements NodeShape, NodeUsage {
  readonly node: Node;
  readonly name: string;
  readonly labels: Labels;
  readonly taints: readonly Taint[];
  readonly isUnschedulable: boolean;
  readonly allocatable: Resources;
  readonly allowedPods: number;
  readonly images: ReadonlySet<string>;
  readonly pods: readonly PodInfo[];
  readonly podsWithAffinity: readonly PodInfo[];
  readonly podsWithRequiredAntiAffinity: readonly PodInfo[];
  readonly requested: Resources;
  readonly nonZeroMilliCpu: number;
  readonly nonZeroMemory: number;
  readonly usedPorts: ReadonlySet<string>;
  /** allocatable − requested; below 0 on a node that is overcommitted. */
  readonly freeMilliCpu: number;
  readonly freeMemory: number;
  readonly freeEphemeralStorage: number;

  /** `slot` is the node's place in arrays that are indexed by node; it stays while the node does. */
  constructor(
    readonly slot: number,
    readonly shape: NodeShape,
    usage: NodeUsage = noUsage,
  ) {
    this.node = shape.node;
    this.name = shape.name;
    this.labels = shape.labels;
    this.taints = shape.taints;
    this.isUnschedulable = shape.isUnschedulable;
    this.allocatable = shape.allocatable;
    this.allowedPods = shape.allowedPods;
    this.images = shape.images;
    this.pods = usage.pods;
    this.podsWithAffinity = usage.podsWithAffinity;
    this.podsWithRequiredAntiAffinity = usage.podsWithRequiredAntiAffinity;
    this.requested = usage.requested;
    this.nonZeroMilliCpu = usage.nonZeroMilliCpu;
    this.nonZeroMemory = usage.nonZeroMemory;
    this.usedPorts = usage.usedPorts;
    this.freeMilliCpu = shape.allocatable.milliCpu - usage.requested.milliCpu;
    this.freeMemory = shape.allocatable.memory - usage.requested.memory;
    this.freeEphemeralStorage =
      shape.allocatable.ephemeralStorage - usage.requested.ephemeralStorage;
  }

  /** The node with one Pod more. */
  withPod(pod: PodInfo): NodeInfo {
    const { podsWithAffinity, podsWithRequiredAntiAffinity, usedPorts } = this;
    return new NodeInfo(this.slot, this.shape, {
      pods: [...this.pods, pod],
      podsWithAffinity: pod.hasAffinity ? [...podsWithAffinity, pod] : podsWithAffinity,
      podsWithRequiredAntiAffinity:
        pod.requiredAntiAffinity.length > 0
          ? [...podsWithRequiredAntiAffinity, pod]
          : podsWithRequiredAntiAffinity,
      requested: addResources(this.requested, pod.requested),
      nonZeroMilliCpu: this.nonZeroMilliCpu + pod.nonZeroMilliCpu,
      nonZeroMemory: this.nonZeroMemory + pod.nonZeroMemory,
      usedPorts:
        pod.hostPorts.length === 0
          ? usedPorts
          : new Set([...usedPorts, ...pod.hostPorts.map(portText)]),
    });
  }

  /** The node without the Pod of that id; the same node if it is not there. */
  withoutPod(id: string): NodeInfo {
    const pod = this.pods.find((each) => each.id === id);
    if (!pod) return this;
    const others = (pods: readonly PodInfo[]): readonly PodInfo[] =>
      pods.includes(pod) ? pods.filter((each) => each !== pod) : pods;
    return new NodeInfo(this.slot, this.shape, {
      pods: others(this.pods),
      podsWithAffinity: others(this.podsWithAffinity),
      podsWithRequiredAntiAffinity: others(this.podsWithRequiredAntiAffinity),
      requested: subtractResources(this.requested, pod.requested),
      nonZeroMilliCpu: this.nonZeroMilliCpu - pod.nonZeroMilliCpu,
      nonZeroMemory: this.nonZeroMemory - pod.nonZeroMemory,
      usedPorts: withoutPorts(this.usedPorts, pod.hostPorts),
    });
  }

  /** The same Pods on a node that has changed. */
  withShape(shape: NodeShape): NodeInfo {
    return new NodeInfo(this.slot, shape, this);
  }
}

/** Reads a Node object. */
export function nodeShapeOf(node: Node): NodeShape {
  const allocatable = amountsOf(node.status?.allocatable ?? node.status?.capacity);
  const pods = allocatable.get("pods");
  return {
    node,
    name: node.metadata.name,
    labels: node.metadata.labels ?? {},
    taints: node.spec?.taints ?? [],
    isUnschedulable: node.spec?.unschedulable ?? false,
    allocatable: resourcesOf(allocatable),
    allowedPods: pods ? wholeValueOf(pods) : 0,
    images: node.status?.images
      ? new Set(node.status.images.flatMap(({ names }) => names ?? []))
      : noImages,
  };
}

/** A host port as a key of `usedPorts`. */
export function portText({ ip, protocol, port }: HostPort): string {
  return `${ip} ${protocol} ${port}`;
}

/** A port that several Pods hold, against the rules, is free once one of them goes: as in Go. */
function withoutPorts(used: ReadonlySet<string>, ports: readonly HostPort[]): ReadonlySet<string> {
  if (ports.length === 0) return used;
  const rest = new Set(used);
  for (const port of ports) rest.delete(portText(port));
  return rest;
}
