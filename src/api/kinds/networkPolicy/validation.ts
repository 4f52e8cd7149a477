// NetworkPolicies. Source: pkg/apis/networking/validation ValidateNetworkPolicySpec, kubernetes v1.34.
import type { Draft } from "../../../base/draft.ts";
import { type FieldError, forbidden, invalid, notSupported, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { IPBlock, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from "../../types.ts";
import { isRange, isStrictSubset, validateRange } from "../../validation/addresses.ts";
import { check, checkPortNumber, each } from "../../validation/fields.ts";
import { validateLabelSelector } from "../../validation/labels.ts";
import { rangeWarnings } from "../../validation/strictAddresses.ts";
import { portName } from "../../validation/texts.ts";

const path = FieldPath.of("spec");
const protocols = ["TCP", "UDP", "SCTP"];
const policyTypes = ["Ingress", "Egress"];

export function setNetworkPolicyDefaults({ spec }: Draft<NetworkPolicy>): void {
  if (!spec) return;
  for (const { ports } of [...(spec.ingress ?? []), ...(spec.egress ?? [])])
    for (const port of ports ?? []) port.protocol ??= "TCP";
  if ((spec.policyTypes ?? []).length === 0)
    spec.policyTypes = (spec.egress ?? []).length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
}

export function validateNetworkPolicy({ spec }: NetworkPolicy): FieldError[] {
  if (!spec) return [];
  return [
    ...validateLabelSelector(spec.podSelector, path.child("podSelector")),
    ...each(spec.ingress, path.child("ingress"), ({ ports, from }, at) => [
      ...each(ports, at.child("ports"), validatePort),
      ...each(from, at.child("from"), validatePeer),
    ]),
    ...each(spec.egress, path.child("egress"), ({ ports, to }, at) => [
      ...each(ports, at.child("ports"), validatePort),
      ...each(to, at.child("to"), validatePeer),
    ]),
    ...validateTypes(spec.policyTypes ?? [], path.child("policyTypes")),
  ];
}

function validateTypes(types: readonly string[], at: FieldPath): FieldError[] {
  if (types.length > policyTypes.length)
    return [invalid(at, types, "may not specify more than two policyTypes")];
  return each(types, at, (type, typePath) =>
    policyTypes.includes(type) ? [] : [notSupported(typePath, type, policyTypes)],
  );
}

function validatePort({ protocol, port, endPort }: NetworkPolicyPort, at: FieldPath): FieldError[] {
  const endPath = at.child("endPort");
  const errors: FieldError[] = [];
  if (protocol !== undefined && !protocols.includes(protocol))
    errors.push(notSupported(at.child("protocol"), protocol, protocols));
  if (port === undefined) {
    if (endPort !== undefined)
      errors.push(invalid(endPath, endPort, "may not be specified when `port` is not specified"));
  } else if (typeof port === "string") {
    if (endPort !== undefined)
      errors.push(invalid(endPath, endPort, "may not be specified when `port` is non-numeric"));
    errors.push(...check(portName, port, at.child("port")));
  } else {
    errors.push(...checkPortNumber(port, at.child("port")));
    if (endPort === undefined) return errors;
    if (endPort < port)
      errors.push(invalid(endPath, endPort, "must be greater than or equal to `port`"));
    errors.push(...checkPortNumber(endPort, endPath));
  }
  return errors;
}

function validatePeer(
  { podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer,
  at: FieldPath,
): FieldError[] {
  const errors = [
    ...validateLabelSelector(podSelector, at.child("podSelector")),
    ...validateLabelSelector(namespaceSelector, at.child("namespaceSelector")),
    ...(ipBlock ? validateIpBlock(ipBlock, at.child("ipBlock")) : []),
  ];
  if (!podSelector && !namespaceSelector && !ipBlock)
    errors.push(required(at, "must specify a peer"));
  else if (ipBlock && (podSelector || namespaceSelector))
    errors.push(forbidden(at, "may not specify both ipBlock and another peer"));
  return errors;
}

function validateIpBlock({ cidr, except }: IPBlock, at: FieldPath): FieldError[] {
  const cidrPath = at.child("cidr");
  if (!cidr) return [required(cidrPath)];
  if (!isRange(cidr)) return validateRange(cidr, cidrPath);
  return each(except, at.child("except"), (hole, holePath) => {
    if (!isRange(hole)) return validateRange(hole, holePath);
    return isStrictSubset(hole, cidr)
      ? []
      : [invalid(holePath, hole, "must be a strict subset of `cidr`")];
  });
}

/** Spellings of ranges that will be refused one day. Source: pkg/registry/networking/networkpolicy strategy. */
export function networkPolicyWarnings({ spec }: NetworkPolicy): readonly string[] {
  return [
    ...(spec?.ingress ?? []).flatMap(({ from }, i) =>
      peerWarnings(from, path.child("ingress").index(i).child("from")),
    ),
    ...(spec?.egress ?? []).flatMap(({ to }, i) =>
      peerWarnings(to, path.child("egress").index(i).child("to")),
    ),
  ];
}

function peerWarnings(
  peers: readonly NetworkPolicyPeer[] | undefined,
  at: FieldPath,
): readonly string[] {
  return (peers ?? []).flatMap(({ ipBlock }, i) => {
    if (!ipBlock) return [];
    const blockPath = at.index(i).child("ipBlock");
    return [
      ...rangeWarnings(ipBlock.cidr, blockPath.child("cidr")),
      ...(ipBlock.except ?? []).flatMap((hole, j) =>
        rangeWarnings(hole, blockPath.child("except").index(j)),
      ),
    ];
  });
}
