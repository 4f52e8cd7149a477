// Nodes. Source: pkg/apis/core/validation ValidateNode, kubernetes v1.34. Errors about taints name
// metadata, where taints once were.
import { dequal } from "dequal";
import type { Draft } from "../../../base/draft.ts";
import { duplicate, type FieldError, forbidden, invalid, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { Node, Taint } from "../../types.ts";
import { isDualStack, validateRange } from "../../validation/addresses.ts";
import { each, sortedEntries } from "../../validation/fields.ts";
import { goShape, goValue } from "../../validation/goShape.ts";
import { validateLabelName } from "../../validation/labels.ts";
import { checkResourceQuantity } from "../../validation/quantities.ts";
import { labelValueRule } from "../../validation/texts.ts";
import { validateTaintEffect } from "../pod/validation/scheduling.ts";

const taintsPath = FieldPath.of("metadata", "taints");
const cidrsPath = FieldPath.of("spec", "podCIDRs");

/** The one range of older clients counts before the list of ranges. */
export function setNodeDefaults({ spec }: Draft<Node>): void {
  if (!spec?.podCIDR) return;
  if (spec.podCIDRs?.[0] !== spec.podCIDR) spec.podCIDRs = [spec.podCIDR];
}

export function validateNode(node: Node): FieldError[] {
  return [
    ...validateTaints(node.spec?.taints),
    ...validateAmounts(node),
    ...validatePodCidrs(node.spec?.podCIDRs ?? []),
  ];
}

export function validateNodeUpdate(node: Node, old: Node): FieldError[] {
  return [
    ...validateAmounts(node),
    ...validateAddresses(node),
    ...validateOnceSet(node, old),
    ...validateTaints(node.spec?.taints),
  ];
}

const taintShape = goShape(
  ["Key", "key", ""],
  ["Value", "value", ""],
  ["Effect", "effect", ""],
  ["TimeAdded", "timeAdded", null],
);

function validateTaints(taints: readonly Taint[] | undefined): FieldError[] {
  const seen = new Set<string>();
  return each(taints, taintsPath, (taint, at) => {
    const { key = "", value = "", effect } = taint;
    const errors = validateLabelName(key, at.child("key"));
    const words = labelValueRule(value);
    if (words.length > 0) errors.push(invalid(at.child("value"), value, words.join(";")));
    errors.push(
      ...(effect
        ? validateTaintEffect(effect, at.child("effect"))
        : [required(at.child("effect"))]),
    );
    const pair = `${effect ?? ""}/${key}`;
    if (seen.has(pair)) {
      const error = duplicate(at, goValue(taint, taintShape));
      const detail = `${error.detail}: taints must be unique by key and effect pair`;
      errors.push({ ...error, detail });
    }
    seen.add(pair);
    return errors;
  });
}

function validateAmounts({ status }: Node): FieldError[] {
  return (["capacity", "allocatable"] as const).flatMap((field) =>
    sortedEntries(status?.[field]).flatMap(([name, quantity]) =>
      checkResourceQuantity(name, quantity, FieldPath.of("status", field, name)),
    ),
  );
}

function validatePodCidrs(cidrs: readonly string[]): FieldError[] {
  const errors = each(cidrs, cidrsPath, validateRange);
  if (cidrs.length < 2) return errors;
  if (!isDualStack(cidrs.map((cidr) => cidr.split("/")[0] ?? "")) || cidrs.length > 2)
    errors.push(invalid(cidrsPath, cidrs, "may specify no more than one CIDR for each IP family"));
  return [
    ...errors,
    ...each(cidrs, cidrsPath, (cidr, at, i) =>
      cidrs.indexOf(cidr) < i ? [duplicate(at, cidr)] : [],
    ),
  ];
}

function validateAddresses({ status }: Node): FieldError[] {
  const addresses = status?.addresses ?? [];
  return each(addresses, FieldPath.of("status", "addresses"), (address, at, i) =>
    addresses.slice(0, i).some((earlier) => dequal(earlier, address))
      ? [duplicate(at, { Type: address.type, Address: address.address })]
      : [],
  );
}

/** What the control plane assigns once stays. */
function validateOnceSet({ spec = {} }: Node, { spec: old = {} }: Node): FieldError[] {
  const errors: FieldError[] = [];
  if (old.podCIDRs?.length && !dequal(old.podCIDRs, spec.podCIDRs))
    errors.push(
      forbidden(cidrsPath, 'node updates may not change podCIDR except from "" to valid'),
    );
  if (old.providerID && old.providerID !== spec.providerID)
    errors.push(
      forbidden(
        FieldPath.of("spec", "providerID"),
        'node updates may not change providerID except from "" to valid',
      ),
    );
  if ((old.externalID ?? "") !== (spec.externalID ?? ""))
    errors.push(forbidden(FieldPath.of("spec", "externalID"), "may not be updated"));
  return errors;
}
