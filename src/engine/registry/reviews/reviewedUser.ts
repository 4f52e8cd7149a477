// A user as authentication.k8s.io/v1 answers it.
import type { ReviewedUser } from "../../../api/reviewTypes.ts";
import type { UserInfo } from "../../../api/user.ts";

export function reviewedUser({ name, uid, groups, extra }: UserInfo): ReviewedUser {
  return {
    username: name,
    ...(uid ? { uid } : {}),
    ...(groups.length > 0 ? { groups } : {}),
    ...(extra && Object.keys(extra).length > 0 ? { extra } : {}),
  };
}
