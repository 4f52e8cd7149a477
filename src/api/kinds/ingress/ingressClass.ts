// IngressClasses. Source: pkg/apis/networking/validation ValidateIngressClass, kubernetes v1.34.
import type { Draft } from "../../../base/draft.ts";
import { type FieldError, forbidden, notSupported, required, tooLong } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { IngressClass, IngressClassParametersReference } from "../../types.ts";
import { validateDomainPrefixedPath } from "../../validation/domainName.ts";
import { check, checkImmutable } from "../../validation/fields.ts";
import { byteLength, dnsLabel } from "../../validation/texts.ts";
import { validateTypedReference } from "./reference.ts";

const path = FieldPath.of("spec");
const maxControllerBytes = 250;

export function setIngressClassDefaults({ spec }: Draft<IngressClass>): void {
  if (spec?.parameters) spec.parameters.scope ??= "Cluster";
}

export function validateIngressClass({ spec = {} }: IngressClass): FieldError[] {
  const { controller = "", parameters } = spec;
  const at = path.child("controller");
  return [
    ...(byteLength(controller) > maxControllerBytes ? [tooLong(at, maxControllerBytes)] : []),
    ...validateDomainPrefixedPath(controller, at),
    ...(parameters ? validateParameters(parameters, path.child("parameters")) : []),
  ];
}

export function validateIngressClassUpdate(
  ingressClass: IngressClass,
  old: IngressClass,
): FieldError[] {
  return [
    ...checkImmutable(
      ingressClass.spec?.controller,
      old.spec?.controller,
      path.child("controller"),
    ),
    ...validateIngressClass(ingressClass),
  ];
}

function validateParameters(
  parameters: IngressClassParametersReference,
  at: FieldPath,
): FieldError[] {
  const { scope, namespace } = parameters;
  return [...validateTypedReference(parameters, at), ...validateScope(scope, namespace, at)];
}

function validateScope(
  scope: string | undefined,
  namespace: string | undefined,
  at: FieldPath,
): FieldError[] {
  const namespacePath = at.child("namespace");
  if (scope === undefined) return [required(at.child("scope"))];
  if (scope === "Namespace")
    return namespace === undefined
      ? [required(namespacePath, "`parameters.scope` is set to 'Namespace'")]
      : check(dnsLabel, namespace, namespacePath);
  if (scope !== "Cluster")
    return [notSupported(at.child("scope"), scope, ["Cluster", "Namespace"])];
  return namespace === undefined
    ? []
    : [forbidden(namespacePath, "`parameters.scope` is set to 'Cluster'")];
}
