// Node selectors and node affinity, compiled.
// Source: kubernetes v1.34 component-helpers scheduling/corev1/nodeaffinity/nodeaffinity.go
import { type Labels, meets, parseInt64, Selector, type SelectorOperator } from "./selector.ts";
import type {
  NodeSelectorRequirement,
  NodeSelectorTerm,
  Pod,
  PreferredSchedulingTerm,
} from "./types.ts";

/** What a node selector is matched against. */
export interface SelectableNode {
  readonly name: string;
  readonly labels: Labels;
}

/** One term: all of its requirements together. A term that is malformed matches no node. */
interface CompiledTerm {
  readonly labels: readonly CompiledRequirement[];
  readonly fields: readonly CompiledRequirement[];
  /** What is wrong with the term, as the API server would say it. */
  readonly errors: readonly string[];
}

interface CompiledRequirement {
  readonly key: string;
  readonly operator: SelectorOperator;
  readonly values: readonly string[];
}

/** What a Pod requires of its node. */
export interface RequiredNodeAffinity {
  matches(node: SelectableNode): boolean;
}

const anyNode: RequiredNodeAffinity = { matches: () => true };
const required = new WeakMap<Pod["spec"], RequiredNodeAffinity>();

/** nodeSelector and required node affinity of a Pod, as one. */
export function requiredNodeAffinity({ spec }: Pod): RequiredNodeAffinity {
  let affinity = required.get(spec);
  if (!affinity) {
    affinity = compileRequired(spec);
    required.set(spec, affinity);
  }
  return affinity;
}

/** True if the Pod requires something of its node. */
export function requiresNode({ spec }: Pod): boolean {
  return (
    spec.nodeSelector !== undefined ||
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution !== undefined
  );
}

function compileRequired(spec: Pod["spec"]): RequiredNodeAffinity {
  const selector = Selector.ofLabels(spec.nodeSelector ?? {});
  const terms =
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (!terms)
    return selector.isEmpty ? anyNode : { matches: ({ labels }) => selector.matches(labels) };
  const matchesAny = compileTerms(terms);
  return { matches: (node) => selector.matches(node.labels) && matchesAny(node) };
}

/** Whether a node is selected by any of the terms; no term selects none. */
export function compileTerms(
  terms: readonly NodeSelectorTerm[],
): (node: SelectableNode) => boolean {
  const compiled = terms.filter(isFilled).map((term, i) => compileTerm(term, `[${i}]`));
  return (node) => compiled.some((term) => termMatches(term, node));
}

export interface WeightedTerms {
  /** The sum of the weights of the terms that match. */
  score(node: SelectableNode): number;
}

/** Preferred terms, or what is wrong with them. */
export function compilePreferred(
  terms: readonly PreferredSchedulingTerm[],
): WeightedTerms | { readonly error: string } {
  const compiled = terms.flatMap(({ weight, preference }, i) =>
    weight === 0 || !isFilled(preference)
      ? []
      : [{ weight, term: compileTerm(preference, `[${i}]`) }],
  );
  const errors = compiled.flatMap(({ term }) => term.errors);
  if (errors.length > 0)
    return { error: errors.length === 1 ? errors.join() : `[${errors.join(", ")}]` };
  return {
    score(node) {
      let sum = 0;
      for (const { weight, term } of compiled) if (termMatches(term, node)) sum += weight;
      return sum;
    },
  };
}

function isFilled({ matchExpressions, matchFields }: NodeSelectorTerm): boolean {
  return (matchExpressions?.length ?? 0) > 0 || (matchFields?.length ?? 0) > 0;
}

function compileTerm(
  { matchExpressions, matchFields }: NodeSelectorTerm,
  path: string,
): CompiledTerm {
  const labels = matchExpressions ?? [];
  const fields = matchFields ?? [];
  const errors = [
    ...labels.flatMap((each, i) => labelErrors(each, `${path}.matchExpressions[${i}]`)),
    ...fields.flatMap((each, i) => fieldErrors(each, `${path}.matchFields[${i}]`)),
  ];
  return { labels: labels.map(compileRequirement), fields: fields.map(compileRequirement), errors };
}

function compileRequirement({
  key,
  operator,
  values,
}: NodeSelectorRequirement): CompiledRequirement {
  return { key, operator, values: values ?? [] };
}

function termMatches({ labels, fields, errors }: CompiledTerm, node: SelectableNode): boolean {
  if (errors.length > 0) return false;
  for (const requirement of labels)
    if (!meets(node.labels[requirement.key], requirement)) return false;
  for (const requirement of fields)
    if (!meets(requirement.key === "metadata.name" ? node.name : "", requirement)) return false;
  return true;
}

/** Source: labels.NewRequirement. */
function labelErrors({ operator, values = [] }: NodeSelectorRequirement, path: string): string[] {
  const listed = `[${values.map((value) => JSON.stringify(value)).join(",")}]`;
  const about = `${path}.values: Invalid value: ${listed}`;
  switch (operator) {
    case "In":
    case "NotIn":
      return values.length > 0
        ? []
        : [`${about}: for 'in', 'notin' operators, values set can't be empty`];
    case "Exists":
    case "DoesNotExist":
      return values.length === 0
        ? []
        : [`${about}: values set must be empty for exists and does not exist`];
    case "Gt":
    case "Lt":
      if (values.length !== 1)
        return [`${about}: for 'Gt', 'Lt' operators, exactly one value is required`];
      return values
        .filter((value) => parseInt64(value) === undefined)
        .map(
          (value) =>
            `${path}.values[0]: Invalid value: ${JSON.stringify(value)}: for 'Gt', 'Lt' operators, the value must be an integer`,
        );
    default:
      return [`${path}.operator: Invalid value: "${operator}": not a valid node selector operator`];
  }
}

/** Fields are compared with exactly one value. */
function fieldErrors({ operator, values = [] }: NodeSelectorRequirement, path: string): string[] {
  if (operator !== "In" && operator !== "NotIn")
    return [`${path}.operator: Invalid value: "${operator}": not a valid field selector operator`];
  if (values.length === 1) return [];
  const listed = `[${values.map((value) => JSON.stringify(value)).join(",")}]`;
  return [`${path}.values: Invalid value: ${listed}: must have one element`];
}
