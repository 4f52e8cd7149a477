// Rows of the machines: zones, nodes, and what runs on each node beside its Pods.
import { type Fault, faultKey, type NodeService } from "../api/fault.ts";
import { isReady } from "../api/kinds/node.ts";
import { amountOf, quantityText } from "../api/quantity.ts";
import type { Node } from "../api/types.ts";
import { l10n } from "../base/localize.ts";
import type { ClusterFacts } from "./clusterFacts.ts";
import { isControlPlane, type NodePart } from "./treeElements.ts";
import { bad, good, type Icon, row, separator, type TreeRow, waiting } from "./treeRow.ts";

export function zoneRow(zone: string, members: readonly string[], facts: ClusterFacts): TreeRow {
  const ready = members.filter((name) => {
    const node = facts.nodes.get(name);
    return node !== undefined && isReady(node);
  }).length;
  return row(zone === "" ? l10n.t("no zone") : zone, {
    description: l10n.t("{0} of {1} Ready", ready, members.length),
    icon: { id: "globe", ...(ready < members.length ? { color: waiting } : {}) },
    collapsible: "collapsed",
    context: "zone",
  });
}

const zoneLabel = "topology.kubernetes.io/zone";

export function nodeRow(
  name: string,
  node: Node | undefined,
  facts: ClusterFacts,
): TreeRow | undefined {
  if (!node) return isUnregistered(name, facts) ? unregisteredRow(name, facts) : undefined;
  const { labels } = node.metadata;
  const isWorker = !isControlPlane(node);
  const isOff = isPoweredOff(name, facts);
  const parts = [
    nodeStatusText(node),
    isOff ? l10n.t("powered off") : "",
    ...troublesOf(name, facts),
    isWorker ? "" : "control-plane",
    podCountText(facts.podCountOn(name)),
    capacityText(node),
    labels?.[zoneLabel] ?? "",
  ];
  const power = isOff ? "off" : "on";
  return row(name, {
    description: parts.filter((part) => part !== "").join(separator),
    icon: nodeIcon(node, isOff),
    collapsible: "collapsed",
    context: isWorker && facts.status ? `node.worker.${power}` : "node",
  });
}

function isUnregistered(name: string, { status }: ClusterFacts): boolean {
  return status?.unregistered.some((machine) => machine.name === name) ?? false;
}

/** A machine whose kubelet has not registered it. */
function unregisteredRow(name: string, facts: ClusterFacts): TreeRow {
  const isOff = isPoweredOff(name, facts);
  return row(name, {
    description: isOff ? l10n.t("powered off") : l10n.t("not registered"),
    icon: isOff ? { id: "circle-slash", color: bad } : { id: "vm-outline", color: waiting },
    collapsible: "collapsed",
    context: "node.unregistered",
  });
}

/** True while an agent of the machine is stopped. */
function isServiceStopped(node: string, service: NodeService, { status }: ClusterFacts): boolean {
  const key = faultKey({ type: "stopNodeService", node, service });
  return status?.faults.some((fault) => faultKey(fault) === key) ?? false;
}

/** True while the node's machine is switched off. */
export function isPoweredOff(node: string, { status }: ClusterFacts): boolean {
  return status?.faults.some((fault) => fault.type === "powerOff" && fault.node === node) ?? false;
}

/** What else is broken of the machine, in a word or two each. */
function troublesOf(node: string, { status }: ClusterFacts): readonly string[] {
  const faults = status?.faults ?? [];
  return faults.filter((fault) => "node" in fault && fault.node === node).map(troubleText);
}

function troubleText(fault: Fault): string {
  switch (fault.type) {
    case "cutOffNode":
      return l10n.t("cut off");
    case "pressure":
      return fault.resource === "memory" ? l10n.t("memory short") : l10n.t("disk full");
    case "loseHeartbeats":
      return l10n.t("heartbeats lost");
    case "delayHeartbeats":
      return l10n.t("heartbeats late");
    case "losePackets":
      return l10n.t("packets lost");
    case "skewClock":
      return l10n.t("clock wrong");
    default:
      // Power and agents show in the row's icon and beneath it.
      return "";
  }
}

