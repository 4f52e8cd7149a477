// EndpointSlices. Source: pkg/apis/discovery/validation, kubernetes v1.34.
import type { Draft } from "../../../base/draft.ts";
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  required,
  tooMany,
} from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type {
  DiscoveryV1EndpointPort,
  Endpoint,
  EndpointHints,
  EndpointSlice,
} from "../../types.ts";
import { isIpv6, validateAddress, validateNonSpecialAddress } from "../../validation/addresses.ts";
import { validateFullyQualifiedDomainName } from "../../validation/domainName.ts";
import {
  checkChoice,
  checkDnsLabel,
  checkDnsSubdomain,
  checkImmutable,
  checkQualifiedName,
  checkRequiredChoice,
  each,
} from "../../validation/fields.ts";
import { validateLabelName, validateLabels } from "../../validation/labels.ts";
import { protocols } from "../pod/validation/ports.ts";

const maxEndpoints = 1000;
const maxAddresses = 100;
const maxPorts = 20_000;
const maxTopologyLabels = 16;
const maxHints = 8;

/** Source: pkg/apis/discovery/v1/defaults.go. */
export function setEndpointSliceDefaults({ ports, endpoints }: Draft<EndpointSlice>): void {
  for (const port of ports ?? []) {
    port.name ??= "";
    port.protocol ??= "TCP";
  }
  for (const endpoint of endpoints ?? []) endpoint.conditions ??= {};
}

export function validateEndpointSlice(slice: EndpointSlice): FieldError[] {
  return [
    ...checkRequiredChoice(
      slice.addressType,
      ["FQDN", "IPv4", "IPv6"],
      FieldPath.of("addressType"),
    ),
    ...validateEndpoints(slice, FieldPath.of("endpoints")),
    ...validatePorts(slice.ports ?? [], FieldPath.of("ports")),
  ];
}

export function validateEndpointSliceUpdate(
  slice: EndpointSlice,
  old: EndpointSlice,
): FieldError[] {
  return [
    ...validateEndpointSlice(slice),
    ...checkImmutable(slice.addressType, old.addressType, FieldPath.of("addressType")),
  ];
}

function validateEndpoints(
  { endpoints = [], addressType }: EndpointSlice,
  path: FieldPath,
): FieldError[] {
  if (endpoints.length > maxEndpoints) return [tooMany(path, endpoints.length, maxEndpoints)];
  return each(endpoints, path, (endpoint, at) => validateEndpoint(endpoint, addressType, at));
}

function validateEndpoint(endpoint: Endpoint, addressType: string, path: FieldPath): FieldError[] {
  const { addresses = [], nodeName, deprecatedTopology: topology = {}, hostname } = endpoint;
  const addressesPath = path.child("addresses");
  const topologyPath = path.child("deprecatedTopology");
  const errors: FieldError[] = [];
  if (addresses.length === 0)
    errors.push(required(addressesPath, "must contain at least 1 address"));
  else if (addresses.length > maxAddresses)
    errors.push(tooMany(addressesPath, addresses.length, maxAddresses));
  errors.push(
    ...addresses.flatMap((address, i) =>
      validateEndpointAddress(address, addressType, addressesPath, i),
    ),
  );
  if (nodeName !== undefined) errors.push(...checkDnsSubdomain(nodeName, path.child("nodeName")));
  const labels = Object.keys(topology);
  if (labels.length > maxTopologyLabels)
    errors.push(tooMany(topologyPath, labels.length, maxTopologyLabels));
  errors.push(...validateLabels(topology, topologyPath));
  if (topology["kubernetes.io/hostname"] !== undefined && nodeName !== undefined)
    errors.push(
      forbidden(
        topologyPath.key("kubernetes.io/hostname"),
        "may not be specified when `nodeName` is specified",
      ),
    );
  if (hostname !== undefined) errors.push(...checkDnsLabel(hostname, path.child("hostname")));
  if (endpoint.hints) errors.push(...validateHints(endpoint.hints, path.child("hints")));
  return errors;
}

function validateEndpointAddress(
  address: string,
  addressType: string,
  path: FieldPath,
  i: number,
): FieldError[] {
  const at = path.index(i);
  if (addressType === "FQDN") return validateFullyQualifiedDomainName(address, at);
  if (addressType !== "IPv4" && addressType !== "IPv6") return [];
  const errors = validateAddress(address, at);
  if (errors.length > 0) return errors;
  const isOther = isIpv6(address) !== (addressType === "IPv6");
  return [
    ...(isOther ? [invalid(path, address, `must be an ${addressType} address`)] : []),
    ...validateNonSpecialAddress(address, at),
  ];
}

function validateHints({ forZones = [] }: EndpointHints, path: FieldPath): FieldError[] {
  const at = path.child("forZones");
  if (forZones.length > maxHints) return [tooMany(at, forZones.length, maxHints)];
  const names = new Set<string>();
  return each(forZones, at, ({ name = "" }, zonePath) => {
    const errors = names.has(name) ? [duplicate(zonePath.child("name"), name)] : [];
    names.add(name);
    return [...errors, ...validateLabelName(name, zonePath.child("name"))];
  });
}

function validatePorts(ports: readonly DiscoveryV1EndpointPort[], path: FieldPath): FieldError[] {
  if (ports.length > maxPorts) return [tooMany(path, ports.length, maxPorts)];
  const names = new Set<string>();
  return each(ports, path, ({ name = "", protocol, appProtocol }, at) => {
    const errors = name ? checkDnsLabel(name, at.child("name")) : [];
    if (names.has(name)) errors.push(duplicate(at.child("name"), name));
    names.add(name);
    if (protocol === undefined) errors.push(required(at.child("protocol")));
    else errors.push(...checkChoice(protocol, protocols, at.child("protocol")));
    if (appProtocol !== undefined)
      errors.push(...checkQualifiedName(appProtocol, at.child("appProtocol")));
    return errors;
  });
}
