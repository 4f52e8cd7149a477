// A term of inter-pod affinity or anti-affinity, compiled.
// Source: framework.AffinityTerm, kubernetes v1.34 pkg/scheduler/framework/types.go
import { type Labels, labelSelectorOf, type Selector } from "../api/selector.ts";
import type { PodAffinityTerm, WeightedPodAffinityTerm } from "../api/types.ts";

export interface AffinityTerm {
  readonly namespaces: ReadonlySet<string>;
  /** Namespaces by label, besides the named ones. */
  readonly namespaceSelector: Selector;
  readonly selector: Selector;
  readonly topologyKey: string;
  /** 1 to 100 for preferred terms; 0 for required ones. */
  readonly weight: number;
}

/** What a term is matched against: a Pod's place and labels. */
export interface TermSubject {
  readonly namespace: string;
  readonly labels: Labels;
}

export const noTerms: readonly AffinityTerm[] = [];

/** `namespace` is the Pod's that has the term: the only one meant if the term names none. */
export function affinityTerm(term: PodAffinityTerm, namespace: string, weight = 0): AffinityTerm {
  const named = term.namespaces ?? [];
  const isOwn = named.length === 0 && !term.namespaceSelector;
  return {
    namespaces: new Set(isOwn ? [namespace] : named),
    namespaceSelector: labelSelectorOf(term.namespaceSelector),
    selector: labelSelectorOf(term.labelSelector),
    topologyKey: term.topologyKey,
    weight,
  };
}

export function requiredTerms(
  terms: readonly PodAffinityTerm[] | undefined,
  namespace: string,
): readonly AffinityTerm[] {
  return terms?.map((term) => affinityTerm(term, namespace)) ?? noTerms;
}

export function preferredTerms(
  terms: readonly WeightedPodAffinityTerm[] | undefined,
  namespace: string,
): readonly AffinityTerm[] {
  return (
    terms?.map(({ podAffinityTerm, weight }) => affinityTerm(podAffinityTerm, namespace, weight)) ??
    noTerms
  );
}

/** `namespaceLabels` are those of the subject's namespace; undefined if it is not known. */
export function termMatches(
  term: AffinityTerm,
  subject: TermSubject,
  namespaceLabels: Labels | undefined,
): boolean {
  const isInNamespace =
    term.namespaces.has(subject.namespace) || term.namespaceSelector.matches(namespaceLabels);
  return isInNamespace && term.selector.matches(subject.labels);
}
