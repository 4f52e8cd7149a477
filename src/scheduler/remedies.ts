// What would help: the smallest changes that make a Pod fit, each proven by running the filters on it.

import { amountsOf } from "../api/kinds/pod/requests.ts";
import { requiredNodeAffinity } from "../api/nodeSelection.ts";
import { milliValueOf, wholeValueOf } from "../api/quantity.ts";
import type { Remedy, RemedyChange } from "../api/remedy.ts";
import type { NodeExplanation, SchedulingExplanation } from "../api/schedulingExplanation.ts";
import { toleratesTaint } from "../api/toleration.ts";
import type { Node, Pod } from "../api/types.ts";
import { Random } from "../base/random.ts";
import { changedNode, changedPod, unschedulableTaint } from "./applyRemedy.ts";
import type { SchedulerCache } from "./cache.ts";
import { fits } from "./framework.ts";
import { podInfoOf } from "./podInfo.ts";
import type { Profile } from "./profile.ts";
import { runPreFilters, runtimeOf } from "./runtime.ts";

export interface RemedyQuestion {
  readonly pod: Pod;
  /** What is changed in thought, and put back. */
  readonly cache: SchedulerCache;
  readonly profile: Profile;
  /** How the Pod fails. */
  readonly explanation: SchedulingExplanation;
  /** How many answers are enough. */
  readonly limit: number;
}

/** More answers than these help nobody. */
export const remediesShown = 5;

/** Nodes beyond this number are not looked into: their remedies would be the same few kinds. */
const nodesTried = 50;

/** @returns the smallest remedies first, none that contains another; empty if the Pod fits */
export function findRemedies(question: RemedyQuestion): readonly Remedy[] {
  const { explanation, limit } = question;
  if (explanation.nodes.some(({ feasible }) => feasible)) return [];
  const found: Remedy[] = [];
  for (const node of closest(explanation.nodes))
    for (const changes of plans(question, node))
      if (!found.some((other) => isSame(other.changes, changes)) && helps(question, node, changes))
        found.push({ changes, node: node.node });
  return found.toSorted((a, b) => effortOf(a) - effortOf(b)).slice(0, limit);
}

/** Nodes with the fewest objections first. */
function closest(nodes: readonly NodeExplanation[]): readonly NodeExplanation[] {
  return nodes.toSorted((a, b) => objections(a).length - objections(b).length).slice(0, nodesTried);
}

function objections({ verdicts }: NodeExplanation): readonly string[] {
  return verdicts.filter(({ code }) => code !== "Success").map(({ plugin }) => plugin);
}

/** Ways to meet all objections of a node: one from the Pod's side, one from the cluster's, and mixed. */
function plans(
  question: RemedyQuestion,
  node: NodeExplanation,
): readonly (readonly RemedyChange[])[] {
  const names = objections(node);
  if (names.length === 0) return [];
  const options = names.map((plugin) => optionsAgainst(plugin, question, node));
  if (options.some((each) => each.length === 0)) return [];
  return combinations(options).map((lists) => lists.flat());
}

const mostPlans = 24;

/** One option from each list, in all combinations up to a bound. */
function combinations<T>(lists: readonly (readonly T[])[]): readonly (readonly T[])[] {
  let result: (readonly T[])[] = [[]];
  for (const list of lists)
    result = result.flatMap((head) => list.map((item) => [...head, item])).slice(0, mostPlans);
  return result;
}

type Option = readonly RemedyChange[];

