// Which requests a webhook or an admission policy is about.
// Source: pkg/apis/admissionregistration/validation validateRule, kubernetes v1.34.
import { duplicate, type FieldError, invalid, required } from "../../fieldError.ts";
import type { FieldPath } from "../../fieldPath.ts";
import type { MatchResources, NamedRuleWithOperations, RuleWithOperations } from "../../types.ts";
import { check, checkChoice, checkRequiredChoice, each } from "../../validation/fields.ts";
import { validateLabelSelector } from "../../validation/labels.ts";
import { pathSegment } from "../../validation/texts.ts";

const operations = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
const scopes = ["*", "Cluster", "Namespaced"];
export const matchPolicies = ["Equivalent", "Exact"];

export function validateRule(rule: RuleWithOperations, path: FieldPath): FieldError[] {
  const { apiGroups = [], apiVersions = [], scope } = rule;
  const asked = rule.operations ?? [];
  const at = path.child("operations");
  return [
    ...validateList(asked, at, "operations"),
    ...each(asked, at, (operation, item) => checkChoice(operation, operations, item)),
    ...validateList(apiGroups, path.child("apiGroups"), "API groups"),
    ...validateList(apiVersions, path.child("apiVersions"), "API versions"),
    ...each(apiVersions, path.child("apiVersions"), (version, item) =>
      version === "" ? [required(item)] : [],
    ),
    ...validateResources(rule.resources ?? [], path.child("resources")),
    ...(scope === undefined ? [] : checkChoice(scope, scopes, path.child("scope"))),
  ];
}

/** A wildcard goes with nothing else. */
function validateList(items: readonly string[], path: FieldPath, what: string): FieldError[] {
  if (items.length === 0) return [required(path)];
  return items.length > 1 && items.includes("*")
    ? [invalid(path, items, `if '*' is present, must not specify other ${what}`)]
    : [];
}

/** None of "pods", "pods/status", "pods/*", "*" and the like may say what another says already. */
function validateResources(resources: readonly string[], path: FieldPath): FieldError[] {
  const wholeResources = new Set<string>();
  const wholeSubresources = new Set<string>();
  const errors = each(resources, path, (resource, at) => {
    if (resource === "") return [required(at)];
    const slash = resource.indexOf("/");
    if (slash < 0) return [];
    const [name, subresource] = [resource.slice(0, slash), resource.slice(slash + 1)];
    const clash = (present: string): FieldError =>
      invalid(at, resource, `if '${present}' is present, must not specify ${resource}`);
    const found = [
      ...(wholeResources.has(name) ? [clash(`${name}/*`)] : []),
      ...(wholeSubresources.has(subresource) ? [clash(`*/${subresource}`)] : []),
    ];
    if (subresource === "*") wholeResources.add(name);
    if (name === "*") wholeSubresources.add(subresource);
    return found;
  });
  // The server only remembers whether the last resource without a subresource was the wildcard.
  const last = resources.filter((resource) => resource !== "" && !resource.includes("/")).at(-1);
  if (resources.length === 0) errors.unshift(required(path));
  if (resources.length > 1 && resources.includes("*/*"))
    errors.push(invalid(path, resources, "if '*/*' is present, must not specify other resources"));
  if (resources.includes("*") && last !== "*")
    errors.push(
      invalid(
        path,
        resources,
        "if '*' is present, must not specify other resources without subresources",
      ),
    );
  return errors;
}

/** Of an admission policy: rules, and selectors that must be there. */
export function validateMatchResources(match: MatchResources, path: FieldPath): FieldError[] {
  const { matchPolicy, namespaceSelector, objectSelector } = match;
  return [
    ...checkRequiredChoice(matchPolicy, matchPolicies, path.child("matchPolicy")),
    ...(namespaceSelector
      ? validateLabelSelector(namespaceSelector, path.child("namespaceSelector"))
      : [required(path.child("namespaceSelector"))]),
    ...(objectSelector
      ? validateLabelSelector(objectSelector, path.child("objectSelector"))
      : [required(path.child("objectSelector"))]),
    ...each(match.resourceRules, path.child("resourceRules"), validateNamedRule),
    ...each(match.excludeResourceRules, path.child("excludeResourceRules"), validateNamedRule),
  ];
}

function validateNamedRule(rule: NamedRuleWithOperations, path: FieldPath): FieldError[] {
  const names = rule.resourceNames ?? [];
  return [
    ...each(names, path.child("resourceNames"), (name, at, i) => [
      ...check(pathSegment, name, at),
      ...(names.indexOf(name) < i ? [duplicate(at, name)] : []),
    ]),
    ...validateRule(rule, path),
  ];
}
