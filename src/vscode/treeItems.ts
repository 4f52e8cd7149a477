// What an element of the tree looks like: pure, from the facts of this moment.
import { isReady } from "../api/kinds/node.ts";
import { isPodReady, isTerminal, podStatusText, restartsOf } from "../api/kinds/pod/kind.ts";
import { amountOf, quantityText } from "../api/quantity.ts";
import type { ContainerStatus, Node, Pod } from "../api/types.ts";
import type { ControllerStatus } from "../client/cluster.ts";
import type { ClusterFacts } from "./clusterFacts.ts";
import { l10n } from "./localize.ts";
import {
  type Component,
  type Group,
  isControlPlane,
  type NodePart,
  type TreeElement,
  workersOf,
} from "./treeElements.ts";

export interface TreeRow {
  readonly label: string;
  readonly description?: string;
  readonly icon: Icon;
  readonly collapsible: "none" | "collapsed" | "expanded";
  /** What `viewItem` is in package.json's menus. */
  readonly context: string;
  /** What a screen reader says; the icon's meaning is in it. */
  readonly accessibleLabel: string;
}

/** A codicon and a theme colour. */
export interface Icon {
  readonly id: string;
  readonly color?: string;
}

const good = "testing.iconPassed";
const bad = "testing.iconFailed";
const waiting = "list.warningForeground";
const muted = "disabledForeground";
const separator = " · ";

/** Undefined if the element's object is gone. */
export function rowOf(element: TreeElement, facts: ClusterFacts): TreeRow | undefined {
  switch (element.type) {
    case "group":
      return groupRow(element.group, facts);
    case "component":
      return componentRow(element.component, facts);
    case "controller":
      return controllerRow(element.name, facts);
    case "zone":
      return zoneRow(element.zone, element.members, facts);
    case "node":
      return nodeRow(facts.nodes.get(element.name), facts);
    case "nodePart":
      return nodePartRow(element.part, facts.nodes.get(element.node), facts);
    case "nodePods":
      return nodePodsRow(element.node, facts);
    case "pod":
      return podRow(facts.pod(element.key));
    case "container":
      return containerRow(element.name, element.isInit, facts.pod(element.key));
    case "page":
      return row(`${element.first} … ${element.last}`, {
        description: String(element.members.length),
        icon: { id: "ellipsis" },
        collapsible: "collapsed",
        context: "page",
      });
  }
}

/** "3 Pods": the count with its noun. */
export function podCountText(count: number): string {
  return count === 1 ? l10n.t("1 Pod") : l10n.t("{0} Pods", count);
}

/** True while the node's machine is switched off. */
export function isPoweredOff(node: string, { status }: ClusterFacts): boolean {
  return status?.faults.some((fault) => fault.type === "powerOff" && fault.node === node) ?? false;
}

function row(
  label: string,
  { accessibleLabel, ...rest }: Omit<TreeRow, "label" | "accessibleLabel"> & Partial<TreeRow>,
): TreeRow {
  const spoken = [label, rest.description].filter((part) => part !== undefined).join(", ");
  return { label, ...rest, accessibleLabel: accessibleLabel ?? spoken };
}

function groupRow(group: Group, facts: ClusterFacts): TreeRow {
  switch (group) {
    case "controlPlane":
      return row(l10n.t("Control plane"), {
        icon: { id: "server-environment" },
        collapsible: "expanded",
        context: "group",
      });
    case "workers": {
      const nodes = workersOf(facts);
      const ready = nodes.filter(isReady).length;
      return row(l10n.t("Worker nodes"), {
        description: l10n.t("{0} of {1} Ready", ready, nodes.length),
        icon: { id: "server", ...(ready < nodes.length ? { color: waiting } : {}) },
        collapsible: "expanded",
        context: "group",
      });
    }
    case "unscheduled":
      return row(l10n.t("Unscheduled Pods ({0})", facts.podCountOn("")), {
        icon: { id: "inbox", color: waiting },
        collapsible: "expanded",
        context: "group",
      });
  }
}

const componentIcons: Record<Component, string> = {
  etcd: "database",
  "kube-apiserver": "server-process",
  "kube-scheduler": "list-selection",
  "kube-controller-manager": "settings-gear",
};

