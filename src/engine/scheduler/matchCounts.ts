// How many Pods of each node a selector matches: questions that the node memory answers at once for
// all nodes but those that have changed.
import type { Labels, Selector } from "../../api/selector.ts";
import { type AffinityTerm, termMatches } from "./affinityTerm.ts";
import type { NodeInfo } from "./nodeInfo.ts";
import type { NodeMemo, NodeMemory } from "./nodeMemory.ts";
import type { PodInfo } from "./podInfo.ts";

/** Pods of one namespace that stay (are not terminating) and match. */
export function countSpreadPods(
  memory: NodeMemory,
  namespace: string,
  selector: Selector,
): NodeMemo<number> {
  return memory.about(`spread ${namespace} ${selector.text}`, ({ pods }) => {
    let count = 0;
    for (const pod of pods)
      if (pod.namespace === namespace && !pod.isTerminating && selector.matches(pod.labels))
        count++;
    return count;
  });
}

/** A term of a Pod to be placed, its namespaces resolved to names. */
export interface ResolvedTerm {
  /** Absent for all namespaces. */
  readonly namespaces?: ReadonlySet<string>;
  readonly selector: Selector;
  readonly topologyKey: string;
  readonly weight: number;
}

export function resolvedTermMatches(term: ResolvedTerm, pod: PodInfo): boolean {
  const isInNamespace = !term.namespaces || term.namespaces.has(pod.namespace);
  return isInNamespace && term.selector.matches(pod.labels);
}

/** Pods that match all of the terms, terminating ones included. */
export function countMatchingPods(
  memory: NodeMemory,
  terms: readonly ResolvedTerm[],
): NodeMemo<number> {
  const question = terms.map(termText).join(" and ");
  return memory.about(`match ${question}`, ({ pods }) => {
    let count = 0;
    for (const pod of pods)
      if (terms.every((term) => resolvedTermMatches(term, pod))) count++;
    return count;
  });
}

function termText({ namespaces, selector }: ResolvedTerm): string {
  return `${namespaces ? [...namespaces].sort().join() : "*"}:${selector.text}`;
}

/** What the Pods of a node have to say of another Pod, by topology key. */
export interface TermTotals {
  readonly topologyKey: string;
  readonly total: number;
}

const silent: readonly TermTotals[] = [];

/** Required anti-affinity terms on the node that match the Pod, counted by topology key. */
export function countRepellingTerms(
  memory: NodeMemory,
  pod: PodInfo,
  namespaceLabels: Labels | undefined,
): NodeMemo<readonly TermTotals[]> {
  const question = `repel ${pod.signature} ${JSON.stringify(namespaceLabels)}`;
  return memory.about(question, ({ podsWithRequiredAntiAffinity }) =>
    totalsOf(podsWithRequiredAntiAffinity, (other, add) => {
      for (const term of other.requiredAntiAffinity)
        if (termMatches(term, pod, namespaceLabels)) add(term, 1);
    }),
  );
}

/** Weights of the terms on the node that match the Pod: affinity for it, anti-affinity against it. */
export function sumAttractingTerms(
  memory: NodeMemory,
  { pod, namespaceLabels, hardWeight }: {
    pod: PodInfo;
    namespaceLabels: Labels | undefined;
    hardWeight: number;
  },
): NodeMemo<readonly TermTotals[]> {
  const question = `attract ${hardWeight} ${pod.signature} ${JSON.stringify(namespaceLabels)}`;
  return memory.about(question, ({ podsWithAffinity }: NodeInfo) =>
    totalsOf(podsWithAffinity, (other, add) => {
      const matches = (term: AffinityTerm) => termMatches(term, pod, namespaceLabels);
      if (hardWeight > 0)
        for (const term of other.requiredAffinity) if (matches(term)) add(term, hardWeight);
      for (const term of other.preferredAffinity) if (matches(term)) add(term, term.weight);
      for (const term of other.preferredAntiAffinity) if (matches(term)) add(term, -term.weight);
    }),
  );
}

type Add = (term: AffinityTerm, amount: number) => void;

function totalsOf(
  pods: readonly PodInfo[],
  visit: (pod: PodInfo, add: Add) => void,
): readonly TermTotals[] {
  if (pods.length === 0) return silent;
  const totals = new Map<string, number>();
  for (const pod of pods)
    visit(pod, ({ topologyKey }, amount) =>
      totals.set(topologyKey, (totals.get(topologyKey) ?? 0) + amount),
    );
  if (totals.size === 0) return silent;
  return [...totals].map(([topologyKey, total]) => ({ topologyKey, total }));
}
