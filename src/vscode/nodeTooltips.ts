// Hovers over nodes and their parts: signs of life, capacity and what is asked of it.
import { isReady, rolesOf } from "../api/kinds/node.ts";
import { podRequests } from "../api/kinds/pod/requests.ts";
import { type Amount, addAmounts, amountOf, milliValueOf, quantityText } from "../api/quantity.ts";
import type { Lease, Node, Pod, Taint } from "../api/types.ts";
import { l10n } from "../base/localize.ts";
import { humanDuration, parseTime } from "../base/time.ts";
import type { ClusterFacts } from "./clusterFacts.ts";
import { agoText, labelsText } from "./factTexts.ts";
import { code, heading, line, list, table, text } from "./markdown.ts";
import { isPoweredOff } from "./nodeRows.ts";
import type { NodePart } from "./treeElements.ts";

export function nodeTooltip(
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

export function partTooltip(
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
