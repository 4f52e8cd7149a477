// FlowSchemas. Source: pkg/apis/flowcontrol/{v1/defaults.go,validation}, kubernetes v1.34.
import { dequal } from "dequal";
import type { Draft } from "../../../base/draft.ts";
import { type FieldError, invalid, notSupported, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { FlowSchema, FlowSchemaSpec, PolicyRulesWithSubjects } from "../../types.ts";
import { checkDnsSubdomain, each } from "../../validation/fields.ts";
import { validateConditionTypes } from "./conditions.ts";
import { mandatoryFlowSchemas } from "./mandatory.ts";
import { validateNonResourceRule, validateResourceRule } from "./rules.ts";
import { validateSubject } from "./subject.ts";

const path = FieldPath.of("spec");
const maxPrecedence = 10_000;
const distinguishers = ["ByNamespace", "ByUser"];

export function setFlowSchemaDefaults({ spec }: Draft<FlowSchema>): void {
  spec.matchingPrecedence ||= 1000;
}

export function validateFlowSchema({ metadata, spec, status }: FlowSchema): FieldError[] {
  const fixed = mandatoryFlowSchemas[metadata.name];
  return [
    ...validateSpec(metadata.name, spec),
    ...(fixed && !dequal(spec, fixed)
      ? [invalid(path, spec, `spec of '${metadata.name}' must equal the fixed value`)]
      : []),
    ...validateConditionTypes(status?.conditions),
  ];
}

export function validateFlowSchemaStatus({ status }: FlowSchema): FieldError[] {
  return validateConditionTypes(status?.conditions);
}

function validateSpec(name: string, spec: FlowSchemaSpec): FieldError[] {
  const { distinguisherMethod, priorityLevelConfiguration, rules } = spec;
  const levelPath = path.child("priorityLevelConfiguration", "name");
  const level = priorityLevelConfiguration?.name ?? "";
  return [
    ...validatePrecedence(name, spec.matchingPrecedence ?? 0),
    ...(distinguisherMethod && !distinguishers.includes(distinguisherMethod.type)
      ? [
          notSupported(
            path.child("distinguisherMethod", "type"),
            { Type: distinguisherMethod.type ?? "" },
            distinguishers,
          ),
        ]
      : []),
    ...(level === ""
      ? [required(levelPath, "must reference a priority level")]
      : checkDnsSubdomain(level, levelPath)),
    ...each(rules, path.child("rules"), validateRule),
  ];
}

function validatePrecedence(name: string, precedence: number): FieldError[] {
  const at = path.child("matchingPrecedence");
  const errors: FieldError[] = [];
  if (precedence <= 0) errors.push(invalid(at, precedence, "must be a positive value"));
  if (precedence > maxPrecedence)
    errors.push(invalid(at, precedence, `must not be greater than ${maxPrecedence}`));
  if (precedence === 1 && name !== "exempt")
    errors.push(
      invalid(at, precedence, "only the schema named 'exempt' may have matchingPrecedence 1"),
    );
  return errors;
}

function validateRule(rule: PolicyRulesWithSubjects, at: FieldPath): FieldError[] {
  const { subjects = [], resourceRules = [], nonResourceRules = [] } = rule;
  const subjectsPath = at.child("subjects");
  return [
    ...(subjects.length === 0
      ? [required(subjectsPath, "subjects must contain at least one value")]
      : each(subjects, subjectsPath, validateSubject)),
    ...(resourceRules.length + nonResourceRules.length === 0
      ? [required(at, "at least one of resourceRules and nonResourceRules has to be non-empty")]
      : []),
    ...each(resourceRules, at.child("resourceRules"), validateResourceRule),
    ...each(nonResourceRules, at.child("nonResourceRules"), validateNonResourceRule),
  ];
}
