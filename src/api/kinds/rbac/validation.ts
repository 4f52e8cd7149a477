// Roles and their bindings. Source: pkg/apis/rbac/validation and pkg/apis/rbac/v1/defaults.go, 1.34.
import { dequal } from "dequal";
import type { Draft } from "../../../base/draft.ts";
import { type FieldError, invalid, notSupported, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  RbacV1Subject,
  Role,
  RoleBinding,
} from "../../types.ts";
import { check, checkDnsSubdomain, each } from "../../validation/fields.ts";
import { validateLabelSelector } from "../../validation/labels.ts";
import { pathSegment } from "../../validation/texts.ts";

const group = "rbac.authorization.k8s.io";

export function validateRole({ rules }: Role): FieldError[] {
  return each(rules, FieldPath.of("rules"), (rule, path) => validateRule(rule, true, path));
}

export function validateClusterRole({ rules, aggregationRule }: ClusterRole): FieldError[] {
  const at = FieldPath.of("aggregationRule", "clusterRoleSelectors");
  const selectors = aggregationRule?.clusterRoleSelectors ?? [];
  return [
    ...each(rules, FieldPath.of("rules"), (rule, path) => validateRule(rule, false, path)),
    ...(aggregationRule && selectors.length === 0
      ? [required(at, "at least one clusterRoleSelector required if aggregationRule is non-nil")]
      : []),
    ...each(selectors, at, (selector, path) => {
      const errors = validateLabelSelector(selector, path);
      return errors.length === 0
        ? []
        : [...errors, invalid(path, selector, "invalid label selector.")];
    }),
  ];
}

function validateRule(rule: PolicyRule, isNamespaced: boolean, path: FieldPath): FieldError[] {
  const { verbs = [], nonResourceURLs: urls = [], apiGroups = [] } = rule;
  const { resources = [], resourceNames = [] } = rule;
  const errors: FieldError[] = [];
  if (verbs.length === 0)
    errors.push(required(path.child("verbs"), "verbs must contain at least one value"));
  if (urls.length > 0) {
    const at = path.child("nonResourceURLs");
    if (isNamespaced)
      errors.push(invalid(at, urls, "namespaced rules cannot apply to non-resource URLs"));
    if (apiGroups.length + resources.length + resourceNames.length > 0)
      errors.push(
        invalid(at, urls, "rules cannot apply to both regular resources and non-resource URLs"),
      );
    return errors;
  }
  if (apiGroups.length === 0)
    errors.push(
      required(path.child("apiGroups"), "resource rules must supply at least one api group"),
    );
  if (resources.length === 0)
    errors.push(
      required(path.child("resources"), "resource rules must supply at least one resource"),
    );
  return errors;
}

type Binding = RoleBinding | ClusterRoleBinding;

export function setRoleBindingDefaults({ roleRef, subjects }: Draft<Binding>): void {
  if (roleRef) roleRef.apiGroup ||= group;
  for (const subject of subjects ?? [])
    if (subject.kind === "User" || subject.kind === "Group") subject.apiGroup ||= group;
}

export function validateRoleBinding(binding: RoleBinding): FieldError[] {
  return validateBinding(binding, ["Role", "ClusterRole"], true);
}

export function validateClusterRoleBinding(binding: ClusterRoleBinding): FieldError[] {
  return validateBinding(binding, ["ClusterRole"], false);
}

export function validateRoleBindingUpdate(binding: RoleBinding, old: RoleBinding): FieldError[] {
  return [...validateRoleBinding(binding), ...validateSameRole(binding, old)];
}

export function validateClusterRoleBindingUpdate(
  binding: ClusterRoleBinding,
  old: ClusterRoleBinding,
): FieldError[] {
  return [...validateClusterRoleBinding(binding), ...validateSameRole(binding, old)];
}

function validateSameRole({ roleRef }: Binding, { roleRef: old }: Binding): FieldError[] {
  const { apiGroup, kind, name } = roleRef;
  return dequal(roleRef, old)
    ? []
    : [
        invalid(
          FieldPath.of("roleRef"),
          { APIGroup: apiGroup, Kind: kind, Name: name },
          "cannot change roleRef",
        ),
      ];
}

function validateBinding(
  { roleRef, subjects }: Binding,
  kinds: readonly string[],
  isNamespaced: boolean,
): FieldError[] {
  const { apiGroup = "", kind = "", name = "" } = roleRef ?? {};
  const path = FieldPath.of("roleRef");
  return [
    ...(apiGroup === group ? [] : [notSupported(path.child("apiGroup"), apiGroup, [group])]),
    ...(kinds.includes(kind) ? [] : [notSupported(path.child("kind"), kind, kinds)]),
    ...(name ? check(pathSegment, name, path.child("name")) : [required(path.child("name"))]),
    ...each(subjects, FieldPath.of("subjects"), (subject, at) =>
      validateSubject(subject, isNamespaced, at),
    ),
  ];
}

function validateSubject(
  { kind = "", name = "", namespace, apiGroup = "" }: RbacV1Subject,
  isNamespaced: boolean,
  path: FieldPath,
): FieldError[] {
  const errors = name === "" ? [required(path.child("name"))] : [];
  const groupPath = path.child("apiGroup");
  switch (kind) {
    case "ServiceAccount":
      if (name) errors.push(...checkDnsSubdomain(name, path.child("name")));
      if (apiGroup) errors.push(notSupported(groupPath, apiGroup, [""]));
      if (!isNamespaced && !namespace) errors.push(required(path.child("namespace")));
      break;
    case "User":
    case "Group":
      if (apiGroup !== group) errors.push(notSupported(groupPath, apiGroup, [group]));
      break;
    default:
      errors.push(notSupported(path.child("kind"), kind, ["ServiceAccount", "User", "Group"]));
  }
  return errors;
}
