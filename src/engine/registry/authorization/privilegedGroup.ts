// system:masters may do everything, whatever the roles say: no mistake in them locks an
// administrator out. Source: apiserver pkg/authorization/authorizerfactory/builtin.go, 1.34.
import type { UserInfo } from "../../../api/user.ts";
import { type Authorizer, noOpinion, noRules } from "../authorizer.ts";

export const privilegedGroup: Authorizer = {
  authorize: (user) => (isPrivileged(user) ? { allowed: true, reason: "" } : noOpinion),
  rulesFor: () => noRules,
};

export function isPrivileged({ groups }: UserInfo): boolean {
  return groups.includes("system:masters");
}
