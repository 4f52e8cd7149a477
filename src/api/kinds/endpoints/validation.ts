// Endpoints. Source: pkg/apis/core/validation validateEndpoints, kubernetes v1.34.
import { dequal } from "dequal";
import type { Draft } from "../../../base/draft.ts";
import { type FieldError, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { EndpointAddress, EndpointPort, EndpointSubset, Endpoints } from "../../types.ts";
import { validateAddress, validateNonSpecialAddress } from "../../validation/addresses.ts";
import {
  checkDnsLabel,
  checkDnsSubdomain,
  checkPortNumber,
  checkQualifiedName,
  checkRequiredChoice,
  each,
} from "../../validation/fields.ts";
import { addressWarnings } from "../../validation/strictAddresses.ts";
import { protocols } from "../pod/validation/ports.ts";

const path = FieldPath.of("subsets");

/** Source: pkg/apis/core/v1/defaults.go SetDefaults_Endpoints. */
export function setEndpointsDefaults({ subsets }: Draft<Endpoints>): void {
  for (const { ports } of subsets ?? []) for (const port of ports ?? []) port.protocol ||= "TCP";
}

export function validateEndpoints({ subsets }: Endpoints): FieldError[] {
  return each(subsets, path, validateSubset);
}

/** Subsets that stay as they are are not judged again. */
export function validateEndpointsUpdate(endpoints: Endpoints, old: Endpoints): FieldError[] {
  return dequal(endpoints.subsets, old.subsets) ? [] : validateEndpoints(endpoints);
}

export function endpointsWarnings({ subsets }: Endpoints): readonly string[] {
  return (subsets ?? []).flatMap((subset, i) =>
    (["addresses", "notReadyAddresses"] as const).flatMap((field) =>
      (subset[field] ?? []).flatMap(({ ip }, j) =>
        addressWarnings(ip, path.index(i).child(field).index(j).child("ip")),
      ),
    ),
  );
}

function validateSubset(subset: EndpointSubset, at: FieldPath): FieldError[] {
  const { addresses = [], notReadyAddresses = [], ports = [] } = subset;
  const isEmpty = addresses.length + notReadyAddresses.length === 0;
  return [
    ...(isEmpty ? [required(at, "must specify `addresses` or `notReadyAddresses`")] : []),
    ...each(addresses, at.child("addresses"), validateEndpointAddress),
    ...each(notReadyAddresses, at.child("notReadyAddresses"), validateEndpointAddress),
    ...each(ports, at.child("ports"), (port, portPath) =>
      validatePort(port, ports.length > 1, portPath),
    ),
  ];
}

function validateEndpointAddress(
  { ip, hostname, nodeName }: EndpointAddress,
  at: FieldPath,
): FieldError[] {
  return [
    ...validateAddress(ip ?? "", at.child("ip")),
    ...(hostname ? checkDnsLabel(hostname, at.child("hostname")) : []),
    ...(nodeName === undefined ? [] : checkDnsSubdomain(nodeName, at.child("nodeName"))),
    ...validateNonSpecialAddress(ip ?? "", at.child("ip")),
  ];
}

function validatePort(
  { name, port, protocol, appProtocol }: EndpointPort,
  needsName: boolean,
  at: FieldPath,
): FieldError[] {
  return [
    ...(name ? checkDnsLabel(name, at.child("name")) : []),
    ...(needsName && !name ? [required(at.child("name"))] : []),
    ...checkPortNumber(port ?? 0, at.child("port")),
    ...checkRequiredChoice(protocol, protocols, at.child("protocol")),
    ...(appProtocol === undefined ? [] : checkQualifiedName(appProtocol, at.child("appProtocol"))),
  ];
}
