// Legacy labels that follow their successors. Source: nodelifecycle labelReconcileInfo, 1.34.
import { Node } from "../../../api/kinds/node.ts";
import { keyOf } from "../../../api/object.ts";
import type { Node as NodeObject } from "../../../api/types.ts";
import type { LocalClient } from "../../localClient.ts";

const legacy: readonly (readonly [string, string])[] = [
  ["kubernetes.io/os", "beta.kubernetes.io/os"],
  ["kubernetes.io/arch", "beta.kubernetes.io/arch"],
];

export function addBetaLabels(client: LocalClient, node: NodeObject): void {
  const { labels: known = {} } = node.metadata;
  const labels: Record<string, string> = {};
  for (const [label, beta] of legacy) {
    const value = known[label];
    if (value !== undefined && known[beta] !== value) labels[beta] = value;
  }
  if (Object.keys(labels).length > 0) client.patch(Node, keyOf(node), { metadata: { labels } });
}
