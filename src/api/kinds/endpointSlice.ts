// EndpointSlice: up to a hundred of the addresses behind a Service.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { DiscoveryV1EndpointPort, EndpointSlice as EndpointSliceObject } from "../types.ts";
import { ageColumn, nameColumn, shortList } from "./columns.ts";
import {
  setEndpointSliceDefaults,
  validateEndpointSlice,
  validateEndpointSliceUpdate,
} from "./endpointSlice/validation.ts";
import { endpointSliceWarnings } from "./endpointSlice/warnings.ts";

export const EndpointSlice = defineKind<EndpointSliceObject>({
  gvk: gvk("discovery.k8s.io", "v1", "EndpointSlice"),
  plural: "endpointslices",
  namespaced: true,
  desiredState: ({ metadata, endpoints, ports }) => [metadata.labels, endpoints, ports],
  columns: [
    nameColumn,
    column("AddressType", "string", ({ addressType }) => addressType, {
      field: "discovery.v1.EndpointSlice.addressType",
    }),
    column("Ports", "string", ({ ports }) => shortList((ports ?? []).map(portText)), {
      field: "discovery.v1.EndpointSlice.ports",
    }),
    column(
      "Endpoints",
      "string",
      ({ endpoints }) => shortList((endpoints ?? []).flatMap(({ addresses }) => addresses)),
      { field: "discovery.v1.EndpointSlice.endpoints" },
    ),
    ageColumn,
  ],
  setDefaults: setEndpointSliceDefaults,
  validate: validateEndpointSlice,
  validateUpdate: validateEndpointSliceUpdate,
  warningsOnCreate: endpointSliceWarnings,
});

/** A port without a number stands for all of that name. */
function portText({ port, name }: DiscoveryV1EndpointPort): string {
  return String(port ?? name ?? "*");
}
