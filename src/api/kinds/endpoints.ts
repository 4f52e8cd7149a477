// Endpoints: the addresses behind a Service in one object, the elder of EndpointSlices.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { EndpointSubset, Endpoints as EndpointsObject } from "../types.ts";
import { ageColumn, nameColumn, shortList } from "./columns.ts";
import {
  endpointsWarnings,
  setEndpointsDefaults,
  validateEndpoints,
  validateEndpointsUpdate,
} from "./endpoints/validation.ts";

export const Endpoints = defineKind<EndpointsObject>({
  gvk: gvk("", "v1", "Endpoints"),
  plural: "endpoints",
  listKind: "EndpointsList",
  shortNames: ["ep"],
  namespaced: true,
  deprecation: "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
  allowsCreateOnUpdate: true,
  columns: [
    nameColumn,
    column("Endpoints", "string", ({ subsets }) => endpointsText(subsets ?? []), {
      field: "core.v1.Endpoints.subsets",
    }),
    ageColumn,
  ],
  setDefaults: setEndpointsDefaults,
  validate: validateEndpoints,
  validateUpdate: validateEndpointsUpdate,
  warningsOnCreate: endpointsWarnings,
  warningsOnUpdate: endpointsWarnings,
});

/** Source: printers.go formatEndpoints: ready addresses only, each with each port. */
function endpointsText(subsets: readonly EndpointSubset[]): string {
  if (subsets.length === 0) return "<none>";
  const listed = subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map(({ ip }) => ip)
      : ports.flatMap(({ port }) => addresses.map(({ ip }) => hostPort(ip, port))),
  );
  return shortList(listed, "");
}

function hostPort(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