/** "3 Pods": the count with its noun. */
function podCountText(count: number): string {
  return count === 1 ? l10n.t("1 Pod") : l10n.t("{0} Pods", count);
}

function nodeIcon(node: Node, isOff: boolean): Icon {
  if (isOff) return { id: "circle-slash", color: bad };
  if (!isReady(node)) return { id: "error", color: bad };
  return node.spec?.unschedulable ? { id: "vm", color: waiting } : { id: "vm", color: good };
}

/** "Ready", "NotReady,SchedulingDisabled": kubectl's STATUS column. */
function nodeStatusText(node: Node): string {
  const state = isReady(node) ? "Ready" : "NotReady";
  return node.spec?.unschedulable ? `${state},SchedulingDisabled` : state;
}

/** "4 cpu · 8Gi": the size of the machine. */
function capacityText({ status }: Node): string {
  const { cpu, memory } = status?.capacity ?? {};
  const texts = [
    cpu === undefined ? "" : `${quantityText(amountOf(cpu))} cpu`,
    memory === undefined ? "" : quantityText(amountOf(memory)),
  ];
  return texts.filter((text) => text !== "").join(separator);
}

const partIcons: Record<NodePart, string> = {
  kubelet: "pulse",
  containerRuntime: "package",
  kubeProxy: "arrow-swap",
};

/** The names under which Kubernetes' documentation knows the parts of a node. */
function partLabel(part: NodePart): string {
  if (part === "containerRuntime") return l10n.t("container runtime");
  return part === "kubelet" ? "kubelet" : "kube-proxy";
}

export function nodePartRow(
  part: NodePart,
  name: string,
  facts: ClusterFacts,
): TreeRow | undefined {
  const node = facts.nodes.get(name);
  if (!node && !isUnregistered(name, facts)) return undefined;
  const service = serviceOf(part, facts);
  const isOff = isPoweredOff(name, facts);
  const agent = agentOf(part);
  const isStopped = agent !== undefined && isServiceStopped(name, agent, facts);
  const isHeard = node !== undefined && isReady(node);
  const absence = isOff ? l10n.t("off") : isStopped ? l10n.t("Stopped") : undefined;
  const state = isStopped ? "stopped" : "running";
  const kind = part === "kubeProxy" ? "kubeProxy" : "nodePart";
  return row(partLabel(part), {
    description: absence ?? partDescription(part, node, isHeard),
    icon:
      absence === undefined
        ? { id: partIcons[part], color: isHeard ? good : waiting }
        : { id: "circle-slash", color: bad },
    collapsible: "none",
    context: service === undefined ? kind : `${kind}.${state}`,
  });
}

/** The agent that its own row starts and stops; kubeadm's kube-proxy is a Pod. */
export function serviceOf(part: NodePart, { status }: ClusterFacts): NodeService | undefined {
  const agent = agentOf(part);
  if (!status || (agent === "kube-proxy" && status.setUp === "kubeadm")) return undefined;
  return agent;
}

function agentOf(part: NodePart): NodeService | undefined {
  if (part === "containerRuntime") return undefined;
  return part === "kubelet" ? "kubelet" : "kube-proxy";
}

function partDescription(part: NodePart, node: Node | undefined, isHeard: boolean): string {
  const info = node?.status?.nodeInfo;
  if (part === "containerRuntime") return info?.containerRuntimeVersion ?? "";
  if (part === "kubeProxy") return info?.kubeletVersion ?? "";
  const version = info?.kubeletVersion ?? "";
  return isHeard ? version : l10n.t("not ready");
}

export function nodePodsRow(node: string, facts: ClusterFacts): TreeRow {
  const count = facts.podCountOn(node);
  return row(l10n.t("Pods"), {
    description: String(count),
    icon: { id: "layers" },
    collapsible: count === 0 ? "none" : "collapsed",
    context: "pods",
  });
}
