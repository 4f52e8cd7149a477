// One rule of a role: does it allow a request?
// Source: pkg/apis/rbac/v1/evaluation_helpers.go, 1.34.
import type { PolicyRule } from "../../../../api/types.ts";
import { type AuthorizerAttributes, isResourceRequest } from "../../authorizer.ts";

const none: readonly string[] = [];

export function ruleAllows(rule: PolicyRule, attributes: AuthorizerAttributes): boolean {
  if (!includesOrAll(rule.verbs, attributes.verb)) return false;
  if (!isResourceRequest(attributes)) return urlMatches(rule, attributes.path);
  const { apiGroup, resource, subresource = "", name = "" } = attributes;
  return (
    includesOrAll(rule.apiGroups ?? none, apiGroup) &&
    resourceMatches(rule.resources ?? none, resource, subresource) &&
    nameMatches(rule.resourceNames ?? none, name)
  );
}

function includesOrAll(allowed: readonly string[], asked: string): boolean {
  return allowed.includes(asked) || allowed.includes("*");
}

/** A star allows everything, subresources too; a star before "/scale" only that of everything. */
function resourceMatches(
  allowed: readonly string[],
  resource: string,
  subresource: string,
): boolean {
  if (allowed.includes("*")) return true;
  if (subresource === "") return allowed.includes(resource);
  return allowed.includes(`${resource}/${subresource}`) || allowed.includes(`*/${subresource}`);
}

function nameMatches(allowed: readonly string[], name: string): boolean {
  return allowed.length === 0 || allowed.includes(name);
}

function urlMatches({ nonResourceURLs = none }: PolicyRule, path: string): boolean {
  return nonResourceURLs.some((allowed) => urlCovers(allowed, path));
}

/** "/api/*" covers "/api/v1"; stars count only at the end. */
export function urlCovers(allowed: string, path: string): boolean {
  return (
    allowed === path || (allowed.endsWith("*") && path.startsWith(allowed.replace(/\*+$/, "")))
  );
}
