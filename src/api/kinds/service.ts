// Service: one stable address for a changing set of Pods.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { Service as ServiceObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import { setServiceDefaults } from "./service/defaults.ts";
import { validateServiceStatusUpdate, validateServiceUpdate } from "./service/update.ts";
import { validateService } from "./service/validation.ts";

export const Service = defineKind<ServiceObject>({
  gvk: gvk("", "v1", "Service"),
  plural: "services",
  shortNames: ["svc"],
  categories: ["all"],
  namespaced: true,
  subresources: ["status"],
  nameRule: "dns1035Label",
  fields: {
    "spec.clusterIP": ({ spec }) => spec.clusterIP ?? "",
    "spec.type": ({ spec }) => spec.type ?? "",
  },
  columns: [
    nameColumn,
    column("Type", "string", ({ spec }) => spec.type ?? ""),
    column("Cluster-IP", "string", ({ spec }) => spec.clusterIP ?? "<none>"),
    column("Port(s)", "string", portsText),
    ageColumn,
  ],
  prepareForCreate(service) {
    service.status = { loadBalancer: {} };
  },
  setDefaults: setServiceDefaults,
  validate: validateService,
  validateUpdate: validateServiceUpdate,
  validateStatusUpdate: validateServiceStatusUpdate,
});

function portsText({ spec }: ServiceObject): string {
  const ports = (spec.ports ?? []).map(({ port, nodePort, protocol = "TCP" }) =>
    nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
  );
  return ports.join(",") || "<none>";
}
