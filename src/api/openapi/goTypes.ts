// Names of Kubernetes' Go types, as the server's decoding errors print them ("v1.Protocol").
// The published structure knows structs by name but not these named strings. Source: k8s.io/api, 1.34.

/** Type of a string field or of a list's elements, by definition and field. Without package: "v1.". */
const byField: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "core.v1.AppArmorProfile": { type: "AppArmorProfileType" },
  "core.v1.AzureDiskVolumeSource": {
    cachingMode: "AzureDataDiskCachingMode",
    kind: "AzureDataDiskKind",
  },
  "core.v1.Capabilities": { add: "Capability", drop: "Capability" },
  "core.v1.Container": {
    imagePullPolicy: "PullPolicy",
    restartPolicy: "ContainerRestartPolicy",
    terminationMessagePolicy: "TerminationMessagePolicy",
  },
  "core.v1.ContainerPort": { protocol: "Protocol" },
  "core.v1.ContainerResizePolicy": {
    resourceName: "ResourceName",
    restartPolicy: "ResourceResizeRestartPolicy",
  },
  "core.v1.EmptyDirVolumeSource": { medium: "StorageMedium" },
  "core.v1.EndpointPort": { protocol: "Protocol" },
  "core.v1.EphemeralContainer": {
    imagePullPolicy: "PullPolicy",
    restartPolicy: "ContainerRestartPolicy",
    terminationMessagePolicy: "TerminationMessagePolicy",
  },
  "core.v1.HTTPGetAction": { scheme: "URIScheme" },
  "core.v1.HostPathVolumeSource": { type: "HostPathType" },
  "core.v1.ImageVolumeSource": { pullPolicy: "PullPolicy" },
  "core.v1.Lifecycle": { stopSignal: "Signal" },
  "core.v1.LimitRangeItem": { type: "LimitType" },
  "core.v1.LoadBalancerIngress": { ipMode: "LoadBalancerIPMode" },
  "core.v1.NamespaceCondition": { type: "NamespaceConditionType", status: "ConditionStatus" },
  "core.v1.NamespaceSpec": { finalizers: "FinalizerName" },
  "core.v1.NamespaceStatus": { phase: "NamespacePhase" },
  "core.v1.NodeAddress": { type: "NodeAddressType" },
  "core.v1.NodeCondition": { type: "NodeConditionType", status: "ConditionStatus" },
  "core.v1.NodeSelectorRequirement": { operator: "NodeSelectorOperator" },
  "core.v1.ObjectReference": { uid: "types.UID" },
  "core.v1.PersistentVolumeClaimSpec": {
    accessModes: "PersistentVolumeAccessMode",
    volumeMode: "PersistentVolumeMode",
  },
  "core.v1.PersistentVolumeClaimStatus": {
    accessModes: "PersistentVolumeAccessMode",
    phase: "PersistentVolumeClaimPhase",
  },
  "core.v1.PersistentVolumeSpec": {
    accessModes: "PersistentVolumeAccessMode",
    persistentVolumeReclaimPolicy: "PersistentVolumeReclaimPolicy",
    volumeMode: "PersistentVolumeMode",
  },
  "core.v1.PersistentVolumeStatus": { phase: "PersistentVolumePhase" },
  "core.v1.PodCondition": { type: "PodConditionType", status: "ConditionStatus" },
  "core.v1.PodOS": { name: "OSName" },
  "core.v1.PodReadinessGate": { conditionType: "PodConditionType" },
  "core.v1.PodSecurityContext": {
    fsGroupChangePolicy: "PodFSGroupChangePolicy",
    seLinuxChangePolicy: "PodSELinuxChangePolicy",
    supplementalGroupsPolicy: "SupplementalGroupsPolicy",
  },
  "core.v1.PodSpec": {
    dnsPolicy: "DNSPolicy",
    preemptionPolicy: "PreemptionPolicy",
    restartPolicy: "RestartPolicy",
  },
  "core.v1.PodStatus": { phase: "PodPhase", qosClass: "PodQOSClass" },
  "core.v1.PortStatus": { protocol: "Protocol" },
  "core.v1.ResourceQuotaSpec": { scopes: "ResourceQuotaScope" },
  "core.v1.ScopedResourceSelectorRequirement": {
    operator: "ScopeSelectorOperator",
    scopeName: "ResourceQuotaScope",
  },
  "core.v1.SeccompProfile": { type: "SeccompProfileType" },
  "core.v1.Secret": { type: "SecretType" },
  "core.v1.SecurityContext": { procMount: "ProcMountType" },
  "core.v1.ServicePort": { protocol: "Protocol" },
  "core.v1.ServiceSpec": {
    externalTrafficPolicy: "ServiceExternalTrafficPolicy",
    internalTrafficPolicy: "ServiceInternalTrafficPolicy",
    ipFamilies: "IPFamily",
    ipFamilyPolicy: "IPFamilyPolicy",
    sessionAffinity: "ServiceAffinity",
    type: "ServiceType",
  },
  "core.v1.Taint": { effect: "TaintEffect" },
  "core.v1.Toleration": { effect: "TaintEffect", operator: "TolerationOperator" },
  "core.v1.TopologySpreadConstraint": {
    nodeAffinityPolicy: "NodeInclusionPolicy",
    nodeTaintsPolicy: "NodeInclusionPolicy",
    whenUnsatisfiable: "UnsatisfiableConstraintAction",
  },
  "core.v1.VolumeMount": {
    mountPropagation: "MountPropagationMode",
    recursiveReadOnly: "RecursiveReadOnlyMode",
  },
  "meta.v1.Condition": { status: "ConditionStatus" },
  "meta.v1.LabelSelectorRequirement": { operator: "LabelSelectorOperator" },
  "meta.v1.ManagedFieldsEntry": { operation: "ManagedFieldsOperationType" },
  "meta.v1.ObjectMeta": { uid: "types.UID" },
  "meta.v1.OwnerReference": { uid: "types.UID" },
  "admissionregistration.v1.MutatingWebhook": {
    failurePolicy: "FailurePolicyType",
    matchPolicy: "MatchPolicyType",
    reinvocationPolicy: "ReinvocationPolicyType",
    sideEffects: "SideEffectClass",
  },
  "admissionregistration.v1.RuleWithOperations": {
    operations: "OperationType",
    scope: "ScopeType",
  },
  "admissionregistration.v1.ValidatingWebhook": {
    failurePolicy: "FailurePolicyType",
    matchPolicy: "MatchPolicyType",
    sideEffects: "SideEffectClass",
  },
  "apps.v1.DaemonSetUpdateStrategy": { type: "DaemonSetUpdateStrategyType" },
  "apps.v1.DeploymentStrategy": { type: "DeploymentStrategyType" },
  "apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy": {
    whenDeleted: "PersistentVolumeClaimRetentionPolicyType",
    whenScaled: "PersistentVolumeClaimRetentionPolicyType",
  },
  "apps.v1.StatefulSetSpec": { podManagementPolicy: "PodManagementPolicyType" },
  "apps.v1.StatefulSetUpdateStrategy": { type: "StatefulSetUpdateStrategyType" },
  "autoscaling.v2.ContainerResourceMetricSource": { name: "ResourceName" },
  "autoscaling.v2.HPAScalingPolicy": { type: "v2.HPAScalingPolicyType" },
  "autoscaling.v2.HPAScalingRules": { selectPolicy: "v2.ScalingPolicySelect" },
  "autoscaling.v2.MetricSpec": { type: "v2.MetricSourceType" },
  "autoscaling.v2.MetricTarget": { type: "v2.MetricTargetType" },
  "autoscaling.v2.ResourceMetricSource": { name: "ResourceName" },
  "batch.v1.CronJobSpec": { concurrencyPolicy: "ConcurrencyPolicy" },
  "batch.v1.JobSpec": {
    completionMode: "CompletionMode",
    podReplacementPolicy: "PodReplacementPolicy",
  },
  "batch.v1.PodFailurePolicyOnExitCodesRequirement": {
    operator: "PodFailurePolicyOnExitCodesOperator",
  },
  "batch.v1.PodFailurePolicyOnPodConditionsPattern": {
    type: "PodConditionType",
    status: "ConditionStatus",
  },
  "batch.v1.PodFailurePolicyRule": { action: "PodFailurePolicyAction" },
  "certificates.v1.CertificateSigningRequestSpec": { usages: "KeyUsage" },
  "coordination.v1.LeaseSpec": { strategy: "CoordinatedLeaseStrategy" },
  "discovery.v1.EndpointPort": { protocol: "Protocol" },
  "discovery.v1.EndpointSlice": { addressType: "AddressType" },
  "networking.v1.HTTPIngressPath": { pathType: "PathType" },
  "networking.v1.IngressPortStatus": { protocol: "Protocol" },
  "networking.v1.NetworkPolicyPort": { protocol: "Protocol" },
  "networking.v1.NetworkPolicySpec": { policyTypes: "PolicyType" },
  "policy.v1.PodDisruptionBudgetSpec": {
    unhealthyPodEvictionPolicy: "UnhealthyPodEvictionPolicyType",
  },
  "scheduling.v1.PriorityClass": { preemptionPolicy: "PreemptionPolicy" },
  "storage.v1.CSIDriverSpec": {
    fsGroupPolicy: "FSGroupPolicy",
    volumeLifecycleModes: "VolumeLifecycleMode",
  },
  "storage.v1.StorageClass": {
    reclaimPolicy: "PersistentVolumeReclaimPolicy",
    volumeBindingMode: "VolumeBindingMode",
  },
};

/** The named type of a string field or of a string list's elements; "string" for plain ones. */
export function goStringType(definition: string, field: string): string {
  const name = byField[definition]?.[field];
  if (name === undefined) return "string";
  return name.includes(".") ? name : `v1.${name}`;
}

/** "core.v1.Container" → "v1.Container". */
export function goStructType(definition: string): string {
  return definition.slice(definition.indexOf(".") + 1);
}

/** "core.v1.Container" → "Container". */
export function goStructName(definition: string): string {
  return definition.slice(definition.lastIndexOf(".") + 1);
}
