// Selectors of nodes, in affinity and in volumes. Source: pkg/apis/core/validation
// ValidateNodeSelector, kubernetes v1.34.
import { type FieldError, forbidden, invalid, required } from "../../../fieldError.ts";
import type { FieldPath } from "../../../fieldPath.ts";
import type { NodeSelector, NodeSelectorRequirement, NodeSelectorTerm } from "../../../types.ts";
import { check, each } from "../../../validation/fields.ts";
import { validateLabelName } from "../../../validation/labels.ts";
import { dnsSubdomain, labelValueRule } from "../../../validation/texts.ts";

export function validateNodeSelector(selector: NodeSelector, path: FieldPath): FieldError[] {
  const at = path.child("nodeSelectorTerms");
  const terms = selector.nodeSelectorTerms ?? [];
  return terms.length === 0
    ? [required(at, "must have at least one node selector term")]
    : each(terms, at, (term, termPath) => validateNodeSelectorTerm(term, termPath));
}

/** Values of mere preferences are not checked: they do no harm. */
export function validateNodeSelectorTerm(
  { matchExpressions, matchFields }: NodeSelectorTerm,
  path: FieldPath,
  checksValues = true,
): FieldError[] {
  return [
    ...each(matchExpressions, path.child("matchExpressions"), (requirement, at) =>
      validateRequirement(requirement, at, checksValues),
    ),
    ...each(matchFields, path.child("matchFields"), validateFieldRequirement),
  ];
}

function validateRequirement(
  { key = "", operator, values = [] }: NodeSelectorRequirement,
  path: FieldPath,
  checksValues: boolean,
): FieldError[] {
  return [
    ...validateOperator(operator, values, path),
    ...validateLabelName(key, path.child("key")),
    ...(checksValues
      ? each(values, path.child("values"), (value, at) => check(labelValueRule, value, at))
      : []),
  ];
}

function validateOperator(
  operator: string | undefined,
  values: readonly string[],
  path: FieldPath,
): FieldError[] {
  const at = path.child("values");
  switch (operator) {
    case "In":
    case "NotIn":
      return values.length === 0
        ? [required(at, "must be specified when `operator` is 'In' or 'NotIn'")]
        : [];
    case "Exists":
    case "DoesNotExist":
      return values.length > 0
        ? [forbidden(at, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")]
        : [];
    case "Gt":
    case "Lt":
      return values.length === 1
        ? []
        : [required(at, "must be specified single value when `operator` is 'Lt' or 'Gt'")];
    default:
      return [invalid(path.child("operator"), operator ?? "", "not a valid selector operator")];
  }
}

/** A node has one field that one may select by: its name. */
function validateFieldRequirement(
  { key = "", operator, values = [] }: NodeSelectorRequirement,
  path: FieldPath,
): FieldError[] {
  const at = path.child("values");
  const errors: FieldError[] = [];
  if (operator !== "In" && operator !== "NotIn")
    errors.push(invalid(path.child("operator"), operator ?? "", "not a valid selector operator"));
  else if (values.length !== 1)
    errors.push(
      required(
        at,
        "must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
      ),
    );
  if (key !== "metadata.name")
    errors.push(invalid(path.child("key"), key, "not a valid field selector key"));
  else
    errors.push(...each(values, at, (value, valuePath) => check(dnsSubdomain, value, valuePath)));
  return errors;
}
