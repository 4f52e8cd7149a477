// Values that Kubernetes gives a meaning to, of fields that its schema leaves open.
import { structure } from "../../api/openapi/structure.ts";

const rbacGroup = "rbac.authorization.k8s.io";
const quotaResources = [
  "requests.cpu",
  "requests.memory",
  "limits.cpu",
  "limits.memory",
  "requests.storage",
  "pods",
  "services",
  "configmaps",
  "secrets",
  "persistentvolumeclaims",
  "count/deployments.apps",
  "count/jobs.batch",
];
const capabilities = [
  "ALL",
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_ADMIN",
  "NET_BIND_SERVICE",
  "NET_RAW",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_ADMIN",
  "SYS_CHROOT",
  "SYS_PTRACE",
  "SYS_TIME",
];

const kindEntries = Object.entries(structure.kinds);
const groups = [
  ...new Set(kindEntries.map(([key]) => (key.split("/").length === 3 ? key.split("/")[0] : ""))),
] as readonly string[];
const plurals = [...new Set(kindEntries.map(([, { plural }]) => plural))].sort();

/** By the struct's definition and the field; of a list, what its items may be. */
export const knownValues: Readonly<Record<string, readonly string[]>> = {
  "autoscaling.v1.CrossVersionObjectReference.apiVersion": ["apps/v1", "v1"],
  "autoscaling.v1.CrossVersionObjectReference.kind": ["Deployment", "ReplicaSet", "StatefulSet"],
  "autoscaling.v2.CrossVersionObjectReference.apiVersion": ["apps/v1", "v1"],
  "autoscaling.v2.CrossVersionObjectReference.kind": ["Deployment", "ReplicaSet", "StatefulSet"],
  "autoscaling.v2.MetricSpec.type": ["ContainerResource", "External", "Object", "Pods", "Resource"],
  "autoscaling.v2.MetricTarget.type": ["AverageValue", "Utilization", "Value"],
  "autoscaling.v2.ResourceMetricSource.name": ["cpu", "memory"],
  "core.v1.Capabilities.add": capabilities,
  "core.v1.Capabilities.drop": capabilities,
  "core.v1.ObjectFieldSelector.fieldPath": [
    "metadata.annotations['KEY']",
    "metadata.labels['KEY']",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.podIP",
    "status.podIPs",
  ],
  "core.v1.PodSpec.schedulerName": ["default-scheduler"],
  "core.v1.ResourceFieldSelector.resource": [
    "limits.cpu",
    "limits.memory",
    "requests.cpu",
    "requests.memory",
  ],
  "core.v1.Secret.type": [
    "Opaque",
    "bootstrap.kubernetes.io/token",
    "kubernetes.io/basic-auth",
    "kubernetes.io/dockerconfigjson",
    "kubernetes.io/service-account-token",
    "kubernetes.io/ssh-auth",
    "kubernetes.io/tls",
  ],
  "meta.v1.LabelSelectorRequirement.operator": ["DoesNotExist", "Exists", "In", "NotIn"],
  "rbac.v1.PolicyRule.apiGroups": ["*", ...groups],
  "rbac.v1.PolicyRule.resources": ["*", ...plurals, "pods/exec", "pods/log", "deployments/scale"],
  "rbac.v1.PolicyRule.verbs": [
    "*",
    "create",
    "delete",
    "deletecollection",
    "get",
    "list",
    "patch",
    "update",
    "watch",
  ],
  "rbac.v1.RoleRef.apiGroup": [rbacGroup],
  "rbac.v1.RoleRef.kind": ["ClusterRole", "Role"],
  "rbac.v1.Subject.apiGroup": [rbacGroup],
  "rbac.v1.Subject.kind": ["Group", "ServiceAccount", "User"],
};

/** Keys of maps, by the struct's definition and the field that holds the map. */
export const knownKeys: Readonly<Record<string, readonly string[]>> = {
  "core.v1.ResourceRequirements.limits": ["cpu", "memory", "ephemeral-storage"],
  "core.v1.ResourceRequirements.requests": ["cpu", "memory", "ephemeral-storage"],
  "core.v1.VolumeResourceRequirements.limits": ["storage"],
  "core.v1.VolumeResourceRequirements.requests": ["storage"],
  "core.v1.PersistentVolumeSpec.capacity": ["storage"],
  "core.v1.ResourceQuotaSpec.hard": quotaResources,
  "core.v1.LimitRangeItem.default": ["cpu", "memory"],
  "core.v1.LimitRangeItem.defaultRequest": ["cpu", "memory"],
  "core.v1.LimitRangeItem.max": ["cpu", "memory", "storage"],
  "core.v1.LimitRangeItem.min": ["cpu", "memory", "storage"],
  "meta.v1.ObjectMeta.labels": [
    "app",
    "app.kubernetes.io/component",
    "app.kubernetes.io/instance",
    "app.kubernetes.io/managed-by",
    "app.kubernetes.io/name",
    "app.kubernetes.io/part-of",
    "app.kubernetes.io/version",
  ],
};

/** Labels that every node has, or that clouds give it. */
export const nodeLabelKeys: readonly string[] = [
  "kubernetes.io/hostname",
  "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region",
  "kubernetes.io/arch",
  "kubernetes.io/os",
];

/** Taints that Kubernetes gives nodes itself. */
export const nodeTaintKeys: readonly string[] = [
  "node-role.kubernetes.io/control-plane",
  "node.kubernetes.io/not-ready",
  "node.kubernetes.io/unreachable",
  "node.kubernetes.io/unschedulable",
  "node.kubernetes.io/memory-pressure",
  "node.kubernetes.io/disk-pressure",
  "node.kubernetes.io/pid-pressure",
  "node.kubernetes.io/network-unavailable",
];
