// RBAC: a request is allowed if some role that is bound to its user says so.
// Source: plugin/pkg/auth/authorizer/rbac/rbac.go, 1.34.
import { type Authorizer, isResourceRequest } from "../../authorizer.ts";
import { ruleAllows } from "./policyRule.ts";
import type { RuleResolver } from "./ruleResolver.ts";

export function rbacAuthorizer(resolver: RuleResolver): Authorizer {
  return {
    authorize(user, attributes) {
      const namespace = isResourceRequest(attributes) ? attributes.namespace : "";
      const all = resolver.grantsOf(user, namespace);
      for (const { grants } of all)
        for (const { rule, source } of grants)
          if (ruleAllows(rule, attributes))
            return { allowed: true, reason: `RBAC: allowed by ${source}` };
      return { allowed: false, reason: failure(all.flatMap(({ errors }) => errors)) };
    },
    rulesFor(user, namespace) {
      const all = resolver.grantsOf(user, namespace);
      const rules = all.flatMap(({ grants }) => grants.map(({ rule }) => rule));
      const errors = all.flatMap((each) => each.errors);
      return {
        resourceRules: rules.filter(({ resources = [] }) => resources.length > 0),
        nonResourceRules: rules.filter(({ nonResourceURLs = [] }) => nonResourceURLs.length > 0),
        incomplete: false,
        errors: errors.length === 0 ? [] : [aggregate(errors)],
      };
    },
  };
}

function failure(errors: readonly string[]): string {
  return errors.length === 0 ? "" : `RBAC: ${aggregate(errors)}`;
}

/** Several errors as one text. Source: apimachinery pkg/util/errors Aggregate, 1.34. */
function aggregate(errors: readonly string[]): string {
  const texts = [...new Set(errors)];
  return texts.length === 1 ? (texts[0] ?? "") : `[${texts.join(", ")}]`;
}
