// A DaemonSet's Pods by the nodes that they are for. Source: pkg/controller/daemon getNodesToDaemonPods and
// util.GetTargetNodeName, kubernetes v1.34.
import { isTerminal } from "../../../api/kinds/pod/kind.ts";
import type { Node, Pod } from "../../../api/types.ts";
import { revisionLabel } from "./podTemplate.ts";

export type PodsByNode = ReadonlyMap<string, readonly Pod[]>;

/** The node that the Pod runs on, or is bound to by affinity. */
export function targetNode({ spec }: Pod): string | undefined {
  if (spec.nodeName) return spec.nodeName;
  const terms =
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  for (const { matchFields = [] } of terms ?? [])
    for (const { key, operator, values = [] } of matchFields)
      if (key === "metadata.name" && operator === "In" && values.length === 1) return values[0];
  return undefined;
}

/** Oldest first, those that run before those that wait. Ended Pods on their way out don't count. */
export function podsByNode(pods: readonly Pod[]): PodsByNode {
  const counted = pods.filter(
    (pod) => !(isTerminal(pod) && pod.metadata.deletionTimestamp !== undefined),
  );
  const groups = Map.groupBy(counted.toSorted(byAge), targetNode);
  const known = new Map<string, readonly Pod[]>();
  for (const [node, group] of groups) if (node !== undefined) known.set(node, group);
  return known;
}

/** Source: podByCreationTimestampAndPhase. */
function byAge(a: Pod, b: Pod): number {
  return (
    Number(Boolean(b.spec.nodeName)) - Number(Boolean(a.spec.nodeName)) ||
    compareTexts(a.metadata.creationTimestamp, b.metadata.creationTimestamp) ||
    compareTexts(a.metadata.name, b.metadata.name)
  );
}

function compareTexts(a = "", b = ""): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Pods that wait for a node that is gone: nobody else would delete them. */
export function strandedPods(pods: PodsByNode, nodes: readonly Node[]): readonly Pod[] {
  const names = new Set(nodes.map(({ metadata }) => metadata.name));
  return [...pods]
    .filter(([node]) => !names.has(node))
    .flatMap(([, group]) => group.filter(({ spec }) => !spec.nodeName));
}

export function isOfRevision({ metadata }: Pod, hash: string): boolean {
  return metadata.labels?.[revisionLabel] === hash;
}

export function isGoing({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined;
}

/** The one Pod of the revision and the one of another; undefined if there are more of either. */
export function pairOf(
  pods: readonly Pod[],
  hash: string,
): { readonly current?: Pod; readonly old?: Pod } | undefined {
  const living = pods.filter((pod) => !isGoing(pod));
  const [current, ...moreCurrent] = living.filter((pod) => isOfRevision(pod, hash));
  const [old, ...moreOld] = living.filter((pod) => !isOfRevision(pod, hash));
  if (moreCurrent.length > 0 || moreOld.length > 0) return undefined;
  return { ...(current ? { current } : {}), ...(old ? { old } : {}) };
}
