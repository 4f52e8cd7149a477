// What the node lifecycle controller reads and writes of single nodes.
// Source: pkg/controller/util/node/controller_utils.go, kubernetes v1.34.
import { Node } from "../../../api/kinds/node.ts";
import { keyOf, type ObjectKey } from "../../../api/object.ts";
import { hasReason } from "../../../api/status.ts";
import type { Node as NodeObject } from "../../../api/types.ts";
import type { ControllerContext } from "../controller.ts";
import { changedTaints, type TaintChange } from "./taints.ts";

export function recordNode(
  { events }: ControllerContext,
  node: NodeObject,
  reason: string,
  what: string,
): void {
  events.record(node, "Normal", reason, `Node ${node.metadata.name} event: ${what}`);
}

/** Undefined if it is gone. */
export function getNode({ client }: ControllerContext, key: ObjectKey): NodeObject | undefined {
  try {
    return client.get(Node, key);
  } catch (error) {
    if (!hasReason(error, "NotFound")) throw error;
    return undefined;
  }
}

/** Changes the taints of the newest state, in one write. @returns false if the node is gone */
export function changeTaints(
  context: ControllerContext,
  node: NodeObject,
  change: TaintChange,
): boolean {
  if (change.add.length === 0 && change.remove.length === 0) return true;
  const latest = getNode(context, keyOf(node));
  if (!latest) return false;
  const taints = changedTaints(latest, change, context.now());
  // The real controller's write leaves an empty list out.
  const written = taints?.length === 0 ? null : taints;
  if (taints) context.client.patch(Node, keyOf(node), { spec: { taints: written } });
  return true;
}
