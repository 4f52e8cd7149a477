// The controllers of kube-controller-manager, in the order in which the tree shows them.
import type { Kind } from "../../api/kind.ts";
import type { CertificateAuthority } from "../certificateAuthority.ts";
import { bootstrapSigner } from "./bootstrapTokens/bootstrapSigner.ts";
import { tokenCleaner } from "./bootstrapTokens/tokenCleaner.ts";
import { certificateApproving } from "./certificates/approving.ts";
import { certificateCleaner } from "./certificates/cleaner.ts";
import { certificateSigning } from "./certificates/signing.ts";
import { clusterRoleAggregation } from "./clusterRoleAggregation.ts";
import type { ControllerFactory } from "./controller.ts";
import { cronJob } from "./cronJob/cronJob.ts";
import { daemonSet } from "./daemonSet/daemonSet.ts";
import { deployment } from "./deployment/deployment.ts";
import { disruption } from "./disruption/disruption.ts";
import { endpointSlice } from "./endpointSlice/endpointSlice.ts";
import { endpointSliceMirroring } from "./endpoints/endpointSliceMirroring.ts";
import { endpoints } from "./endpoints/endpoints.ts";
import { garbageCollector } from "./garbageCollector/garbageCollector.ts";
import { horizontalPodAutoscaler } from "./horizontalPodAutoscaler/horizontalPodAutoscaler.ts";
import { job } from "./job/job.ts";
import { namespace } from "./namespace/namespace.ts";
import { nodeIpam } from "./nodeIpam.ts";
import { nodeLifecycle } from "./nodeLifecycle/nodeLifecycle.ts";
import { localPathProvisioner } from "./persistentVolume/localPathProvisioner.ts";
import { persistentVolumeBinder } from "./persistentVolume/persistentVolumeBinder.ts";
import {
  persistentVolumeClaimProtection,
  persistentVolumeProtection,
} from "./persistentVolume/protection.ts";
import { podGarbageCollector } from "./podGarbageCollector.ts";
import { replicaSet } from "./replicaSet.ts";
import { replicationController } from "./replicationController.ts";
import { resourceQuota } from "./resourceQuota.ts";
import { rootCACertPublisher } from "./rootCACertPublisher.ts";
import { serviceAccount } from "./serviceAccount.ts";
import { serviceAccountToken, type TokenSettings } from "./serviceAccountToken.ts";
import { serviceCidrs } from "./serviceCidrs.ts";
import { serviceLoadBalancer } from "./serviceLoadBalancer.ts";
import { statefulSet } from "./statefulSet/statefulSet.ts";
import { taintEviction } from "./taintEviction.ts";
import { ttlAfterFinished } from "./ttlAfterFinished.ts";
import { validatingAdmissionPolicyStatus } from "./validatingAdmissionPolicyStatus.ts";

export interface ControllerSettings extends TokenSettings {
  /** All kinds that are served: the garbage collector and the namespace controller know no others. */
  readonly kinds: Iterable<Kind>;
  /** Whether machines join by tokens: kubeadm's --controllers=*,bootstrapsigner,tokencleaner. */
  readonly handlesTokens?: boolean;
  /** Whether there is a cloud, though a simulated one, that has load balancers. */
  readonly hasLoadBalancers?: boolean;
  /** Who signs certificates; nobody does if absent. */
  readonly authority?: CertificateAuthority;
}

export function controllers(settings: ControllerSettings): readonly ControllerFactory[] {
  return [
    deployment,
    replicaSet,
    replicationController,
    statefulSet,
    daemonSet,
    job,
    cronJob,
    ttlAfterFinished,
    horizontalPodAutoscaler(settings.kinds),
    disruption(settings.kinds),
    endpointSlice,
    endpoints,
    endpointSliceMirroring,
    persistentVolumeBinder,
    persistentVolumeClaimProtection,
    persistentVolumeProtection,
    localPathProvisioner,
    namespace(settings.kinds),
    garbageCollector(settings.kinds),
    podGarbageCollector,
    nodeLifecycle,
    taintEviction,
    nodeIpam,
    serviceCidrs,
    serviceAccount,
    serviceAccountToken(settings),
    rootCACertPublisher(settings.rootCertificate),
    certificateApproving,
    ...(settings.authority ? [certificateSigning(settings.authority)] : []),
    certificateCleaner,
    ...(settings.hasLoadBalancers ? [serviceLoadBalancer] : []),
    ...(settings.handlesTokens ? [bootstrapSigner, tokenCleaner] : []),
    clusterRoleAggregation,
    resourceQuota(settings.kinds),
    validatingAdmissionPolicyStatus(settings.kinds),
  ];
}
