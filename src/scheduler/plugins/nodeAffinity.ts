// Filters by nodeSelector and required node affinity; scores by preferred node affinity.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go

import {
  compilePreferred,
  compileTerms,
  type RequiredNodeAffinity,
  requiredNodeAffinity,
  requiresNode,
  type WeightedTerms,
} from "../../api/nodeSelection.ts";
import type { Node, NodeAffinity, NodeSelectorTerm } from "../../api/types.ts";
import { failed, fits, type Plugin, rejected, skipped } from "../framework.ts";
import { normalizeByHighest } from "../normalize.ts";

const mismatch = rejected.forGood("node(s) didn't match Pod's node affinity/selector");
const enforced = rejected.forGood("node(s) didn't match scheduler-enforced node affinity");
const conflict = rejected.forGood("pod affinity terms conflict");

export interface NodeAffinityArgs {
  /** What the profile asks of the nodes of all its Pods, beside their own wishes. */
  readonly addedAffinity?: NodeAffinity;
}

/** @param args that are valid: malformed terms match nothing */
export function nodeAffinity({
  addedAffinity = {},
}: NodeAffinityArgs): Plugin<RequiredNodeAffinity, readonly WeightedTerms[]> {
  const addedTerms = addedAffinity.requiredDuringSchedulingIgnoredDuringExecution;
  const isAllowed = addedTerms && compileTerms(addedTerms.nodeSelectorTerms);
  const added = addedAffinity.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return {
    name: "NodeAffinity",
    retryOn: ["Node/Add", "Node/UpdateLabel"],
    hint({ pod }, { node }) {
      const affinity = requiredNodeAffinity(pod);
      const isMatch = ({ metadata: { name, labels = {} } }: Node): boolean => {
        const selectable = { name, labels };
        return (isAllowed?.(selectable) ?? true) && affinity.matches(selectable);
      };
      return Boolean(node?.now && isMatch(node.now) && !(node.old && isMatch(node.old)));
    },
    preFilter({ pod: { pod } }) {
      if (!isAllowed && !requiresNode(pod)) return { verdict: skipped };
      const state = requiredNodeAffinity(pod);
      const terms =
        pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
          ?.nodeSelectorTerms;
      const nodes = terms?.length ? namedNodes(terms) : undefined;
      if (!nodes) return { state };
      return nodes.size === 0 ? { verdict: conflict } : { state, nodes };
    },
    filter(_cycle, node, affinity) {
      if (isAllowed && !isAllowed(node)) return enforced;
      return affinity.matches(node) ? fits : mismatch;
    },
    preScore({ pod: { pod } }) {
      const own =
        pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
      if (own.length === 0 && added.length === 0) return { verdict: skipped };
      const state: WeightedTerms[] = [];
      for (const terms of [added, own]) {
        const compiled = compilePreferred(terms);
        if ("error" in compiled) return { verdict: failed(compiled.error) };
        state.push(compiled);
      }
      return { state };
    },
    score: (_cycle, node, lists) => lists.reduce((sum, terms) => sum + terms.score(node), 0),
    normalize: (scores) => normalizeByHighest(scores),
  };
}

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
