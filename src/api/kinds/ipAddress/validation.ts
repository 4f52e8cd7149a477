// IPAddresses. Source: pkg/apis/networking/validation ValidateIPAddress, kubernetes v1.34.
import { type FieldError, invalid, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { IPAddress, ParentReference } from "../../types.ts";
import { check, checkDnsSubdomain, checkImmutable } from "../../validation/fields.ts";
import { goShape, goValue } from "../../validation/goShape.ts";
import { strictAddress } from "../../validation/strictAddresses.ts";
import { pathSegment, type TextRule } from "../../validation/texts.ts";

const path = FieldPath.of("spec", "parentRef");

/** The name is the address. */
export const ipAddressName: TextRule = strictAddress;

export function validateIpAddress({ spec }: IPAddress): FieldError[] {
  const parent = spec.parentRef as ParentReference | undefined;
  if (!parent) return [required(path)];
  const { group, resource, name, namespace } = parent;
  return [
    ...(group ? checkDnsSubdomain(group, path.child("group")) : []),
    ...(resource
      ? check(pathSegment, resource, path.child("resource"))
      : [required(path.child("resource"))]),
    ...(name ? check(pathSegment, name, path.child("name")) : [required(path.child("name"))]),
    ...(namespace ? check(pathSegment, namespace, path.child("namespace")) : []),
  ];
}

const parentShape = goShape(
  ["Group", "group", ""],
  ["Resource", "resource", ""],
  ["Namespace", "namespace", ""],
  ["Name", "name", ""],
);

/** An address never changes hands; it is given back and taken anew. */
export function validateIpAddressUpdate({ spec }: IPAddress, old: IPAddress): FieldError[] {
  const same = checkImmutable(spec.parentRef, old.spec.parentRef, path);
  const shown = spec.parentRef ? goValue(spec.parentRef, parentShape) : null;
  return same.length === 0 ? [] : [invalid(path, shown, "field is immutable")];
}
