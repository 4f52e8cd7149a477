// Fields that are structs by value in Kubernetes' Go types: they are there, empty, even when a
// manifest leaves them out ("strategy: {}"). Source: `default: {}` in kube-apiserver's OpenAPI, 1.34.

const everywhere = ["metadata"];

/** By definition: the fields beside `metadata`, which every kind has. */
const byDefinition: Readonly<Record<string, readonly string[]>> = {
  "admissionregistration.v1.MutatingWebhook": ["clientConfig"],
  "admissionregistration.v1.ValidatingAdmissionPolicy": ["spec", "status"],
  "admissionregistration.v1.ValidatingAdmissionPolicyBinding": ["spec"],
  "admissionregistration.v1.ValidatingWebhook": ["clientConfig"],
  "apiextensions.v1.CustomResourceDefinition": ["spec", "status"],
  "apiextensions.v1.CustomResourceDefinitionSpec": ["names"],
  "apiregistration.v1.APIService": ["spec", "status"],
  "apps.v1.DaemonSet": ["spec", "status"],
  "apps.v1.DaemonSetSpec": ["template", "updateStrategy"],
  "apps.v1.Deployment": ["spec", "status"],
  "apps.v1.DeploymentSpec": ["strategy", "template"],
  "apps.v1.ReplicaSet": ["spec", "status"],
  "apps.v1.ReplicaSetSpec": ["template"],
  "apps.v1.StatefulSet": ["spec", "status"],
  "apps.v1.StatefulSetSpec": ["template", "updateStrategy"],
  "autoscaling.v1.HorizontalPodAutoscaler": ["spec", "status"],
  "autoscaling.v1.HorizontalPodAutoscalerSpec": ["scaleTargetRef"],
  "autoscaling.v1.Scale": ["spec", "status"],
  "autoscaling.v2.ContainerResourceMetricSource": ["target"],
  "autoscaling.v2.ExternalMetricSource": ["metric", "target"],
  "autoscaling.v2.HorizontalPodAutoscaler": ["spec", "status"],
  "autoscaling.v2.HorizontalPodAutoscalerSpec": ["scaleTargetRef"],
  "autoscaling.v2.ObjectMetricSource": ["describedObject", "metric", "target"],
  "autoscaling.v2.PodsMetricSource": ["metric", "target"],
  "autoscaling.v2.ResourceMetricSource": ["target"],
  "batch.v1.CronJob": ["spec", "status"],
  "batch.v1.CronJobSpec": ["jobTemplate"],
  "batch.v1.Job": ["spec", "status"],
  "batch.v1.JobSpec": ["template"],
  "batch.v1.JobTemplateSpec": ["spec"],
  "certificates.v1.CertificateSigningRequest": ["spec", "status"],
  "coordination.v1.Lease": ["spec"],
  "core.v1.Binding": ["target"],
  "core.v1.Container": ["resources"],
  "core.v1.ContainerStatus": ["lastState", "state"],
  "core.v1.EphemeralContainer": ["resources"],
  "core.v1.Event": ["involvedObject", "source"],
  "core.v1.LimitRange": ["spec"],
  "core.v1.Namespace": ["spec", "status"],
  "core.v1.Node": ["spec", "status"],
  "core.v1.NodeDaemonEndpoints": ["kubeletEndpoint"],
  "core.v1.NodeStatus": ["daemonEndpoints", "nodeInfo"],
  "core.v1.PersistentVolume": ["spec", "status"],
  "core.v1.PersistentVolumeClaim": ["spec", "status"],
  "core.v1.PersistentVolumeClaimSpec": ["resources"],
  "core.v1.PersistentVolumeClaimTemplate": ["metadata", "spec"],
  "core.v1.Pod": ["spec", "status"],
  "core.v1.PodTemplate": ["template"],
  "core.v1.PodTemplateSpec": ["spec"],
  "core.v1.PreferredSchedulingTerm": ["preference"],
  "core.v1.ReplicationController": ["spec", "status"],
  "core.v1.ResourceQuota": ["spec", "status"],
  "core.v1.Service": ["spec", "status"],
  "core.v1.ServiceStatus": ["loadBalancer"],
  "core.v1.WeightedPodAffinityTerm": ["podAffinityTerm"],
  "discovery.v1.Endpoint": ["conditions"],
  "events.v1.Event": ["deprecatedSource", "regarding"],
  "flowcontrol.v1.FlowSchema": ["spec", "status"],
  "flowcontrol.v1.FlowSchemaSpec": ["priorityLevelConfiguration"],
  "flowcontrol.v1.LimitedPriorityLevelConfiguration": ["limitResponse"],
  "flowcontrol.v1.PriorityLevelConfiguration": ["spec", "status"],
  "networking.v1.HTTPIngressPath": ["backend"],
  "networking.v1.IPAddress": ["spec"],
  "networking.v1.Ingress": ["spec", "status"],
  "networking.v1.IngressClass": ["spec"],
  "networking.v1.IngressServiceBackend": ["port"],
  "networking.v1.IngressStatus": ["loadBalancer"],
  "networking.v1.NetworkPolicy": ["spec"],
  "networking.v1.NetworkPolicySpec": ["podSelector"],
  "networking.v1.ServiceCIDR": ["spec", "status"],
  "policy.v1.PodDisruptionBudget": ["spec", "status"],
  "rbac.v1.ClusterRoleBinding": ["roleRef"],
  "rbac.v1.RoleBinding": ["roleRef"],
  "resource.v1.DeviceClass": ["spec"],
  "resource.v1.ResourceClaim": ["spec", "status"],
  "resource.v1.ResourceClaimSpec": ["devices"],
  "resource.v1.ResourceClaimTemplate": ["spec"],
  "resource.v1.ResourceClaimTemplateSpec": ["spec"],
  "resource.v1.ResourceSlice": ["spec"],
  "resource.v1.ResourceSliceSpec": ["pool"],
  "storage.v1.CSIDriver": ["spec"],
  "storage.v1.CSINode": ["spec"],
  "storage.v1.VolumeAttachment": ["spec", "status"],
  "storage.v1.VolumeAttachmentSpec": ["source"],
};

const none: readonly string[] = [];

/** The struct fields of a definition ("core.v1.Pod"); `isKind` if it is a kind of its own. */
export function structFields(definition: string, isKind: boolean): readonly string[] {
  const own = byDefinition[definition] ?? none;
  return isKind ||
    definition === "core.v1.PodTemplateSpec" ||
    definition === "batch.v1.JobTemplateSpec"
    ? [...everywhere, ...own]
    : own;
}
