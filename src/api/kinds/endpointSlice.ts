// EndpointSlice: up to a hundred of the addresses behind a Service.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { EndpointSlice as EndpointSliceObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import {
  setEndpointSliceDefaults,
  validateEndpointSlice,
  validateEndpointSliceUpdate,
} from "./endpointSlice/validation.ts";

export const EndpointSlice = defineKind<EndpointSliceObject>({
  gvk: gvk("discovery.k8s.io", "v1", "EndpointSlice"),
  plural: "endpointslices",
  namespaced: true,
  desiredState: ({ endpoints, ports }) => [endpoints, ports],
  columns: [
    nameColumn,
    column("AddressType", "string", ({ addressType }) => addressType),
    column("Ports", "string", ({ ports }) => ports?.map(({ port }) => port).join(",") || "<unset>"),
    column(
      "Endpoints",
      "string",
      ({ endpoints }) =>
        (endpoints ?? []).flatMap(({ addresses }) => addresses).join(",") || "<unset>",
    ),
    ageColumn,
  ],
  setDefaults: setEndpointSliceDefaults,
  validate: validateEndpointSlice,
  validateUpdate: validateEndpointSliceUpdate,
});
