// What a hover over the tree tells: what a thing is, in a sentence, and its numbers at this moment.
import { isReady, rolesOf } from "../api/kinds/node.ts";
import { podStatusText } from "../api/kinds/pod/kind.ts";
import { podRequests } from "../api/kinds/pod/requests.ts";
import { type Amount, addAmounts, amountOf, milliValueOf, quantityText } from "../api/quantity.ts";
import type { Lease, Node, Pod, Taint } from "../api/types.ts";
import { humanDuration, parseTime } from "../base/time.ts";
import type { ControllerStatus, SimulatorStatus } from "../client/cluster.ts";
import type { ClusterFacts } from "./clusterFacts.ts";
import { l10n } from "./localize.ts";
import { code, heading, line, list, table, text } from "./markdown.ts";
import type { Component, NodePart, TreeElement } from "./treeElements.ts";
import { containerStateText, isComponentRunning, isPoweredOff } from "./treeItems.ts";

/**
 * Markdown, or undefined if the row says it all.
 * @param lease the node's sign of life, for the elements that speak of it
 */
export function tooltipOf(
  element: TreeElement,
  facts: ClusterFacts,
  lease?: Lease,
): string | undefined {
  switch (element.type) {
    case "group":
      return groupTooltip(element.group);
    case "component":
      return componentTooltip(element.component, facts);
    case "controller":
      return controllerTooltip(element.name, facts.status);
    case "node":
      return nodeTooltip(facts.nodes.get(element.name), facts, lease);
    case "nodePart":
      return partTooltip(element.part, element.node, facts, lease);
    case "pod":
      return podTooltip(facts.pod(element.key));
    case "container":
      return containerTooltip(element.name, facts.pod(element.key));
    case "zone":
    case "nodePods":
    case "page":
      return undefined;
  }
}

function groupTooltip(group: "controlPlane" | "workers" | "unscheduled"): string {
  switch (group) {
    case "controlPlane":
      return l10n.t(
        "The control plane decides what runs where and keeps the cluster as it was asked to be. Its components talk only to kube-apiserver.",
      );
    case "workers":
      return l10n.t("Worker nodes are the machines that run your Pods.");
    case "unscheduled":
      return l10n.t(
        "These Pods have no node yet. Right-click one and choose Explain Scheduling to see why.",
      );
  }
}

function componentRole(component: Component): string {
  switch (component) {
    case "etcd":
      return l10n.t("etcd stores every object of the cluster. Only kube-apiserver talks to it.");
    case "kube-apiserver":
      return l10n.t(
        "kube-apiserver is the one door to the cluster: it checks every request, stores objects, and tells watchers what changed.",
      );
    case "kube-scheduler":
      return l10n.t(
        "kube-scheduler finds a node for every new Pod: it filters out the nodes that do not fit, scores the rest, and binds the Pod to the best.",
      );
    case "kube-controller-manager":
      return l10n.t(
        "kube-controller-manager runs the controllers: loops that compare what is with what was asked for, and act on the difference.",
      );
  }
}

function componentTooltip(component: Component, facts: ClusterFacts): string {
  const { status } = facts;
  const numbers = status ? componentNumbers(component, status) : [];
  const stopped = isComponentRunning(component, facts)
    ? []
    : [line(l10n.t("It is stopped. Everything else goes on without it."))];
  return [heading(component), line(componentRole(component)), ...stopped, list(numbers)].join("");
}

function componentNumbers(component: Component, status: SimulatorStatus): [string, string][] {
  switch (component) {
    case "etcd": {
      const { revision, compactRevision, keys, path } = status.etcd;
      return [
        [l10n.t("Revision"), String(revision)],
        [l10n.t("Compacted up to"), String(compactRevision)],
        [l10n.t("Keys"), String(keys)],
        [l10n.t("Stored in"), path === undefined ? l10n.t("memory only") : code(path)],
      ];
    }
    case "kube-apiserver": {
      const { reads, writes, failures, watches } = status.apiServer;
      return [
        [l10n.t("Reads"), String(reads)],
        [l10n.t("Writes"), String(writes)],
        [l10n.t("Refused requests"), String(failures)],
        [l10n.t("Open watches"), String(watches)],
      ];
    }
    case "kube-scheduler": {
      const { active, backoff, unschedulable, gated, attempts, bound } = status.scheduler;
      return [
        [l10n.t("Active queue"), String(active)],
        [l10n.t("Backoff queue"), String(backoff)],
        [l10n.t("Unschedulable Pods"), String(unschedulable)],
        [l10n.t("Gated Pods"), String(gated)],
        [l10n.t("Attempts"), String(attempts)],
        [l10n.t("Pods bound"), String(bound)],
      ];
    }
    case "kube-controller-manager":
      return [[l10n.t("Controllers"), String(status.controllers.length)]];
  }
}

