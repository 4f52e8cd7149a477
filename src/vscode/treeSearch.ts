// The row of an object in the tree Cluster.
import type { ClusterFacts } from "./clusterFacts.ts";
import { childrenOf, rootsOf, type TreeElement } from "./treeElements.ts";

export interface ObjectName {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Undefined for kinds without rows, and for what is not there. */
export function elementOf(object: ObjectName, facts: ClusterFacts): TreeElement | undefined {
  const { kind, namespace, name } = object;
  const pod = kind === "Pod" ? facts.pod({ namespace, name }) : undefined;
  if (kind === "Pod" ? !pod : !(kind === "Node" && facts.nodes.has(name))) return undefined;
  const node = pod ? (pod.spec.nodeName ?? "") : name;
  const search = (elements: readonly TreeElement[]): TreeElement | undefined => {
    for (const element of elements) {
      if (isRow(element, object)) return element;
      const found = leadsTo(element, node) && search(childrenOf(element, facts));
      if (found) return found;
    }
    return undefined;
  };
  return search(rootsOf(facts));
}

function isRow(element: TreeElement, { kind, namespace, name }: ObjectName): boolean {
  if (element.type === "node") return kind === "Node" && element.name === name;
  return element.type === "pod" && element.key.name === name && element.key.namespace === namespace;
}

/** True if the rows of the node, or of its Pods, may be below; "" is for Pods that no node has. */
function leadsTo(element: TreeElement, node: string): boolean {
  switch (element.type) {
    case "group":
      return (element.group === "unscheduled") === (node === "");
    case "zone":
      return element.members.includes(node);
    case "page":
      return true;
    case "node":
      return element.name === node;
    case "nodePods":
      return element.node === node;
    default:
      return false;
  }
}
