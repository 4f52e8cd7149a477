// The kinds that are served, in the order of discovery: by group, then by resource.
import type { Kind } from "../kind.ts";
import { APIService } from "./apiService.ts";
import { Binding } from "./binding.ts";
import { CertificateSigningRequest } from "./certificateSigningRequest.ts";
import { ComponentStatus } from "./componentStatus.ts";
import { ConfigMap } from "./configMap.ts";
import { ControllerRevision } from "./controllerRevision.ts";
import { CronJob } from "./cronJob.ts";
import { CSIDriver } from "./csiDriver.ts";
import { CSINode } from "./csiNode.ts";
import { CSIStorageCapacity } from "./csiStorageCapacity.ts";
import { CustomResourceDefinition } from "./customResourceDefinition.ts";
import { DaemonSet } from "./daemonSet.ts";
import { Deployment } from "./deployment.ts";
import { DeviceClass } from "./dynamicResources/deviceClass.ts";
import { ResourceClaim } from "./dynamicResources/resourceClaim.ts";
import { ResourceClaimTemplate } from "./dynamicResources/resourceClaimTemplate.ts";
import { ResourceSlice } from "./dynamicResources/resourceSlice.ts";
import { EndpointSlice } from "./endpointSlice.ts";
import { Endpoints } from "./endpoints.ts";
import { Event } from "./event.ts";
import { EventsEvent } from "./eventsEvent.ts";
import { FlowSchema } from "./flowSchema.ts";
import { HorizontalPodAutoscalerV1 } from "./horizontalPodAutoscaler/v1.ts";
import { HorizontalPodAutoscaler } from "./horizontalPodAutoscaler.ts";
import { Ingress } from "./ingress.ts";
import { IngressClass } from "./ingressClass.ts";
import { IPAddress } from "./ipAddress.ts";
import { Job } from "./job.ts";
import { Lease } from "./lease.ts";
import { LimitRange } from "./limitRange.ts";
import { MutatingWebhookConfiguration } from "./mutatingWebhookConfiguration.ts";
import { Namespace } from "./namespace.ts";
import { NetworkPolicy } from "./networkPolicy.ts";
import { Node } from "./node.ts";
import { PersistentVolume } from "./persistentVolume.ts";
import { PersistentVolumeClaim } from "./persistentVolumeClaim.ts";
import { Pod } from "./pod/kind.ts";
import { PodDisruptionBudget } from "./podDisruptionBudget.ts";
import { PodTemplate } from "./podTemplate.ts";
import { PriorityClass } from "./priorityClass.ts";
import { PriorityLevelConfiguration } from "./priorityLevelConfiguration.ts";
import { ClusterRole } from "./rbac/clusterRole.ts";
import { ClusterRoleBinding } from "./rbac/clusterRoleBinding.ts";
import { Role } from "./rbac/role.ts";
import { RoleBinding } from "./rbac/roleBinding.ts";
import { ReplicaSet } from "./replicaSet.ts";
import { ReplicationController } from "./replicationController.ts";
import { ResourceQuota } from "./resourceQuota.ts";
import {
  LocalSubjectAccessReview,
  SelfSubjectAccessReview,
  SelfSubjectReview,
  SelfSubjectRulesReview,
  SubjectAccessReview,
  TokenReview,
} from "./reviews/kinds.ts";
import { RuntimeClass } from "./runtimeClass.ts";
import { Secret } from "./secret.ts";
import { Service } from "./service.ts";
import { ServiceAccount } from "./serviceAccount.ts";
import { ServiceCIDR } from "./serviceCidr.ts";
import { StatefulSet } from "./statefulSet.ts";
import { StorageClass } from "./storageClass.ts";
import { ValidatingAdmissionPolicy } from "./validatingAdmissionPolicy.ts";
import { ValidatingAdmissionPolicyBinding } from "./validatingAdmissionPolicyBinding.ts";
import { ValidatingWebhookConfiguration } from "./validatingWebhookConfiguration.ts";
import { VolumeAttachment } from "./volumeAttachment.ts";
import { VolumeAttributesClass } from "./volumeAttributesClass.ts";

export const builtInKinds: readonly Kind[] = [
  Binding,
  ComponentStatus,
  ConfigMap,
  Endpoints,
  Event,
  LimitRange,
  Namespace,
  Node,
  PersistentVolumeClaim,
  PersistentVolume,
  Pod,
  PodTemplate,
  ReplicationController,
  ResourceQuota,
  Secret,
  ServiceAccount,
  Service,
  APIService,
  ControllerRevision,
  DaemonSet,
  Deployment,
  ReplicaSet,
  StatefulSet,
  EventsEvent,
  SelfSubjectReview,
  TokenReview,
  LocalSubjectAccessReview,
  SelfSubjectAccessReview,
  SelfSubjectRulesReview,
  SubjectAccessReview,
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerV1,
  CronJob,
  Job,
  CertificateSigningRequest,
  IngressClass,
  Ingress,
  IPAddress,
  NetworkPolicy,
  ServiceCIDR,
  PodDisruptionBudget,
  ClusterRoleBinding,
  ClusterRole,
  RoleBinding,
  Role,
  CSIDriver,
  CSINode,
  CSIStorageCapacity,
  StorageClass,
  VolumeAttachment,
  VolumeAttributesClass,
  MutatingWebhookConfiguration,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhookConfiguration,
  CustomResourceDefinition,
  PriorityClass,
  Lease,
  RuntimeClass,
  EndpointSlice,
  DeviceClass,
  ResourceClaim,
  ResourceClaimTemplate,
  ResourceSlice,
  FlowSchema,
  PriorityLevelConfiguration,
];
