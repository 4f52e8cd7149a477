// A kubelet's own Node: no taints, labels or owners that would steer Pods to it or keep them off.
import { dequal } from "dequal";
import { isKubeletLabel } from "../../../../api/kinds/node/kubeletLabels.ts";
import type { Node } from "../../../../api/types.ts";
import type { Draft } from "../../../../base/draft.ts";
import type { NodeRule } from "../nodeRestriction.ts";

export const nodeRefusal: NodeRule = (node, { operation, key, object, old }) => {
  const quoted = JSON.stringify(node);
  if (key.name !== node)
    return `node ${quoted} is not allowed to modify node ${JSON.stringify(key.name)}`;
  if (operation === "CREATE") return creationRefusal(quoted, object as Draft<Node>);
  if (operation === "UPDATE") return changeRefusal(quoted, object as Draft<Node>, old as Node);
  return undefined;
};

function creationRefusal(node: string, { metadata, spec }: Node): string | undefined {
  if (spec?.configSource)
    return `node ${node} is not allowed to create pods with a non-nil configSource`;
  const labels = forbiddenLabels({}, metadata.labels);
  return labels.length === 0
    ? undefined
    : `node ${node} is not allowed to set the following labels: ${labels.join(", ")}`;
}

function changeRefusal(
  node: string,
  { metadata, spec }: Node,
  { metadata: oldMetadata, spec: oldSpec }: Node,
): string | undefined {
  if (spec?.configSource && !dequal(spec.configSource, oldSpec?.configSource))
    return `node ${node} is not allowed to update configSource to a new non-nil configSource`;
  if (!dequal(spec?.taints ?? [], oldSpec?.taints ?? []))
    return `node ${node} is not allowed to modify taints`;
  const labels = forbiddenLabels(oldMetadata.labels, metadata.labels);
  if (labels.length > 0) return `is not allowed to modify labels: ${labels.join(", ")}`;
  if (!dequal(metadata.ownerReferences ?? [], oldMetadata.ownerReferences ?? []))
    return `node ${node} is not allowed to modify ownerReferences`;
  return undefined;
}

type Labels = Readonly<Record<string, string>>;

/** Keys, in order, of labels that differ although a kubelet may not change them. */
function forbiddenLabels(before: Labels = {}, now: Labels = {}): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((key) => before[key] !== now[key] && !isKubeletLabel(key))
    .sort();
}
