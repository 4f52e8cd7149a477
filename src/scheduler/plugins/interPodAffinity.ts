// Inter-pod affinity and anti-affinity: the Pod's own terms, and those of the Pods already placed.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/interpodaffinity/{filtering,scoring}.go
import { type Labels, Selector } from "../../api/selector.ts";
import type { Pod } from "../../api/types.ts";
import { type AffinityTerm, termMatches } from "../affinityTerm.ts";
import { DomainCounts } from "../domainCounts.ts";
import {
  type ClusterChange,
  type Cycle,
  fits,
  maxNodeScore,
  type Plugin,
  rejected,
  skipped,
} from "../framework.ts";
import {
  countMatchingPods,
  countRepellingTerms,
  type ResolvedTerm,
  resolvedTermMatches,
  sumAttractingTerms,
} from "../matchCounts.ts";
import type { NodeInfo } from "../nodeInfo.ts";
import { type PodInfo, podInfoOf } from "../podInfo.ts";
import type { Snapshot } from "../snapshot.ts";

const noAffinity = rejected.forGood("node(s) didn't match pod affinity rules");
const antiAffinity = rejected("node(s) didn't match pod anti-affinity rules");
const repelled = rejected("node(s) didn't satisfy existing pods anti-affinity rules");

export interface InterPodAffinityArgs {
  /** What a required term of a placed Pod counts in scoring, 0 to 100. */
  readonly hardPodAffinityWeight: number;
  /** Whether Pods without preferred terms of their own skip the scoring. */
  readonly ignorePreferredTermsOfExistingPods: boolean;
}

interface FilterState {
  readonly affinity: readonly ResolvedTerm[];
  readonly antiAffinity: readonly ResolvedTerm[];
  readonly namespaceLabels: Labels | undefined;
  /** Placed Pods that match all affinity terms, by the terms' topologies. */
  readonly affinityCounts: DomainCounts;
  readonly antiAffinityCounts: DomainCounts;
  /** Required anti-affinity terms of placed Pods that match the Pod. */
  readonly repellingCounts: DomainCounts;
}

/** Weights by topology domain. */
type ScoreState = DomainCounts;

/** Source: isSchedulableAfterPodChange and isSchedulableAfterNodeChange, interpodaffinity/plugin.go */
function mayMatchNow(pod: PodInfo, { event, node, pod: other }: ClusterChange): boolean {
  const terms = [...pod.requiredAffinity, ...pod.requiredAntiAffinity];
  if (node)
    return (
      terms.length === 0 ||
      terms.some(
        ({ topologyKey }) =>
          node.old?.metadata.labels?.[topologyKey] !== node.now?.metadata.labels?.[topologyKey],
      )
    );
  // Namespaces by label are not known here; and what repels the Pod may be the other's own term.
  const isOpen = terms.some(({ namespaceSelector }) => namespaceSelector !== Selector.nothing);
  if (!other || event.startsWith("Pod/") || isOpen) return true;
  const infoOf = (each: Pod | undefined): PodInfo | undefined => each && podInfoOf(each);
  const [was, is] = [infoOf(other.old), infoOf(other.now)];
  if (was && was.requiredAntiAffinity.length > 0) return true;
  const matchesAll = (each: PodInfo | undefined): boolean =>
    each !== undefined && pod.requiredAffinity.every((term) => termMatches(term, each, undefined));
  const matchesAny = (each: PodInfo | undefined): boolean =>
    each !== undefined &&
    pod.requiredAntiAffinity.some((term) => termMatches(term, each, undefined));
  return (!matchesAll(was) && matchesAll(is)) || (matchesAny(was) && !matchesAny(is));
}

export function interPodAffinity(args: InterPodAffinityArgs): Plugin<FilterState, ScoreState> {
  return {
    name: "InterPodAffinity",
    retryOn: [
      "AssignedPod/Add",
      "AssignedPod/Delete",
      "AssignedPod/UpdateLabel",
      "Pod/UpdateLabel",
      "Namespace/Update",
      "Node/Add",
      "Node/UpdateLabel",
    ],
    hint: mayMatchNow,
    preFilter,
    filter: checkTerms,
    cloneState: (state) => ({
      ...state,
      affinityCounts: state.affinityCounts.clone(),
      antiAffinityCounts: state.antiAffinityCounts.clone(),
      repellingCounts: state.repellingCounts.clone(),
    }),
    addPod: (cycle, state, pod, node) => update(cycle, state, { pod, node, change: 1 }),
    removePod: (cycle, state, pod, node) => update(cycle, state, { pod, node, change: -1 }),
    preScore: (cycle) => preScore(cycle, args),
    score: (_cycle, node, weights) => weights.total(node),
    normalize: normalizeBySpan,
  };
}

function preFilter({ pod, snapshot }: Cycle) {
  const { requiredAffinity, requiredAntiAffinity } = pod;
  const isAsking = requiredAffinity.length > 0 || requiredAntiAffinity.length > 0;
  if (!isAsking && snapshot.podsWithRequiredAntiAffinity === 0) return { verdict: skipped };
  const namespaceLabels = labelsOfNamespace(snapshot, pod.namespace);
  const repellingCounts = new DomainCounts(snapshot);
  if (snapshot.podsWithRequiredAntiAffinity > 0) {
    const terms = countRepellingTerms(snapshot.memory, { pod, namespaceLabels });
    for (const node of snapshot.nodes) {
      if (node.podsWithRequiredAntiAffinity.length === 0) continue;
      for (const { topologyKey, total } of terms.of(node))
        repellingCounts.add(topologyKey, node, total);
    }
  }
  if (!isAsking && repellingCounts.isEmpty) return { verdict: skipped };
  const affinity = resolveTerms(requiredAffinity, snapshot);
  const own = resolveTerms(requiredAntiAffinity, snapshot);
  const affinityCounts = new DomainCounts(snapshot);
  const antiAffinityCounts = new DomainCounts(snapshot);
  if (affinity.length > 0) {
    const matching = countMatchingPods(snapshot.memory, affinity);
    for (const { topologyKey } of affinity) affinityCounts.addAll(topologyKey, matching);
  }
  for (const term of own) {
    const matching = countMatchingPods(snapshot.memory, [term]);
    antiAffinityCounts.addAll(term.topologyKey, matching);
  }
  return {
    state: {
      affinity,
      antiAffinity: own,
      namespaceLabels,
      affinityCounts,
      antiAffinityCounts,
      repellingCounts,
    },
  };
}

