// Tokens that a kubelet asks for: only on behalf of Pods that are bound to it.
import { Pod } from "../../../../api/kinds/pod/kind.ts";
import type { TokenRequest } from "../../../../api/reviewTypes.ts";
import { notFoundError } from "../../../../api/status.ts";
import type { NodeRule } from "../nodeRestriction.ts";

export const tokenRefusal: NodeRule = (node, { operation, subresource, key, object }, { find }) => {
  if (operation !== "CREATE" || subresource !== "token") return undefined;
  const bound = (object as unknown as TokenRequest).spec.boundObjectRef;
  if (bound?.apiVersion !== "v1" || bound.kind !== "Pod" || !bound.name)
    return "node requested token not bound to a pod";
  if (!bound.uid) return "node requested token with a pod binding without a uid";
  const pod = find(Pod, { namespace: key.namespace, name: bound.name });
  if (!pod) throw notFoundError({ group: "", kind: Pod.plural, name: bound.name });
  if (bound.uid !== pod.metadata.uid)
    return `the UID in the bound object reference (${bound.uid}) does not match the UID in record. The object might have been deleted and then recreated`;
  return pod.spec.nodeName === node
    ? undefined
    : "node requested token bound to a pod scheduled on a different node";
};
