// The kinds that are served, in the order of discovery.
import type { Kind } from "../kind.ts";
import { ConfigMap } from "./configMap.ts";
import { Deployment } from "./deployment.ts";
import { EndpointSlice } from "./endpointSlice.ts";
import { Event } from "./event.ts";
import { Lease } from "./lease.ts";
import { Namespace } from "./namespace.ts";
import { Node } from "./node.ts";
import { Pod } from "./pod/kind.ts";
import { PriorityClass } from "./priorityClass.ts";
import { ClusterRole } from "./rbac/clusterRole.ts";
import { ClusterRoleBinding } from "./rbac/clusterRoleBinding.ts";
import { Role } from "./rbac/role.ts";
import { RoleBinding } from "./rbac/roleBinding.ts";
import { ReplicaSet } from "./replicaSet.ts";
import { ReplicationController } from "./replicationController.ts";
import { Secret } from "./secret.ts";
import { Service } from "./service.ts";
import { ServiceAccount } from "./serviceAccount.ts";

export const builtInKinds: readonly Kind[] = [
  ConfigMap,
  Event,
  Namespace,
  Node,
  Pod,
  ReplicationController,
  Secret,
  Service,
  ServiceAccount,
  Deployment,
  ReplicaSet,
  Lease,
  EndpointSlice,
  ClusterRole,
  ClusterRoleBinding,
  Role,
  RoleBinding,
  PriorityClass,
];
