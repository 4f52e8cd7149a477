// ComponentStatus: whether the control plane's parts answer. Made when asked for, never stored.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { ComponentCondition, ComponentStatus as ComponentStatusObject } from "../types.ts";
import { nameColumn } from "./columns.ts";

export const ComponentStatus = defineKind<ComponentStatusObject>({
  gvk: gvk("", "v1", "ComponentStatus"),
  plural: "componentstatuses",
  shortNames: ["cs"],
  namespaced: false,
  unstored: true,
  verbs: ["get", "list"],
  deprecation: "v1 ComponentStatus is deprecated in v1.19+",
  columns: [
    nameColumn,
    column("Status", "string", healthText, { description: "Status of the component conditions" }),
    column("Message", "string", (status) => healthOf(status)?.message ?? "", {
      description: "Message of the component conditions",
    }),
    column("Error", "string", (status) => healthOf(status)?.error ?? "", {
      description: "Error of the component conditions",
    }),
  ],
});

function healthOf({ conditions }: ComponentStatusObject): ComponentCondition | undefined {
  return conditions?.find(({ type }) => type === "Healthy");
}

function healthText(component: ComponentStatusObject): string {
  const health = healthOf(component);
  if (!health) return "Unknown";
  return health.status === "True" ? "Healthy" : "Unhealthy";
}