function componentRow(component: Component, facts: ClusterFacts): TreeRow {
  const isRunning = isComponentRunning(component, facts);
  const state = isRunning ? "running" : "stopped";
  const canStop = component === "kube-scheduler" || component === "kube-controller-manager";
  return row(component, {
    description: isRunning ? componentNumbers(component, facts) : l10n.t("Stopped"),
    icon: isRunning
      ? { id: componentIcons[component], color: good }
      : { id: "circle-slash", color: bad },
    collapsible: component === "kube-controller-manager" ? "collapsed" : "none",
    context: canStop ? `component.stoppable.${state}` : "component",
  });
}

export function isComponentRunning(component: Component, { status }: ClusterFacts): boolean {
  return !status?.faults.some(
    (fault) => fault.type === "stopComponent" && fault.component === component,
  );
}

function componentNumbers(component: Component, { status }: ClusterFacts): string {
  if (!status) return "";
  switch (component) {
    case "etcd":
      return l10n.t("revision {0}", status.etcd.revision);
    case "kube-apiserver":
      return l10n.t("{0} watches", status.apiServer.watches);
    case "kube-scheduler": {
      const { active, backoff, unschedulable, gated } = status.scheduler;
      if (active + backoff + unschedulable + gated === 0) return l10n.t("queue empty");
      const queues = [
        active > 0 && l10n.t("{0} active", active),
        backoff > 0 && l10n.t("{0} in backoff", backoff),
        unschedulable > 0 && l10n.t("{0} unschedulable", unschedulable),
        gated > 0 && l10n.t("{0} gated", gated),
      ];
      return queues.filter((text) => text !== false).join(separator);
    }
    case "kube-controller-manager":
      return l10n.t("{0} controllers", status.controllers.length);
  }
}

function controllerRow(name: string, { status }: ClusterFacts): TreeRow | undefined {
  const controller = status?.controllers.find((one) => one.name === name);
  if (!controller) return undefined;
  const { running, queued, lastError } = controller;
  const texts = [
    !running && l10n.t("Stopped"),
    queued > 0 && l10n.t("{0} queued", queued),
    running && lastError !== undefined && l10n.t("last run failed"),
  ].filter((text) => text !== false);
  return row(name, {
    ...(texts.length === 0 ? {} : { description: texts.join(separator) }),
    icon: controllerIcon(controller),
    collapsible: "none",
    context: "controller",
  });
}

function controllerIcon({ running, lastError }: ControllerStatus): Icon {
  if (!running) return { id: "circle-slash", color: bad };
  return { id: "sync", color: lastError === undefined ? good : waiting };
}