function controllerTooltip(name: string, status: SimulatorStatus | undefined): string | undefined {
  const controller = status?.controllers.find((one) => one.name === name);
  if (!status || !controller) return undefined;
  return heading(name) + list(controllerNumbers(controller, status));
}

function controllerNumbers(
  { queued, reconciles, writes, lastKey, lastAt, lastError }: ControllerStatus,
  { now }: SimulatorStatus,
): [string, string][] {
  const last: [string, string][] =
    lastKey === undefined || lastAt === undefined
      ? []
      : [[l10n.t("Last object"), `${code(lastKey)} (${agoText(now - lastAt)})`]];
  const failure: [string, string][] =
    lastError === undefined ? [] : [[l10n.t("Last error"), text(lastError)]];
  return [
    [l10n.t("Queued"), String(queued)],
    [l10n.t("Reconciles"), String(reconciles)],
    [l10n.t("Writes"), String(writes)],
    ...last,
    ...failure,
  ];
}

function agoText(span: number): string {
  return l10n.t("{0} ago", humanDuration(Math.max(0, span)));
}

function nodeTooltip(
  node: Node | undefined,
  facts: ClusterFacts,
  lease: Lease | undefined,
): string | undefined {
  if (!node) return undefined;
  const { name, labels } = node.metadata;
  const roles = rolesOf(node).join(", ");
  const taints = node.spec?.taints ?? [];
  return [
    heading(name),
    list([
      ...(roles === "" ? [] : [[l10n.t("Roles"), roles] as const]),
      ...heartbeat(lease, facts),
      [l10n.t("Taints"), taints.length === 0 ? l10n.t("none") : taints.map(taintText).join(", ")],
    ]),
    resourceTable(node, facts),
    conditionTable(node, facts),
    line(`${l10n.t("Labels")}: ${labelsText(labels)}`),
  ].join("");
}

function taintText({ key, value, effect }: Taint): string {
  return code(`${key}${value ? `=${value}` : ""}:${effect}`);
}

function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  const all = Object.entries(labels ?? {}).map(([key, value]) =>
    code(value === "" ? key : `${key}=${value}`),
  );
  return all.length === 0 ? l10n.t("none") : all.join(" ");
}

function heartbeat(lease: Lease | undefined, { status }: ClusterFacts): [string, string][] {
  const renewed = parseTime(lease?.spec?.renewTime ?? "");
  if (renewed === undefined || !status) return [];
  return [[l10n.t("Last heartbeat"), agoText(status.now - renewed)]];
}

function resourceTable(node: Node, facts: ClusterFacts): string {
  const allocatable = node.status?.allocatable ?? {};
  const requested = requestedOn(facts.podsOn(node.metadata.name));
  const rows = ["cpu", "memory", "ephemeral-storage"]
    .filter((name) => allocatable[name] !== undefined)
    .map((name) => {
      const limit = amountOf(allocatable[name] ?? "0");
      const asked = requested.get(name);
      return [name, quantityText(limit), asked ? shareText(asked, limit) : "0"];
    });
  const pods = allocatable.pods;
  if (pods !== undefined)
    rows.push(["pods", String(pods), String(facts.podCountOn(node.metadata.name))]);
  return table([l10n.t("Resource"), l10n.t("Allocatable"), l10n.t("Requested")], rows);
}

function requestedOn(pods: Iterable<Pod>): ReadonlyMap<string, Amount> {
  const total = new Map<string, Amount>();
  for (const pod of pods) {
    const isOver = pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
    if (isOver) continue;
    for (const [name, amount] of podRequests(pod)) {
      const sum = total.get(name);
      total.set(name, sum ? addAmounts(sum, amount) : amount);
    }
  }
  return total;
}

