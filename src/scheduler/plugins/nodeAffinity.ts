// Filters by nodeSelector and required node affinity; scores by preferred node affinity.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go
import type { NodeSelectorTerm } from "../../api/types.ts";
import { failed, fits, type Plugin, rejected, skipped } from "../framework.ts";
import {
  compilePreferred,
  type RequiredNodeAffinity,
  requiredNodeAffinity,
  requiresNode,
  type WeightedTerms,
} from "../nodeSelection.ts";
import { normalizeByHighest } from "../normalize.ts";

const mismatch = rejected.forGood("node(s) didn't match Pod's node affinity/selector");
const conflict = rejected.forGood("pod affinity terms conflict");

export const nodeAffinity: Plugin<RequiredNodeAffinity, WeightedTerms> = {
  name: "NodeAffinity",
  retryOn: ["Node/Add", "Node/UpdateLabel"],
  preFilter({ pod: { pod } }) {
    if (!requiresNode(pod)) return { verdict: skipped };
    const state = requiredNodeAffinity(pod);
    const terms =
      pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
        ?.nodeSelectorTerms;
    const nodes = terms?.length ? namedNodes(terms) : undefined;
    if (!nodes) return { state };
    return nodes.size === 0 ? { verdict: conflict } : { state, nodes };
  },
  filter: (_cycle, node, affinity) => (affinity.matches(node) ? fits : mismatch),
  preScore({ pod: { pod } }) {
    const terms =
      pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    if (terms.length === 0) return { verdict: skipped };
    const compiled = compilePreferred(terms);
    return "error" in compiled ? { verdict: failed(compiled.error) } : { state: compiled };
  },
  score: (_cycle, node, terms) => terms.score(node),
  normalize: (scores) => normalizeByHighest(scores),
};

/** The only nodes that the terms allow by name; undefined if one of them allows any. */
function namedNodes(terms: readonly NodeSelectorTerm[]): Set<string> | undefined {
  const names = new Set<string>();
  for (const { matchFields = [] } of terms) {
    const lists = matchFields
      .filter(({ key, operator }) => key === "metadata.name" && operator === "In")
      .map(({ values }) => values ?? []);
    const [first, ...others] = lists;
    if (!first) return undefined;
    for (const name of first) if (others.every((list) => list.includes(name))) names.add(name);
  }
  return names;
}
