// Admission policies.
// Source: pkg/apis/admissionregistration/validation, kubernetes v1.34.
import { duplicate, type FieldError, invalid, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import { PolicyExpressions } from "../../policies/expressionErrors.ts";
import type {
  AuditAnnotation,
  ParamKind,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicySpec,
  Validation,
  Variable,
} from "../../types.ts";
import { validateConditions } from "../../validation/conditions.ts";
import {
  checkChoice,
  checkQualifiedName,
  checkRequiredChoice,
  each,
} from "../../validation/fields.ts";
import { byteLength, dns1035Label, dnsSubdomain } from "../../validation/texts.ts";
import { validateMatchConditions } from "./matchConditions.ts";
import { validateMatchResources } from "./rules.ts";

const path = FieldPath.of("spec");
const maxAnnotations = 20;
const maxAnnotationBytes = 5 * 1024;
const reasons = ["Forbidden", "Invalid", "RequestEntityTooLarge"];

export function validateAdmissionPolicy({
  metadata,
  spec,
}: ValidatingAdmissionPolicy): FieldError[] {
  const { paramKind, matchConstraints } = spec;
  const constraintsPath = path.child("matchConstraints");
  const hasParams = paramKind !== undefined;
  const expressions = new PolicyExpressions(hasParams, spec.variables ?? []);
  return [
    ...checkRequiredChoice(spec.failurePolicy, ["Fail", "Ignore"], path.child("failurePolicy")),
    ...(paramKind ? validateParamKind(paramKind, path.child("paramKind")) : []),
    ...(matchConstraints
      ? [
          ...validateMatchResources(matchConstraints, constraintsPath),
          ...(matchConstraints.resourceRules?.length
            ? []
            : [required(constraintsPath.child("resourceRules"))]),
        ]
      : [required(constraintsPath)]),
    ...validateMatchConditions(spec.matchConditions, path.child("matchConditions"), { hasParams }),
    ...each(spec.variables, path.child("variables"), (variable, at) =>
      validateVariable(variable, expressions, at),
    ),
    ...validateRules(metadata.name, spec, expressions),
  ];
}

function validateRules(
  name: string,
  spec: ValidatingAdmissionPolicySpec,
  expressions: PolicyExpressions,
): FieldError[] {
  const { validations = [], auditAnnotations = [] } = spec;
  const annotationsPath = path.child("auditAnnotations");
  if (validations.length + auditAnnotations.length === 0)
    return [path.child("validations"), annotationsPath].map((at) =>
      required(at, "validations or auditAnnotations must contain at least one item"),
    );
  const keys = auditAnnotations.map(({ key }) => key);
  return [
    ...each(validations, path.child("validations"), (validation, at) =>
      validateValidation(validation, expressions, at),
    ),
    ...(auditAnnotations.length > maxAnnotations
      ? [
          invalid(
            annotationsPath,
            auditAnnotations.map(({ key = "", valueExpression = "" }) => ({
              Key: key,
              ValueExpression: valueExpression,
            })),
            `must not have more than ${maxAnnotations} auditAnnotations`,
          ),
        ]
      : []),
    ...each(auditAnnotations, annotationsPath, (annotation, at, i) => [
      ...validateAnnotation(name, annotation, at),
      ...annotationExpressionErrors(annotation, expressions, at),
      ...(keys.indexOf(annotation.key) < i ? [duplicate(at.child("key"), annotation.key)] : []),
    ]),
  ];
}

function validateParamKind({ apiVersion = "", kind = "" }: ParamKind, at: FieldPath): FieldError[] {
  const kindWords = dns1035Label(kind.toLowerCase());
  const kindPath = at.child("kind");
  return [
    ...validateApiVersion(apiVersion, at.child("apiVersion")),
    ...(kind === "" ? [required(kindPath)] : []),
    ...(kind !== "" && kindWords.length > 0
      ? [
          invalid(
            kindPath,
            kind,
            `may have mixed case, but should otherwise match: ${kindWords.join(",")}`,
          ),
        ]
      : []),
  ];
}

function validateApiVersion(apiVersion: string, at: FieldPath): FieldError[] {
  if (apiVersion === "") return [required(at)];
  const parts = apiVersion === "/" ? ["", ""] : apiVersion.split("/");
  if (parts.length > 2)
    return [invalid(at, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)];
  const [group = "", version = ""] = parts.length === 2 ? parts : ["", apiVersion];
  const groupWords = group === "" ? [] : dnsSubdomain(group);
  const versionWords = dns1035Label(version);
  return [
    ...(groupWords.length > 0 ? [invalid(at, group, groupWords.join(","))] : []),
    ...(version === "" ? [invalid(at, apiVersion, "version must be specified")] : []),
    ...(version !== "" && versionWords.length > 0
      ? [invalid(at, version, versionWords.join(","))]
      : []),
  ];
}

const reserved = new Set(
  "true false null in as break const continue else for function if import let loop package namespace return var void while".split(
    " ",
  ),
);

function validateVariable(
  variable: Variable,
  expressions: PolicyExpressions,
  at: FieldPath,
): FieldError[] {
  const { name = "", expression = "" } = variable;
  const isIdentifier = /^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) && !reserved.has(name);
  return [
    ...(name.trim() === "" ? [required(at.child("name"), "name is not specified")] : []),
    ...(name.trim() !== "" && !isIdentifier
      ? [invalid(at.child("name"), name, "name is not a valid CEL identifier")]
      : []),
    ...(expression.trim() === ""
      ? [required(at.child("expression"), "expression is not specified")]
      : expressions.variableErrors(variable, at.child("expression"))),
  ];
}

