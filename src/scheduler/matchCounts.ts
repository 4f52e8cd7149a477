// How many Pods of each node a selector matches: questions that the node memory answers at once for
// all nodes but those that have changed.
import type { Labels, Selector } from "../api/selector.ts";
import { type AffinityTerm, termMatches } from "./affinityTerm.ts";
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
    for (const pod of pods) if (terms.every((term) => resolvedTermMatches(term, pod))) count++;
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

/** A Pod that terms of others are matched against. */
interface Asked {
  readonly pod: PodInfo;
  /** Labels of the Pod's namespace. */
  readonly namespaceLabels: Labels | undefined;
}

/** Required anti-affinity terms on the node that match the Pod, counted by topology key. */
export function countRepellingTerms(
  memory: NodeMemory,
  asked: Asked,
): NodeMemo<readonly TermTotals[]> {
  return memory.about(`repel ${askedText(asked)}`, ({ podsWithRequiredAntiAffinity }) =>
    totalsOf(podsWithRequiredAntiAffinity, asked, ({ requiredAntiAffinity }) =>
      requiredAntiAffinity.map((term) => ({ term, amount: 1 })),
    ),
  );
}

/** Weights of the terms on the node that match the Pod: affinity for it, anti-affinity against it. */
export function sumAttractingTerms(
  memory: NodeMemory,
  asked: Asked,
  hardWeight: number,
): NodeMemo<readonly TermTotals[]> {
  return memory.about(`attract ${hardWeight} ${askedText(asked)}`, ({ podsWithAffinity }) =>
    totalsOf(podsWithAffinity, asked, (other) => attractionsOf(other, hardWeight)),
  );
}

interface WeighedTerm {
  readonly term: AffinityTerm;
  readonly amount: number;
}

function attractionsOf(pod: PodInfo, hardWeight: number): WeighedTerm[] {
  const required = hardWeight > 0 ? pod.requiredAffinity : [];
  return [
    ...required.map((term) => ({ term, amount: hardWeight })),
    ...pod.preferredAffinity.map((term) => ({ term, amount: term.weight })),
    ...pod.preferredAntiAffinity.map((term) => ({ term, amount: -term.weight })),
  ];
}

function askedText({ pod, namespaceLabels }: Asked): string {
  return `${pod.signature} ${JSON.stringify(namespaceLabels)}`;
}

function totalsOf(
  pods: readonly PodInfo[],
  { pod, namespaceLabels }: Asked,
  termsOf: (pod: PodInfo) => readonly WeighedTerm[],
): readonly TermTotals[] {
  if (pods.length === 0) return silent;
  const totals = new Map<string, number>();
  for (const other of pods)
    for (const { term, amount } of termsOf(other)) {
      if (!termMatches(term, pod, namespaceLabels)) continue;
      totals.set(term.topologyKey, (totals.get(term.topologyKey) ?? 0) + amount);
    }
  if (totals.size === 0) return silent;
  return [...totals].map(([topologyKey, total]) => ({ topologyKey, total }));
}
