// In which order objects of different kinds are made, so that what others need is there first.
// Source: helm.sh/helm pkg/releaseutil/kind_sorter.go InstallOrder, 3.17.

const order: readonly string[] = [
  "PriorityClass",
  "RuntimeClass",
  "Namespace",
  "NetworkPolicy",
  "ResourceQuota",
  "LimitRange",
  "PodDisruptionBudget",
  "ServiceAccount",
  "Secret",
  "ConfigMap",
  "StorageClass",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "CustomResourceDefinition",
  "ClusterRole",
  "ClusterRoleBinding",
  "Role",
  "RoleBinding",
  "Service",
  "DaemonSet",
  "Pod",
  "ReplicationController",
  "ReplicaSet",
  "Deployment",
  "HorizontalPodAutoscaler",
  "StatefulSet",
  "Job",
  "CronJob",
  "IngressClass",
  "Ingress",
  "APIService",
];
const places: ReadonlyMap<string, number> = new Map(order.map((kind, place) => [kind, place]));

/** What is not listed, e.g. a custom resource, comes last. */
export function applyPlace(kind: string): number {
  return places.get(kind) ?? order.length;
}