function optionsAgainst(
  plugin: string,
  { pod, cache }: RemedyQuestion,
  explained: NodeExplanation,
): readonly Option[] {
  const info = cache.snapshot().node(explained.node);
  if (!info) return [];
  const { node } = info;
  switch (plugin) {
    case "NodeUnschedulable":
      return [
        [{ type: "uncordonNode", node: explained.node }],
        [{ type: "addToleration", taint: { key: unschedulableTaint, effect: "NoSchedule" } }],
      ];
    case "NodeName":
      return [[{ type: "removeNodeName", nodeName: pod.spec.nodeName ?? "" }]];
    case "TaintToleration":
      return taintOptions(pod, node);
    case "NodeAffinity":
      return selectionOptions(pod, node);
    case "NodePorts":
      return [
        podInfoOf(pod).hostPorts.map(({ port, protocol }) => ({
          type: "removeHostPort" as const,
          port,
          protocol,
        })),
      ];
    case "NodeResourcesFit":
      return resourceOptions(pod, explained);
    case "PodTopologySpread":
      return [
        (pod.spec.topologySpreadConstraints ?? [])
          .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === "DoNotSchedule")
          .map(({ topologyKey }) => ({ type: "relaxTopologySpread" as const, topologyKey })),
      ].filter((changes) => changes.length > 0);
    case "InterPodAffinity":
      return affinityOptions(pod);
    default:
      return [];
  }
}

function taintOptions(pod: Pod, { metadata, spec }: Node): readonly Option[] {
  const taints = (spec?.taints ?? []).filter(
    (taint) =>
      taint.effect !== "PreferNoSchedule" &&
      !(pod.spec.tolerations ?? []).some((toleration) => toleratesTaint(toleration, taint)),
  );
  if (taints.length === 0) return [];
  return [
    taints.map((taint) => ({ type: "addToleration" as const, taint })),
    taints.map((taint) => ({ type: "removeTaint" as const, node: metadata.name, taint })),
  ];
}

function selectionOptions(pod: Pod, { metadata }: Node): readonly Option[] {
  const selector = Object.entries(pod.spec.nodeSelector ?? {}).filter(
    ([key, value]) => metadata.labels?.[key] !== value,
  );
  const rest = changedPod(pod, { type: "removeNodeAffinity" });
  const needsAffinity =
    pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution !== undefined &&
    !requiredNodeAffinity({
      ...pod,
      spec: { ...pod.spec, nodeSelector: {} },
    }).matches({ name: metadata.name, labels: metadata.labels ?? {} });
  const affinity: Option = needsAffinity && rest !== pod ? [{ type: "removeNodeAffinity" }] : [];
  const options: Option[] = [
    [
      ...selector.map(([key, value]) => ({ type: "removeNodeSelector" as const, key, value })),
      ...affinity,
    ],
  ];
  if (selector.length > 0)
    options.push([
      ...selector.map(([key, value]) => ({
        type: "labelNode" as const,
        node: metadata.name,
        key,
        value,
      })),
      ...affinity,
    ]);
  return options;
}

function affinityOptions({ spec }: Pod): readonly Option[] {
  const { podAffinity, podAntiAffinity } = spec.affinity ?? {};
  const options: Option[] = [];
  if (podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.length)
    options.push([{ type: "removePodAntiAffinity" }]);
  if (podAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.length)
    options.push([{ type: "removePodAffinity" }]);
  return options;
}

function resourceOptions(pod: Pod, { node, resources }: NodeExplanation): readonly Option[] {
  const lacking = resources.filter(({ wanted, free }) => wanted > free);
  if (lacking.length === 0) return [];
  const lowered = lacking.map(({ resource, wanted, free }) =>
    lowerRequest(pod, resource, wanted - free),
  );
  const grown = lacking.map(({ resource, wanted, free, allocatable }) => ({
    type: "growNode" as const,
    node,
    resource,
    from: allocatable,
    to: allocatable + wanted - free,
  }));
  const removed = podsInTheWay(lacking);
  return [
    ...(lowered.every((change) => change !== undefined) ? [lowered] : []),
    ...(removed.length > 0 ? [[{ type: "removePods" as const, node, pods: removed }]] : []),
    grown,
  ];
}

