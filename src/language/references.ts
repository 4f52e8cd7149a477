// Which fields name other objects.

/** By the struct's definition and the field: the kind of the object that is named. */
const referencing: Readonly<Record<string, string>> = {
  "core.v1.ConfigMapKeySelector.name": "ConfigMap",
  "core.v1.ConfigMapEnvSource.name": "ConfigMap",
  "core.v1.ConfigMapVolumeSource.name": "ConfigMap",
  "core.v1.ConfigMapProjection.name": "ConfigMap",
  "core.v1.SecretKeySelector.name": "Secret",
  "core.v1.SecretEnvSource.name": "Secret",
  "core.v1.SecretProjection.name": "Secret",
  "core.v1.SecretVolumeSource.secretName": "Secret",
  "core.v1.LocalObjectReference.name": "Secret",
  "networking.v1.IngressTLS.secretName": "Secret",
  "core.v1.PodSpec.serviceAccountName": "ServiceAccount",
  "core.v1.PodSpec.priorityClassName": "PriorityClass",
  "core.v1.PodSpec.runtimeClassName": "RuntimeClass",
  "core.v1.PodSpec.nodeName": "Node",
  "core.v1.PersistentVolumeClaimVolumeSource.claimName": "PersistentVolumeClaim",
  "core.v1.PersistentVolumeClaimSpec.storageClassName": "StorageClass",
  "core.v1.PersistentVolumeClaimSpec.volumeName": "PersistentVolume",
  "core.v1.PersistentVolumeSpec.storageClassName": "StorageClass",
  "networking.v1.IngressServiceBackend.name": "Service",
  "networking.v1.IngressSpec.ingressClassName": "IngressClass",
  "apps.v1.StatefulSetSpec.serviceName": "Service",
  "meta.v1.ObjectMeta.namespace": "Namespace",
};

/** All kinds that some field names. */
export const referencedKinds: readonly string[] = [...new Set(Object.values(referencing))];

export function referencedKind(definition: string, field: string): string | undefined {
  return referencing[`${definition}.${field}`];
}
