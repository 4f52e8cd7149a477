// Node: a machine of the cluster, as its kubelet and the control plane describe it.
import { type Column, column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { Node as NodeObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import { setNodeDefaults, validateNode, validateNodeUpdate } from "./node/validation.ts";
import { nodeWarnings } from "./node/warnings.ts";

export const Node = defineKind<NodeObject>({
  gvk: gvk("", "v1", "Node"),
  plural: "nodes",
  shortNames: ["no"],
  namespaced: false,
  subresources: ["proxy", "status"],
  fields: { "spec.unschedulable": (node) => String(node.spec?.unschedulable ?? false) },
  columns: [
    nameColumn,
    column("Status", "string", statusText, { description: "The status of the node" }),
    column("Roles", "string", (node) => rolesOf(node).join(",") || "<none>", {
      description: "The roles of the node",
    }),
    ageColumn,
    column("Version", "string", (node) => node.status?.nodeInfo?.kubeletVersion ?? "", {
      field: "core.v1.NodeSystemInfo.kubeletVersion",
    }),
    addressColumn("Internal-IP", "InternalIP"),
    addressColumn("External-IP", "ExternalIP"),
    systemColumn("OS-Image", "osImage"),
    systemColumn("Kernel-Version", "kernelVersion"),
    systemColumn("Container-Runtime", "containerRuntimeVersion"),
  ],
  setDefaults: setNodeDefaults,
  validate: validateNode,
  validateUpdate: (node, old) => [...validateNode(node), ...validateNodeUpdate(node, old)],
  validateStatusUpdate: validateNodeUpdate,
  warningsOnCreate: nodeWarnings,
  warningsOnUpdate: nodeWarnings,
});

/** The first address of a type. */
function addressColumn(name: string, type: string): Column<NodeObject> {
  const text = ({ status }: NodeObject): string =>
    status?.addresses?.find((address) => address.type === type)?.address ?? "<none>";
  return column(name, "string", text, { priority: 1, field: "core.v1.NodeStatus.addresses" });
}

function systemColumn(
  name: string,
  field: "osImage" | "kernelVersion" | "containerRuntimeVersion",
): Column<NodeObject> {
  const text = ({ status }: NodeObject): string => status?.nodeInfo?.[field] || "<unknown>";
  return column(name, "string", text, {
    priority: 1,
    field: `core.v1.NodeSystemInfo.${field}`,
  });
}

const rolePrefix = "node-role.kubernetes.io/";
const roleLabel = "kubernetes.io/role";

/** Roles by label, e.g. ["control-plane"]. Source: kubectl's printer findNodeRoles, 1.34. */
export function rolesOf(node: NodeObject): readonly string[] {
  const labels = node.metadata.labels ?? {};
  const roles = Object.keys(labels)
    .filter((label) => label.startsWith(rolePrefix) && label.length > rolePrefix.length)
    .map((label) => label.slice(rolePrefix.length));
  if (labels[roleLabel]) roles.push(labels[roleLabel]);
  return [...new Set(roles)].sort();
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