/** Takes the whole excess from the container that asks for most; undefined if it has too little. */
function lowerRequest(pod: Pod, resource: string, excess: number): RemedyChange | undefined {
  const asking = pod.spec.containers
    .map((container) => {
      const amount = amountsOf(container.resources?.requests).get(resource);
      if (!amount) return { name: container.name, amount: 0 };
      const value = resource === "cpu" ? milliValueOf(amount) : wholeValueOf(amount);
      return { name: container.name, amount: value };
    })
    .toSorted((a, b) => b.amount - a.amount);
  const [largest] = asking;
  if (!largest || largest.amount <= excess) return undefined;
  const { name: container, amount: from } = largest;
  return { type: "lowerRequest", container, resource, from, to: from - excess };
}

/** Pods that hold enough of what lacks: one that is just large enough, else the largest ones. */
function podsInTheWay(lacking: NodeExplanation["resources"]): readonly string[] {
  const chosen = new Set<string>();
  for (const { wanted, free, holders } of lacking) {
    const others = holders.filter(({ pod }) => !chosen.has(pod));
    const freed = holders.reduce((sum, { pod, amount }) => sum + (chosen.has(pod) ? amount : 0), 0);
    const more = enoughOf(others, wanted - free - freed);
    if (!more) return [];
    for (const pod of more) chosen.add(pod);
  }
  return [...chosen];
}

/** @param holders the largest first. @returns undefined if all together are too few */
function enoughOf(
  holders: NodeExplanation["resources"][number]["holders"],
  needed: number,
): readonly string[] | undefined {
  if (needed <= 0) return [];
  const single = holders.findLast(({ amount }) => amount >= needed);
  if (single) return [single.pod];
  let sum = 0;
  const count = holders.findIndex(({ amount }) => {
    sum += amount;
    return sum >= needed;
  });
  return count < 0 ? undefined : holders.slice(0, count + 1).map(({ pod }) => pod);
}

/** Runs all filters on the node with the changes made, and undoes them. */
function helps(
  { pod, cache, profile }: RemedyQuestion,
  { node: name }: NodeExplanation,
  changes: readonly RemedyChange[],
): boolean {
  const before = cache.snapshot().node(name);
  if (!before) return false;
  const gone = before.pods.filter(({ key }) =>
    changes.some((change) => change.type === "removePods" && change.pods.includes(key)),
  );
  cache.setNode(changes.reduce(changedNode, before.node));
  for (const victim of gone) cache.removePod(victim.pod);
  const changed = changes.reduce(changedPod, pod);
  const cycle = { pod: podInfoOf(changed), snapshot: cache.snapshot(), random: new Random(1) };
  const { status, run, nodes } = runPreFilters(runtimeOf(profile), cycle);
  const node = cycle.snapshot.node(name);
  const isFitting =
    status === fits &&
    (nodes === undefined || nodes.has(name)) &&
    node !== undefined &&
    run.test(node) === fits;
  cache.setNode(before.node);
  for (const victim of gone) cache.setPod(victim.pod);
  return isFitting;
}

/** Few changes before many; changes of the Pod before those of what others rely on. */
const efforts: Readonly<Record<RemedyChange["type"], number>> = {
  lowerRequest: 1,
  addToleration: 1.1,
  uncordonNode: 1.2,
  removeNodeSelector: 1.3,
  labelNode: 1.4,
  relaxTopologySpread: 1.5,
  removeHostPort: 1.6,
  removeNodeName: 1.7,
  removeNodeAffinity: 1.8,
  removePodAffinity: 1.9,
  removePodAntiAffinity: 2,
  removeTaint: 2.2,
  removePods: 2.5,
  growNode: 3,
};

function effortOf({ changes }: Remedy): number {
  return changes.reduce((sum, change) => {
    const many = change.type === "removePods" ? change.pods.length : 1;
    return sum + efforts[change.type] * many;
  }, 0);
}

/** Changes of the Pod are the same whichever node they make room on. */
function isSame(a: readonly RemedyChange[], b: readonly RemedyChange[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
