// Service: one stable address for a changing set of Pods.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { Service as ServiceObject } from "../types.ts";
import { ageColumn, labelsText, nameColumn } from "./columns.ts";
import { setServiceDefaults } from "./service/defaults.ts";
import { dropTypeDependentFields } from "./service/kept.ts";
import { validateServiceStatusUpdate, validateServiceUpdate } from "./service/update.ts";
import { validateService } from "./service/validation.ts";
import { serviceWarnings } from "./service/warnings.ts";

export const Service = defineKind<ServiceObject>({
  gvk: gvk("", "v1", "Service"),
  plural: "services",
  shortNames: ["svc"],
  categories: ["all"],
  namespaced: true,
  subresources: ["proxy", "status"],
  nameRule: "dns1035Label",
  fields: {
    "spec.clusterIP": ({ spec }) => spec.clusterIP ?? "",
    "spec.type": ({ spec }) => spec.type ?? "",
  },
  columns: [
    nameColumn,
    column("Type", "string", ({ spec }) => spec.type ?? "", { field: "core.v1.ServiceSpec.type" }),
    column("Cluster-IP", "string", ({ spec }) => spec.clusterIPs?.[0] ?? "<none>", {
      field: "core.v1.ServiceSpec.clusterIP",
    }),
    column("External-IP", "string", externalText, { field: "core.v1.ServiceSpec.externalIPs" }),
    column("Port(s)", "string", portsText, { field: "core.v1.ServiceSpec.ports" }),
    ageColumn,
    column("Selector", "string", ({ spec }) => labelsText(spec.selector), {
      priority: 1,
      field: "core.v1.ServiceSpec.selector",
    }),
  ],
  allowsCreateOnUpdate: true,
  returnsDeletedObject: true,
  prepareForCreate(service) {
    service.status = { loadBalancer: {} };
  },
  prepareForUpdate: dropTypeDependentFields,
  setDefaults: setServiceDefaults,
  validate: validateService,
  validateUpdate: validateServiceUpdate,
  validateStatusUpdate: validateServiceStatusUpdate,
  warningsOnCreate: serviceWarnings,
  warningsOnUpdate: serviceWarnings,
});

/** Source: printers.go getServiceExternalIP. */
function externalText({ spec, status }: ServiceObject): string {
  const external = spec.externalIPs ?? [];
  if (spec.type === "ExternalName") return spec.externalName ?? "";
  if (spec.type !== "LoadBalancer") return external.join(",") || "<none>";
  const ingress = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname);
  const given = [...new Set(ingress.filter((address) => address !== undefined))].sort();
  return [...given, ...external].join(",") || "<pending>";
}

function portsText({ spec }: ServiceObject): string {
  const ports = (spec.ports ?? []).map(({ port, nodePort, protocol = "TCP" }) =>
    nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
  );
  return ports.join(",") || "<none>";
}