function checkTerms({ pod }: Cycle, node: NodeInfo, state: FilterState) {
  if (!satisfiesAffinity(pod, node, state)) return noAffinity;
  if (state.antiAffinityCounts.hasAny(node)) return antiAffinity;
  return state.repellingCounts.hasAny(node) ? repelled : fits;
}

/**
 * Each term's domain must hold a matching Pod. The first of a group whose members ask for each other
 * would wait for ever: it passes where the labels are, if no Pod matches anywhere but itself.
 */
function satisfiesAffinity(pod: PodInfo, node: NodeInfo, state: FilterState): boolean {
  const { affinity, affinityCounts } = state;
  let isMatched = true;
  for (const { topologyKey } of affinity) {
    if (node.labels[topologyKey] === undefined) return false;
    if (affinityCounts.at(topologyKey, node) <= 0) isMatched = false;
  }
  if (isMatched) return true;
  return affinityCounts.isZero && affinity.every((term) => resolvedTermMatches(term, pod));
}

interface Update {
  readonly pod: PodInfo;
  readonly node: NodeInfo;
  readonly change: 1 | -1;
}

/** Counts a Pod that is added or removed in thought. */
function update(cycle: Cycle, state: FilterState, { pod, node, change }: Update): void {
  const { affinity, namespaceLabels } = state;
  for (const term of pod.requiredAntiAffinity)
    if (termMatches(term, cycle.pod, namespaceLabels))
      state.repellingCounts.add(term.topologyKey, node, change);
  if (affinity.length > 0 && affinity.every((term) => resolvedTermMatches(term, pod)))
    for (const { topologyKey } of affinity) state.affinityCounts.add(topologyKey, node, change);
  for (const term of state.antiAffinity)
    if (resolvedTermMatches(term, pod))
      state.antiAffinityCounts.add(term.topologyKey, node, change);
}

function preScore({ pod, snapshot }: Cycle, args: InterPodAffinityArgs) {
  const { preferredAffinity, preferredAntiAffinity } = pod;
  const isAsking = preferredAffinity.length > 0 || preferredAntiAffinity.length > 0;
  if (!isAsking && (args.ignorePreferredTermsOfExistingPods || snapshot.podsWithAffinity === 0))
    return { verdict: skipped };
  const weights = new DomainCounts(snapshot);
  addTerms(weights, preferredAffinity, { snapshot, sign: 1 });
  addTerms(weights, preferredAntiAffinity, { snapshot, sign: -1 });
  if (snapshot.podsWithAffinity > 0) {
    const namespaceLabels = labelsOfNamespace(snapshot, pod.namespace);
    const asked = { pod, namespaceLabels };
    const terms = sumAttractingTerms(snapshot.memory, asked, args.hardPodAffinityWeight);
    for (const node of snapshot.nodes) {
      if (node.podsWithAffinity.length === 0) continue;
      for (const { topologyKey, total } of terms.of(node)) weights.add(topologyKey, node, total);
    }
  }
  return weights.isEmpty ? { verdict: skipped } : { state: weights };
}

function addTerms(
  weights: DomainCounts,
  terms: readonly AffinityTerm[],
  { snapshot, sign }: { snapshot: Snapshot; sign: 1 | -1 },
): void {
  for (const term of resolveTerms(terms, snapshot)) {
    const matching = countMatchingPods(snapshot.memory, [term]);
    weights.addAll(term.topologyKey, matching, sign * term.weight);
  }
}

/** Scales so that the lowest becomes 0 and the highest 100; all 0 if they are equal. */
function normalizeBySpan(scores: Float64Array): void {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const score of scores) {
    if (score < lowest) lowest = score;
    if (score > highest) highest = score;
  }
  const span = highest - lowest;
  for (let i = 0; i < scores.length; i++)
    scores[i] = span > 0 ? Math.trunc(maxNodeScore * (((scores[i] ?? 0) - lowest) / span)) : 0;
}

function labelsOfNamespace({ objects }: Snapshot, namespace: string): Labels | undefined {
  return objects.namespaces.get(namespace)?.metadata.labels;
}

/**
 * Turns namespace selectors into the names of the namespaces that exist. Selectors that a namespace
 * without labels meets count for all namespaces: the original keeps the selector beside the names,
 * and asks it without labels.
 */
function resolveTerms(
  terms: readonly AffinityTerm[],
  { objects }: Snapshot,
): readonly ResolvedTerm[] {
  return terms.map(({ namespaces, namespaceSelector, selector, topologyKey, weight }) => {
    const term = { selector, topologyKey, weight };
    if (namespaceSelector.matches(undefined)) return term;
    const selected = [...objects.namespaces.values()].filter(({ metadata }) =>
      namespaceSelector.matches(metadata.labels),
    );
    const names = selected.map(({ metadata }) => metadata.name);
    return { ...term, namespaces: new Set([...namespaces, ...names]) };
  });
}
