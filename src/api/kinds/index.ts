// The kinds that are served, in the order of discovery.
import type { Kind } from "../kind.ts";
import { ConfigMap } from "./configMap.ts";
import { ControllerRevision } from "./controllerRevision.ts";
import { CronJob } from "./cronJob.ts";
import { DaemonSet } from "./daemonSet.ts";
import { Deployment } from "./deployment.ts";
import { EndpointSlice } from "./endpointSlice.ts";
import { Event } from "./event.ts";
import { HorizontalPodAutoscalerV1 } from "./horizontalPodAutoscaler/v1.ts";
import { HorizontalPodAutoscaler } from "./horizontalPodAutoscaler.ts";
import { Ingress } from "./ingress.ts";
import { IngressClass } from "./ingressClass.ts";
import { Job } from "./job.ts";
import { Lease } from "./lease.ts";
import { Namespace } from "./namespace.ts";
import { NetworkPolicy } from "./networkPolicy.ts";
import { Node } from "./node.ts";
import { Pod } from "./pod/kind.ts";
import { PodDisruptionBudget } from "./podDisruptionBudget.ts";
import { PriorityClass } from "./priorityClass.ts";
import { ClusterRole } from "./rbac/clusterRole.ts";
import { ClusterRoleBinding } from "./rbac/clusterRoleBinding.ts";
import { Role } from "./rbac/role.ts";
import { RoleBinding } from "./rbac/roleBinding.ts";
import { ReplicaSet } from "./replicaSet.ts";
import { ReplicationController } from "./replicationController.ts";
import {
  LocalSubjectAccessReview,
  SelfSubjectAccessReview,
  SelfSubjectReview,
  SelfSubjectRulesReview,
  SubjectAccessReview,
  TokenReview,
} from "./reviews/kinds.ts";
import { Secret } from "./secret.ts";
import { Service } from "./service.ts";
import { ServiceAccount } from "./serviceAccount.ts";
import { StatefulSet } from "./statefulSet.ts";

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
  ControllerRevision,
  DaemonSet,
  Deployment,
  ReplicaSet,
  StatefulSet,
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerV1,
  CronJob,
  Job,
  IngressClass,
  Ingress,
  NetworkPolicy,
  PodDisruptionBudget,
  ClusterRoleBinding,
  ClusterRole,
  RoleBinding,
  Role,
  PriorityClass,
  Lease,
  EndpointSlice,
  SelfSubjectReview,
  TokenReview,
  LocalSubjectAccessReview,
  SelfSubjectAccessReview,
  SelfSubjectRulesReview,
  SubjectAccessReview,
];
