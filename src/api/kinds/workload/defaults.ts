// Defaults of the kinds that run Pods from a template. Source: pkg/apis/{apps,batch,core}/v1/defaults.go,
// kubernetes v1.34.
import type { Draft } from "../../../base/draft.ts";
import type {
  CronJob,
  DaemonSet,
  Deployment,
  Job,
  JobSpec,
  PersistentVolumeClaim,
  PodTemplateSpec,
  ReplicaSet,
  ReplicationController,
  StatefulSet,
} from "../../types.ts";
import { setPodSpecDefaults } from "../pod/defaults.ts";

const maxInt32 = 2 ** 31 - 1;

/** Sets what a template leaves out of its Pods' spec. */
export function setTemplateDefaults(template: Draft<PodTemplateSpec> | undefined): void {
  if (template?.spec) setPodSpecDefaults(template.spec);
}

export function setDeploymentDefaults({ spec }: Draft<Deployment>): void {
  spec.replicas ??= 1;
  spec.strategy ??= {};
  spec.strategy.type ||= "RollingUpdate";
  if (spec.strategy.type === "RollingUpdate") {
    spec.strategy.rollingUpdate ??= {};
    spec.strategy.rollingUpdate.maxUnavailable ??= "25%";
    spec.strategy.rollingUpdate.maxSurge ??= "25%";
  }
  spec.revisionHistoryLimit ??= 10;
  spec.progressDeadlineSeconds ??= 600;
  setTemplateDefaults(spec.template);
}

export function setReplicaSetDefaults({ spec }: Draft<ReplicaSet>): void {
  spec.replicas ??= 1;
  setTemplateDefaults(spec.template);
}

/** A controller without a selector or labels of its own takes its template's labels. */
export function setReplicationControllerDefaults({
  metadata,
  spec = {},
}: Draft<ReplicationController>): void {
  const labels = spec.template?.metadata?.labels;
  if (labels && Object.keys(labels).length > 0) {
    if (Object.keys(spec.selector ?? {}).length === 0) spec.selector = { ...labels };
    if (Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = { ...labels };
  }
  spec.replicas ??= 1;
  spec.minReadySeconds ??= 0;
  setTemplateDefaults(spec.template);
}

export function setDaemonSetDefaults({ spec }: Draft<DaemonSet>): void {
  spec.updateStrategy ??= {};
  spec.updateStrategy.type ||= "RollingUpdate";
  if (spec.updateStrategy.type === "RollingUpdate") {
    spec.updateStrategy.rollingUpdate ??= {};
    spec.updateStrategy.rollingUpdate.maxUnavailable ??= 1;
    spec.updateStrategy.rollingUpdate.maxSurge ??= 0;
  }
  spec.revisionHistoryLimit ??= 10;
  setTemplateDefaults(spec.template);
}

export function setStatefulSetDefaults({ spec }: Draft<StatefulSet>): void {
  spec.podManagementPolicy ||= "OrderedReady";
  spec.updateStrategy ??= {};
  if (!spec.updateStrategy.type) {
    spec.updateStrategy.type = "RollingUpdate";
    spec.updateStrategy.rollingUpdate ??= {};
  }
  if (spec.updateStrategy.type === "RollingUpdate" && spec.updateStrategy.rollingUpdate)
    spec.updateStrategy.rollingUpdate.partition ??= 0;
  spec.persistentVolumeClaimRetentionPolicy ??= {};
  spec.persistentVolumeClaimRetentionPolicy.whenDeleted ||= "Retain";
  spec.persistentVolumeClaimRetentionPolicy.whenScaled ||= "Retain";
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= 10;
  for (const claim of spec.volumeClaimTemplates ?? []) {
    // The conversion from the internal type names it. Source: pkg/apis/apps/v1/conversion.go.
    Object.assign(claim, { apiVersion: "v1", kind: "PersistentVolumeClaim" });
    setClaimDefaults(claim as Draft<PersistentVolumeClaim>);
  }
  setTemplateDefaults(spec.template);
}

export function setClaimDefaults(claim: Draft<PersistentVolumeClaim>): void {
  claim.status ??= {};
  claim.status.phase ||= "Pending";
  claim.spec.volumeMode ??= "Filesystem";
}

export function setJobDefaults(job: Draft<Job>): void {
  const spec = job.spec ?? { template: {} };
  if (spec.completions === undefined && spec.parallelism === undefined) {
    spec.completions = 1;
    spec.parallelism = 1;
  }
  spec.parallelism ??= 1;
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : maxInt32;
  const labels = spec.template?.metadata?.labels;
  if (
    labels &&
    Object.keys(job.metadata.labels ?? {}).length === 0 &&
    Object.keys(labels).length > 0
  )
    job.metadata.labels = { ...labels };
  spec.completionMode ??= "NonIndexed";
  spec.suspend ??= false;
  setFailurePolicyDefaults(spec);
  spec.manualSelector ??= false;
  spec.podReplacementPolicy ??= spec.podFailurePolicy ? "Failed" : "TerminatingOrFailed";
  setTemplateDefaults(spec.template);
}

function setFailurePolicyDefaults({ podFailurePolicy }: Draft<JobSpec>): void {
  for (const rule of podFailurePolicy?.rules ?? [])
    for (const pattern of rule.onPodConditions ?? []) pattern.status ||= "True";
}

/** The Job inside gets its defaults when it is created. */
export function setCronJobDefaults({ spec }: Draft<CronJob>): void {
  if (!spec) return;
  spec.concurrencyPolicy ||= "Allow";
  spec.suspend ??= false;
  spec.successfulJobsHistoryLimit ??= 3;
  spec.failedJobsHistoryLimit ??= 1;
  setTemplateDefaults(spec.jobTemplate?.spec?.template);
}
