// Several authorizers in turn: the first that allows decides. Source: apiserver
// pkg/authorization/union/union.go, 1.34.
import type { Authorizer, UserRules } from "../authorizer.ts";

export function unionAuthorizer(authorizers: readonly Authorizer[]): Authorizer {
  return {
    authorize(user, attributes) {
      const reasons: string[] = [];
      for (const authorizer of authorizers) {
        const decision = authorizer.authorize(user, attributes);
        if (decision.allowed) return decision;
        if (decision.reason !== "") reasons.push(decision.reason);
      }
      return { allowed: false, reason: reasons.join("\n") };
    },
    rulesFor: (user, namespace) =>
      merged(authorizers.map((authorizer) => authorizer.rulesFor(user, namespace))),
  };
}

function merged(all: readonly UserRules[]): UserRules {
  return {
    resourceRules: all.flatMap(({ resourceRules }) => resourceRules),
    nonResourceRules: all.flatMap(({ nonResourceRules }) => nonResourceRules),
    incomplete: all.some(({ incomplete }) => incomplete),
    errors: all.flatMap(({ errors }) => errors),
  };
}