/** "500m (25%)" */
function shareText(asked: Amount, limit: Amount): string {
  const most = milliValueOf(limit);
  const percent = most === 0 ? 0 : Math.round((100 * milliValueOf(asked)) / most);
  return `${quantityText(asked)} (${percent}%)`;
}

function conditionTable({ status }: Node, { status: simulator }: ClusterFacts): string {
  const rows = (status?.conditions ?? []).map(
    ({ type, status: is, reason, lastTransitionTime }) => {
      const since = parseTime(lastTransitionTime ?? "");
      const age = since === undefined || !simulator ? "" : humanDuration(simulator.now - since);
      return [type, is, text(reason ?? ""), age];
    },
  );
  return table([l10n.t("Condition"), l10n.t("Status"), l10n.t("Reason"), l10n.t("Since")], rows);
}

function partRole(part: NodePart): string {
  switch (part) {
    case "kubelet":
      return l10n.t(
        "The kubelet runs the Pods that are bound to its node, and reports how they and the node are. It renews a Lease as its sign of life.",
      );
    case "containerRuntime":
      return l10n.t("The container runtime pulls images and runs containers for the kubelet.");
    case "kubeProxy":
      return l10n.t(
        "kube-proxy makes Services work on its node: it sends traffic for a Service to one of its Pods.",
      );
  }
}

function partTooltip(
  part: NodePart,
  name: string,
  facts: ClusterFacts,
  lease: Lease | undefined,
): string | undefined {
  const node = facts.nodes.get(name);
  if (!node) return undefined;
  const silence =
    part === "kubelet" && !isReady(node)
      ? [
          line(
            l10n.t("The control plane has not heard from it, or it reports that it is not ready."),
          ),
        ]
      : [];
  const off = isPoweredOff(name, facts) ? [line(l10n.t("The machine is powered off."))] : [];
  const numbers = part === "kubelet" ? heartbeat(lease, facts) : [];
  return [line(partRole(part)), ...off, ...silence, list(numbers)].join("");
}

function podTooltip(pod: Pod | undefined): string | undefined {
  if (!pod) return undefined;
  const { name, namespace, labels, ownerReferences } = pod.metadata;
  const owner = ownerReferences?.find(({ controller }) => controller);
  const notScheduled = pod.status?.conditions?.find(
    ({ type, status }) => type === "PodScheduled" && status === "False",
  );
  const requests = [...podRequests(pod)].map(
    ([resource, amount]) => `${resource} ${quantityText(amount)}`,
  );
  return [
    heading(`${namespace ?? "default"}/${name}`),
    notScheduled?.message === undefined ? "" : line(text(notScheduled.message)),
    list([
      [l10n.t("Status"), text(podStatusText(pod))],
      [l10n.t("Node"), pod.spec.nodeName ?? l10n.t("none")],
      [l10n.t("IP address"), pod.status?.podIP ?? l10n.t("none")],
      [l10n.t("Controlled by"), owner ? code(`${owner.kind}/${owner.name}`) : l10n.t("nothing")],
      [l10n.t("QoS class"), pod.status?.qosClass ?? ""],
      [l10n.t("Requests"), requests.length === 0 ? l10n.t("none") : requests.join(", ")],
    ]),
    line(`${l10n.t("Labels")}: ${labelsText(labels)}`),
  ].join("");
}

function containerTooltip(name: string, pod: Pod | undefined): string | undefined {
  const specs = [...(pod?.spec.initContainers ?? []), ...(pod?.spec.containers ?? [])];
  const spec = specs.find((one) => one.name === name);
  if (!pod || !spec) return undefined;
  const statuses = [
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.containerStatuses ?? []),
  ];
  const status = statuses.find((one) => one.name === name);
  const message = status?.state?.waiting?.message ?? status?.state?.terminated?.message;
  return [
    heading(name),
    message === undefined ? "" : line(text(message)),
    list([
      [l10n.t("Image"), code(spec.image ?? "")],
      [l10n.t("State"), text(containerStateText(status))],
      [l10n.t("Restarts"), String(status?.restartCount ?? 0)],
    ]),
  ].join("");
}
