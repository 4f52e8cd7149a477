// kube-apiserver's --authorization-mode=Node,RBAC.
// Source: pkg/kubeapiserver/authorizer/reload.go, 1.34.
import type { Store } from "../../store/store.ts";
import type { Authorizer } from "../authorizer.ts";
import { nodeAuthorizer } from "./node/nodeAuthorizer.ts";
import { NodeRelations } from "./node/nodeRelations.ts";
import { privilegedGroup } from "./privilegedGroup.ts";
import { rbacAuthorizer } from "./rbac/rbacAuthorizer.ts";
import { RuleResolver } from "./rbac/ruleResolver.ts";
import { unionAuthorizer } from "./unionAuthorizer.ts";

export interface Authorization {
  readonly authorizer: Authorizer;
  /** The rules behind it, for those who ask what a user holds. */
  readonly resolver: RuleResolver;
}

/** Follows the roles, bindings and Pods of the store. */
export function kubeAuthorization(store: Store): Authorization {
  const resolver = new RuleResolver(store);
  const authorizer = unionAuthorizer([
    privilegedGroup,
    nodeAuthorizer(new NodeRelations(store)),
    rbacAuthorizer(resolver),
  ]);
  return { authorizer, resolver };
}