function validateValidation(
  validation: Validation,
  expressions: PolicyExpressions,
  at: FieldPath,
): FieldError[] {
  const { expression = "", messageExpression = "", message = "", reason } = validation;
  const isBlank = (text: string): boolean => text !== "" && text.trim() === "";
  const messagePath = at.child("message");
  return [
    ...(expression.trim() === ""
      ? [required(at.child("expression"), "expression is not specified")]
      : expressions.ruleErrors(expression, at.child("expression"))),
    ...(messageExpression.trim() === ""
      ? []
      : expressions.messageErrors(messageExpression, at.child("messageExpression"))),
    ...(isBlank(messageExpression)
      ? [
          invalid(
            at.child("messageExpression"),
            messageExpression,
            "must be non-empty if specified",
          ),
        ]
      : []),
    ...(isBlank(message)
      ? [invalid(messagePath, message, "message must be non-empty if specified")]
      : []),
    ...(/[\n\r]/.test(message.trim())
      ? [invalid(messagePath, message, "message must not contain line breaks")]
      : []),
    ...(reason === undefined ? [] : checkChoice(reason, reasons, at.child("reason"))),
  ];
}

/** The annotation's full name has the policy's before it. */
function validateAnnotation(
  policy: string,
  { key = "", valueExpression = "" }: AuditAnnotation,
  at: FieldPath,
): FieldError[] {
  const valuePath = at.child("valueExpression");
  const value = valueExpression.trim();
  return [
    ...(policy
      ? checkQualifiedName(`${policy}/${key}`, at.child("key"))
      : [invalid(at.child("key"), key, "requires metadata.name be non-empty")]),
    ...(value === "" ? [required(valuePath, "valueExpression is not specified")] : []),
    ...(byteLength(value) > maxAnnotationBytes
      ? [required(valuePath, `must not exceed ${maxAnnotationBytes} bytes in length`)]
      : []),
  ];
}

function annotationExpressionErrors(
  { valueExpression = "" }: AuditAnnotation,
  expressions: PolicyExpressions,
  at: FieldPath,
): FieldError[] {
  const text = valueExpression.trim();
  return text === "" || byteLength(text) > maxAnnotationBytes
    ? []
    : expressions.annotationErrors(text, at.child("valueExpression"));
}

export function validateAdmissionPolicyStatus({ status }: ValidatingAdmissionPolicy): FieldError[] {
  const at = FieldPath.of("status", "typeChecking", "expressionWarnings");
  return [
    ...each(status?.typeChecking?.expressionWarnings, at, ({ warning, fieldRef = "" }, item) => [
      ...(warning ? [] : [required(item.child("warning"))]),
      ...(fieldRef.trim() === "" ? [required(item.child("fieldRef"))] : []),
    ]),
    ...validateConditions(status?.conditions, FieldPath.of("status", "conditions")),
  ];
}