function zoneRow(zone: string, members: readonly string[], facts: ClusterFacts): TreeRow {
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

function nodeRow(node: Node | undefined, facts: ClusterFacts): TreeRow | undefined {
  if (!node) return undefined;
  const { name, labels } = node.metadata;
  const isWorker = !isControlPlane(node);
  const isOff = isPoweredOff(name, facts);
  const parts = [
    nodeStatusText(node),
    isOff ? l10n.t("powered off") : "",
    isWorker ? "" : "control-plane",
    capacityText(node),
    labels?.[zoneLabel] ?? "",
    podCountText(facts.podCountOn(name)),
  ];
  const power = isOff ? "off" : "on";
  return row(name, {
    description: parts.filter((part) => part !== "").join(separator),
    icon: nodeIcon(node, isOff),
    collapsible: "collapsed",
    context: isWorker && facts.status ? `node.worker.${power}` : "node",
  });
}

function nodeIcon(node: Node, isOff: boolean): Icon {
  if (isOff) return { id: "circle-slash", color: bad };
  if (!isReady(node)) return { id: "error", color: bad };
  return node.spec?.unschedulable ? { id: "vm", color: waiting } : { id: "vm", color: good };
}

/** "Ready", "NotReady,SchedulingDisabled": kubectl's STATUS column. */
export function nodeStatusText(node: Node): string {
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

function nodePartRow(
  part: NodePart,
  node: Node | undefined,
  facts: ClusterFacts,
): TreeRow | undefined {
  if (!node) return undefined;
  const isOff = isPoweredOff(node.metadata.name, facts);
  const isHeard = isReady(node);
  return row(partLabel(part), {
    description: isOff ? l10n.t("off") : partDescription(part, node, isHeard),
    icon: isOff
      ? { id: "circle-slash", color: bad }
      : { id: partIcons[part], color: isHeard ? good : waiting },
    collapsible: "none",
    context: "nodePart",
  });
}

function partDescription(part: NodePart, { status }: Node, isHeard: boolean): string {
  const info = status?.nodeInfo;
  if (part === "containerRuntime") return info?.containerRuntimeVersion ?? "";
  if (part === "kubeProxy") return info?.kubeletVersion ?? "";
  const version = info?.kubeletVersion ?? "";
  return isHeard ? version : l10n.t("not ready");
}

function nodePodsRow(node: string, facts: ClusterFacts): TreeRow {
  const count = facts.podCountOn(node);
  return row(l10n.t("Pods"), {
    description: String(count),
    icon: { id: "layers" },
    collapsible: count === 0 ? "none" : "collapsed",
    context: "pods",
  });
}

function podRow(pod: Pod | undefined): TreeRow | undefined {
  if (!pod) return undefined;
  const status = podStatusText(pod);
  const restarts = restartsOf(pod);
  const { name, namespace } = pod.metadata;
  const parts = [
    status,
    pod.spec.nodeName ? readyCountText(pod) : "",
    restarts === 0 ? "" : l10n.t("{0} restarts", restarts),
    namespace === undefined || namespace === "default" ? "" : namespace,
  ];
  return row(name, {
    description: parts.filter((part) => part !== "").join(separator),
    icon: podIcon(pod, status),
    collapsible: "collapsed",
    context: "pod",
  });
}

/** "1/2 ready" as kubectl's READY column counts. */
function readyCountText({ spec, status }: Pod): string {
  const ready = (status?.containerStatuses ?? []).filter((container) => container.ready).length;
  return `${ready}/${spec.containers.length}`;
}

const troubled = /BackOff|Err|Error|Invalid|OOMKilled|Failed|Evicted|Unknown|ExitCode|Signal/;

function podIcon(pod: Pod, status: string): Icon {
  if (pod.metadata.deletionTimestamp !== undefined) return { id: "trash", color: muted };
  if (pod.status?.phase === "Succeeded") return { id: "check", color: muted };
  if (isTerminal(pod) || troubled.test(status)) return { id: "error", color: bad };
  if (isPodReady(pod)) return { id: "pass", color: good };
  if (!pod.spec.nodeName) return { id: "question", color: waiting };
  return { id: "loading", color: waiting };
}

function containerRow(name: string, isInit: boolean, pod: Pod | undefined): TreeRow | undefined {
  if (!pod) return undefined;
  const statuses = isInit ? pod.status?.initContainerStatuses : pod.status?.containerStatuses;
  const status = statuses?.find((one) => one.name === name);
  const specs = isInit ? pod.spec.initContainers : pod.spec.containers;
  const image = specs?.find((one) => one.name === name)?.image ?? "";
  const parts = [containerStateText(status), isInit ? l10n.t("init") : "", image];
  return row(name, {
    description: parts.filter((part) => part !== "").join(separator),
    icon: containerIcon(status),
    collapsible: "none",
    context: "container",
  });
}

/** The runtime's words: "Running", "ContainerCreating", "Completed", ... */
export function containerStateText(status: ContainerStatus | undefined): string {
  const { running, waiting: held, terminated } = status?.state ?? {};
  if (running) return "Running";
  if (terminated) return terminated.reason ?? `ExitCode:${terminated.exitCode}`;
  return held?.reason ?? "Waiting";
}

function containerIcon(status: ContainerStatus | undefined): Icon {
  const { running, terminated, waiting: held } = status?.state ?? {};
  if (terminated) {
    const failed = terminated.exitCode !== 0;
    return failed ? { id: "error", color: bad } : { id: "check", color: muted };
  }
  if (running) return { id: "symbol-method", color: status?.ready ? good : waiting };
  return { id: "symbol-method", color: troubled.test(held?.reason ?? "") ? bad : waiting };
}
