// The authorizer as expressions may ask it. Source: apiserver pkg/cel/library/authz.go, 1.34.
import type { AccessOracle } from "../../../api/cel/library/authorizer.ts";
import { serviceAccountUserName, type UserInfo, userNamed } from "../../../api/user.ts";
import type { Authorizer } from "../authorizer.ts";

export function accessOracle(authorizer: Authorizer, user: UserInfo): AccessOracle {
  return {
    answer({ verb, path, group, resource, subresource, namespace, name, fieldSelector }) {
      if (path !== undefined) return authorizer.authorize(user, { verb, path });
      return authorizer.authorize(user, {
        verb,
        apiGroup: group,
        apiVersion: "*",
        resource,
        namespace,
        ...(subresource === "" ? {} : { subresource }),
        ...(name === "" ? {} : { name }),
        ...(fieldSelector ? { fieldSelector } : {}),
      });
    },
    forServiceAccount: (namespace, name) =>
      accessOracle(authorizer, userNamed(serviceAccountUserName(namespace, name))),
  };
}
