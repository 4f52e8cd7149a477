// Filters out nodes that lack free resources; scores by how full the node would be.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/noderesources/{fit,resource_allocation}.go

import type { Node } from "../../api/types.ts";
import { fits, type Plugin, rejected, type Verdict } from "../framework.ts";
import { type NodeInfo, nodeShapeOf } from "../nodeInfo.ts";
import { scoredRequests } from "../podInfo.ts";
import {
  isExtendedResource,
  isScalarResource,
  noResources,
  type Resources,
  resourceValue,
} from "../resources.ts";
import type { ScoringStrategy } from "../scoringStrategies.ts";

export interface WeightedResource {
  readonly name: string;
  readonly weight: number;
}

export interface FitArgs {
  readonly resources: readonly WeightedResource[];
  readonly strategy: ScoringStrategy;
  /** Extended resources that are not checked. */
  readonly ignoredResources?: ReadonlySet<string>;
  /** Groups ("example.com") of extended resources that are not checked. */
  readonly ignoredResourceGroups?: ReadonlySet<string>;
}

/** One of the resources by which a Pod is scored. */
interface ScoredResource extends WeightedResource {
  readonly request: number;
}

type ScoreState = readonly ScoredResource[];

export function nodeResourcesFit(args: FitArgs): Plugin<Resources, ScoreState> {
  const { resources, strategy } = args;
  return {
    name: "NodeResourcesFit",
    retryOn: [
      "AssignedPod/Delete",
      "AssignedPod/ScaleDown",
      "Pod/ScaleDown",
      "Node/Add",
      "Node/UpdateAllocatable",
    ],
    hint: ({ wanted }, { node }) => !node?.now || mayFitNow(wanted, node.now, node.old),
    preFilter: ({ pod }) => ({ state: pod.wanted }),
    filter: (_cycle, node, wanted) =>
      hasRoom(node, wanted) ? fits : whyNoRoom(node, wanted, args),
    preScore: ({ pod }) => {
      const requests = scoredRequests(pod.pod);
      const state = resources.map(({ name, weight }) => {
        return { name, weight, request: resourceValue(requests, name) };
      });
      // Extended resources count only for Pods that want them.
      return { state: state.filter(({ name, request }) => request > 0 || !isScalarResource(name)) };
    },
    score: (_cycle, node, state) => allocationScore(node, state, strategy),
  };
}

/** Whether the node is large enough, and was not, or has grown in what the Pod wants. */
function mayFitNow(wanted: Resources, now: Node, old: Node | undefined): boolean {
  const is = nodeShapeOf(now).allocatable;
  const was = old ? nodeShapeOf(old).allocatable : noResources;
  const names = ["cpu", "memory", "ephemeral-storage", ...wanted.scalars.keys()];
  const asked = names.filter((name) => resourceValue(wanted, name) > 0);
  const isLargeEnough = asked.every(
    (name) => resourceValue(wanted, name) <= resourceValue(is, name),
  );
  if (!isLargeEnough) return false;
  if (!old || nodeShapeOf(now).allowedPods > nodeShapeOf(old).allowedPods) return true;
  return asked.some((name) => resourceValue(is, name) > resourceValue(was, name));
}

/** The common case, quickly: nothing but what every node has is wanted, and there is enough. */
function hasRoom(node: NodeInfo, wanted: Resources): boolean {
  return (
    node.pods.length < node.allowedPods &&
    (wanted.milliCpu <= node.freeMilliCpu || wanted.milliCpu === 0) &&
    (wanted.memory <= node.freeMemory || wanted.memory === 0) &&
    (wanted.ephemeralStorage <= node.freeEphemeralStorage || wanted.ephemeralStorage === 0) &&
    wanted.scalars.size === 0
  );
}

function whyNoRoom(node: NodeInfo, wanted: Resources, args: FitArgs): Verdict {
  const { allocatable, allowedPods, pods } = node;
  const lacking: string[] = [];
  if (wanted.milliCpu > 0 && wanted.milliCpu > node.freeMilliCpu) lacking.push("cpu");
  if (wanted.memory > 0 && wanted.memory > node.freeMemory) lacking.push("memory");
  if (wanted.ephemeralStorage > 0 && wanted.ephemeralStorage > node.freeEphemeralStorage)
    lacking.push("ephemeral-storage");
  if (wanted.scalars.size > 0) lacking.push(...insufficientScalars(node, wanted, args));
  const isFull = pods.length >= allowedPods;
  if (!isFull && lacking.length === 0) return fits;
  const isHopeless = lacking.some(
    (name) => resourceValue(wanted, name) > resourceValue(allocatable, name),
  );
  return insufficient(isFull, lacking, isHopeless);
}

const noneInsufficient: readonly string[] = [];

function insufficientScalars(
  { allocatable, requested }: NodeInfo,
  { scalars }: Resources,
  args: FitArgs,
): readonly string[] {
  let names = noneInsufficient;
  for (const [name, quantity] of scalars) {
    if (quantity === 0 || isIgnored(name, args)) continue;
    const free = resourceValue(allocatable, name) - resourceValue(requested, name);
    if (quantity > free) names = [...names, name];
  }
  return names.length > 1 ? [...names].sort() : names;
}

function isIgnored(name: string, { ignoredResources, ignoredResourceGroups }: FitArgs): boolean {
  if (!ignoredResources && !ignoredResourceGroups) return false;
  if (!isExtendedResource(name)) return false;
  const [group = ""] = name.split("/");
  return ignoredResources?.has(name) === true || ignoredResourceGroups?.has(group) === true;
}

const verdicts = new Map<string, Verdict>();
const mostVerdicts = 1000;

/** One shared verdict for each combination of reasons. */
function insufficient(isFull: boolean, lacking: readonly string[], isHopeless: boolean): Verdict {
  const key = `${isFull} ${isHopeless} ${lacking.join()}`;
  let verdict = verdicts.get(key);
  if (!verdict) {
    const reasons = lacking.map((name) => `Insufficient ${name}`);
    if (isFull) reasons.unshift("Too many pods");
    verdict = isHopeless ? rejected.forGood(...reasons) : rejected(...reasons);
    if (verdicts.size >= mostVerdicts) verdicts.clear();
    verdicts.set(key, verdict);
  }
  return verdict;
}

/** The weighted mean of the resources' ratings. Resources that the node does not have are left out. */
function allocationScore(node: NodeInfo, state: ScoreState, strategy: ScoringStrategy): number {
  let sum = 0;
  let weights = 0;
  for (let i = 0; i < state.length; i++) {
    const { name, weight, request } = state[i] as ScoredResource;
    const allocatable = resourceValue(node.allocatable, name);
    if (allocatable === 0) continue;
    const rating = strategy.rate(nonZeroRequested(node, name) + request, allocatable);
    if (rating === 0 && !strategy.countsZero) continue;
    sum += rating * weight;
    weights += weight;
  }
  return weights === 0 ? 0 : strategy.round(sum / weights);
}

function nonZeroRequested(node: NodeInfo, name: string): number {
  if (name === "cpu") return node.nonZeroMilliCpu;
  if (name === "memory") return node.nonZeroMemory;
  return resourceValue(node.requested, name);
}
