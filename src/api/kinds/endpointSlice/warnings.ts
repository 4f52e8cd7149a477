// What looks odd in an EndpointSlice, though it is allowed.
// Source: pkg/registry/discovery/endpointslice/strategy.go, kubernetes v1.34.
import { FieldPath } from "../../fieldPath.ts";
import type { EndpointSlice } from "../../types.ts";
import { addressWarnings } from "../../validation/strictAddresses.ts";

/** Controllers that mend addresses by themselves. */
const mending = [
  "endpointslice-controller.k8s.io",
  "endpointslicemirroring-controller.k8s.io",
] as const;

export function endpointSliceWarnings(slice: EndpointSlice): readonly string[] {
  const { addressType, metadata, endpoints } = slice;
  const manager = metadata.labels?.["endpointslice.kubernetes.io/managed-by"];
  const isMended = mending.some((name) => name === manager);
  const path = FieldPath.of("endpoints");
  return [
    ...(addressType === "FQDN" ? ["spec.addressType: FQDN endpoints are deprecated"] : []),
    ...(isMended ? [] : (endpoints ?? [])).flatMap(({ addresses }, i) =>
      addresses.flatMap((address, j) =>
        addressWarnings(address, path.index(i).child("addresses").index(j)),
      ),
    ),
  ];
}
