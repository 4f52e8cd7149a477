// Whether a node takes a Pod that was bound to it: the scheduler may have been wrong, or passed over.
// Source: pkg/kubelet/lifecycle/predicate.go and scheduler AdmissionCheck, kubernetes v1.34.
import { podRequests, type ResourceList } from "../../api/kinds/pod/requests.ts";
import { amountOf, milliValueOf, wholeValueOf } from "../../api/quantity.ts";
import { meets, type Requirement } from "../../api/selector.ts";
import { toleratesTaint } from "../../api/toleration.ts";
import type { Node, NodeSelectorTerm, Pod } from "../../api/types.ts";
import type { Verdict } from "./podStatus.ts";

/** @returns undefined if the node takes `pod` beside `others`, or why not */
export function rejection(pod: Pod, node: Node, others: readonly Pod[]): Verdict | undefined {
  if (pod.spec.os && pod.spec.os.name !== "linux")
    return {
      reason: "PodOSNotSupported",
      message: "Failed to admit pod as the OS field doesn't match node OS",
    };
  return (
    lackOfResources(pod, node, others) ??
    wrongNode(pod, node) ??
    takenPort(pod, others) ??
    untolerated(pod, node)
  );
}

const scalars = ["cpu", "memory", "ephemeral-storage"] as const;

function lackOfResources(pod: Pod, node: Node, others: readonly Pod[]): Verdict | undefined {
  const allocatable = node.status?.allocatable ?? {};
  const mostPods = Number(allocatable.pods ?? 0);
  if (others.length + 1 > mostPods)
    return lacking("pods", { requested: 1, used: others.length, capacity: mostPods });
  const wanted = podRequests(pod);
  const used = others.map((other) => podRequests(other));
  const names = [...scalars, ...[...wanted.keys()].filter((name) => name.includes("/"))];
  for (const name of names) {
    const requested = amountIn(wanted, name);
    // A resource that the node does not know belongs to the cluster: not the kubelet's business.
    if (requested === 0 || allocatable[name] === undefined) continue;
    const sum = used.reduce((total, list) => total + amountIn(list, name), 0);
    const capacity = valueIn(name, amountOf(allocatable[name]));
    if (requested > capacity - sum) return lacking(name, { requested, used: sum, capacity });
  }
  return undefined;
}

function lacking(
  name: string,
  { requested, used, capacity }: { requested: number; used: number; capacity: number },
): Verdict {
  const numbers = `requested: ${requested}, used: ${used}, capacity: ${capacity}`;
  return {
    reason: `OutOf${name}`,
    message: `Node didn't have enough resource: ${name}, ${numbers}`,
  };
}

function amountIn(list: ResourceList, name: string): number {
  const amount = list.get(name);
  return amount ? valueIn(name, amount) : 0;
}

/** CPU counts in thousandths. */
function valueIn(name: string, amount: ReturnType<typeof amountOf>): number {
  return name === "cpu" ? milliValueOf(amount) : wholeValueOf(amount);
}

function wrongNode({ spec }: Pod, node: Node): Verdict | undefined {
  const labels = node.metadata.labels ?? {};
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const hasLabels = Object.entries(spec.nodeSelector ?? {}).every(
    ([key, value]) => labels[key] === value,
  );
  const isWanted = !terms || terms.nodeSelectorTerms.some((term) => matches(term, node));
  if (hasLabels && isWanted) return undefined;
  return predicateFailed("NodeAffinity", "node(s) didn't match Pod's node affinity/selector");
}

function matches(
  { matchExpressions = [], matchFields = [] }: NodeSelectorTerm,
  node: Node,
): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false;
  const labels = node.metadata.labels ?? {};
  return (
    matchExpressions.every((wanted) => meets(labels[wanted.key], requirementOf(wanted))) &&
    matchFields.every((wanted) => meets(node.metadata.name, requirementOf(wanted)))
  );
}

function requirementOf(wanted: {
  readonly key: string;
  readonly operator: Requirement["operator"];
  readonly values?: readonly string[];
}): Requirement {
  return { key: wanted.key, operator: wanted.operator, values: wanted.values ?? [] };
}

function takenPort(pod: Pod, others: readonly Pod[]): Verdict | undefined {
  const taken = new Set(others.flatMap(hostPorts));
  if (!hostPorts(pod).some((port) => taken.has(port))) return undefined;
  return predicateFailed("NodePorts", "node(s) didn't have free ports for the requested pod ports");
}

function hostPorts({ spec }: Pod): readonly string[] {
  return spec.containers.flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort, protocol = "TCP", hostIP = "0.0.0.0" }) =>
      hostPort ? [`${hostIP}/${protocol}/${hostPort}`] : [],
    ),
  );
}

/** The kubelet minds NoExecute alone; static Pods are exempt. */
function untolerated(pod: Pod, node: Node): Verdict | undefined {
  if (pod.metadata.annotations?.["kubernetes.io/config.source"] === "file") return undefined;
  const tolerations = pod.spec.tolerations ?? [];
  const bad = (node.spec.taints ?? []).some(
    (taint) =>
      taint.effect === "NoExecute" &&
      !tolerations.some((toleration) => toleratesTaint(toleration, taint)),
  );
  if (!bad) return undefined;
  return predicateFailed("TaintToleration", "node(s) had taints that the pod didn't tolerate");
}

function predicateFailed(reason: string, words: string): Verdict {
  return { reason, message: `Predicate ${reason} failed: ${words}` };
}
