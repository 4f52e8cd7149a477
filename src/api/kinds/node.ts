// Node: a machine of the cluster, as its kubelet and the control plane describe it.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { Node as NodeObject } from "../types.ts";
import { ageColumn } from "./columns.ts";
import { setNodeDefaults, validateNode, validateNodeUpdate } from "./node/validation.ts";

export const Node = defineKind<NodeObject>({
  gvk: gvk("", "v1", "Node"),
  plural: "nodes",
  shortNames: ["no"],
  namespaced: false,
  subresources: ["status"],
  fields: { "spec.unschedulable": (node) => String(node.spec?.unschedulable ?? false) },
  columns: [
    column("Name", "string", (node) => node.metadata.name),
    column("Status", "string", statusText),
    column("Roles", "string", (node) => rolesOf(node).join(",") || "<none>"),
    ageColumn,
    column("Version", "string", (node) => node.status?.nodeInfo?.kubeletVersion ?? ""),
  ],
  setDefaults: setNodeDefaults,
  validate: validateNode,
  validateUpdate: validateNodeUpdate,
});

const rolePrefix = "node-role.kubernetes.io/";

/** Roles by label, e.g. ["control-plane"]. Source: kubectl's printer findNodeRoles, 1.34. */
export function rolesOf(node: NodeObject): readonly string[] {
  return Object.keys(node.metadata.labels ?? {})
    .filter((label) => label.startsWith(rolePrefix) && label.length > rolePrefix.length)
    .map((label) => label.slice(rolePrefix.length))
    .sort();
}

/** True while the kubelet reports Ready=True. */
export function isReady(node: NodeObject): boolean {
  return (
    node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ??
    false
  );
}

function statusText(node: NodeObject): string {
  const ready = node.status?.conditions?.find(({ type }) => type === "Ready");
  const states = [ready ? (ready.status === "True" ? "Ready" : "NotReady") : "Unknown"];
  if (node.spec?.unschedulable) states.push("SchedulingDisabled");
  return states.join(",");
}
