// Bindings of admission policies. Source: pkg/apis/admissionregistration/validation, 1.34.
import { duplicate, type FieldError, forbidden, invalid, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { ParamRef, ValidatingAdmissionPolicyBinding } from "../../types.ts";
import {
  check,
  checkChoice,
  checkDnsSubdomain,
  checkRequiredChoice,
  each,
} from "../../validation/fields.ts";
import { validateLabelSelector } from "../../validation/labels.ts";
import { pathSegment } from "../../validation/texts.ts";
import { validateMatchResources } from "./rules.ts";

const path = FieldPath.of("spec");
const actions = ["Audit", "Deny", "Warn"];

export function validateAdmissionPolicyBinding({
  spec,
}: ValidatingAdmissionPolicyBinding): FieldError[] {
  const { policyName, paramRef, matchResources, validationActions = [] } = spec;
  const namePath = path.child("policyName");
  return [
    ...(policyName ? checkDnsSubdomain(policyName, namePath) : [required(namePath)]),
    ...(paramRef ? validateParamRef(paramRef, path.child("paramRef")) : []),
    // The server's own spelling.
    ...(matchResources ? validateMatchResources(matchResources, path.child("matchResouces")) : []),
    ...validateActions(validationActions, path.child("validationActions")),
  ];
}

function validateParamRef(reference: ParamRef, at: FieldPath): FieldError[] {
  const { name, selector, parameterNotFoundAction: action } = reference;
  const words = "name and selector are mutually exclusive";
  const hasBoth = Boolean(name) && selector !== undefined;
  return [
    ...(name ? check(pathSegment, name, at.child("name")) : []),
    ...(hasBoth ? [forbidden(at.child("name"), words)] : []),
    ...validateLabelSelector(selector, at.child("selector")),
    ...(hasBoth ? [forbidden(at.child("selector"), words)] : []),
    ...(name || selector ? [] : [required(at, "one of name or selector must be specified")]),
    ...checkRequiredChoice(action, ["Deny", "Allow"], at.child("parameterNotFoundAction")),
  ];
}

function validateActions(asked: readonly string[], at: FieldPath): FieldError[] {
  return [
    ...each(asked, at, (action, item, i) => [
      ...checkChoice(action, actions, item),
      ...(asked.indexOf(action) < i ? [duplicate(item, action)] : []),
    ]),
    ...(asked.includes("Deny") && asked.includes("Warn")
      ? [
          invalid(
            at,
            asked,
            "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)",
          ),
        ]
      : []),
    ...(asked.length === 0 ? [required(at, "at least one validation action is required")] : []),
  ];
}
