// Which fields name other objects.
import { structure } from "../api/openapi/structure.ts";
import { textIn, textOf } from "../base/yaml/yamlTree.ts";
import type { Field } from "./fields.ts";

/** The object that a field names. */
export interface ObjectReference {
  readonly kind: string;
  /** "" for kinds without one, and where the manifest leaves it to whoever applies it. */
  readonly namespace: string;
  readonly name: string;
}

/** By the struct's definition and the field: the kind of the object that is named. */
const referencing: Readonly<Record<string, string>> = {
  "core.v1.ConfigMapKeySelector.name": "ConfigMap",
  "core.v1.ConfigMapEnvSource.name": "ConfigMap",
  "core.v1.ConfigMapVolumeSource.name": "ConfigMap",
  "core.v1.ConfigMapProjection.name": "ConfigMap",
  "core.v1.SecretKeySelector.name": "Secret",
  "core.v1.SecretEnvSource.name": "Secret",
  "core.v1.SecretProjection.name": "Secret",
  "core.v1.SecretReference.name": "Secret",
  "core.v1.SecretVolumeSource.secretName": "Secret",
  "core.v1.LocalObjectReference.name": "Secret",
  "networking.v1.IngressTLS.secretName": "Secret",
  "core.v1.PodSpec.serviceAccountName": "ServiceAccount",
  "core.v1.PodSpec.priorityClassName": "PriorityClass",
  "core.v1.PodSpec.runtimeClassName": "RuntimeClass",
  "core.v1.PodSpec.nodeName": "Node",
  "core.v1.PodResourceClaim.resourceClaimName": "ResourceClaim",
  "core.v1.PodResourceClaim.resourceClaimTemplateName": "ResourceClaimTemplate",
  "core.v1.PersistentVolumeClaimVolumeSource.claimName": "PersistentVolumeClaim",
  "core.v1.PersistentVolumeClaimSpec.storageClassName": "StorageClass",
  "core.v1.PersistentVolumeClaimSpec.volumeName": "PersistentVolume",
  "core.v1.PersistentVolumeSpec.storageClassName": "StorageClass",
  "networking.v1.IngressServiceBackend.name": "Service",
  "networking.v1.IngressSpec.ingressClassName": "IngressClass",
  "admissionregistration.v1.ServiceReference.name": "Service",
  "admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec.policyName":
    "ValidatingAdmissionPolicy",
  "apiextensions.v1.ServiceReference.name": "Service",
  "apiregistration.v1.ServiceReference.name": "Service",
  "apps.v1.StatefulSetSpec.serviceName": "Service",
  "meta.v1.ObjectMeta.namespace": "Namespace",
  "admissionregistration.v1.ServiceReference.namespace": "Namespace",
  "apiextensions.v1.ServiceReference.namespace": "Namespace",
  "apiregistration.v1.ServiceReference.namespace": "Namespace",
  "core.v1.ObjectReference.namespace": "Namespace",
  "core.v1.SecretReference.namespace": "Namespace",
  "rbac.v1.Subject.namespace": "Namespace",
};

/** Structs whose `name` is that of an object of the `kind` beside it. */
const kindBeside: ReadonlySet<string> = new Set([
  "autoscaling.v1.CrossVersionObjectReference",
  "autoscaling.v2.CrossVersionObjectReference",
  "core.v1.ObjectReference",
  "core.v1.TypedLocalObjectReference",
  "core.v1.TypedObjectReference",
  "meta.v1.OwnerReference",
  "rbac.v1.RoleRef",
  "rbac.v1.Subject",
]);

const clusterScoped: ReadonlySet<string> = new Set(
  Object.entries(structure.kinds)
    .filter(([, { namespaced }]) => !namespaced)
    .map(([key]) => key.slice(key.lastIndexOf("/") + 1)),
);

/** False for kinds that are not built in: most of those are namespaced. */
export function isClusterScoped(kind: string): boolean {
  return clusterScoped.has(kind);
}

/** All kinds that some field names. */
export const referencedKinds: readonly string[] = [
  ...new Set([
    ...Object.values(referencing),
    ...["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "Role", "ClusterRole"],
  ]),
];

export function referencedKind(definition: string, field: string): string | undefined {
  return referencing[`${definition}.${field}`];
}

/** The kind of the object that the field names; undefined if it names none, or none that is an object. */
export function kindNamedBy({ owner, name, siblings }: Field): string | undefined {
  if (!owner) return undefined;
  const { definition } = owner;
  if (name !== "name" || !kindBeside.has(definition)) return referencedKind(definition, name);
  const kind = textIn(siblings, "kind");
  return definition === "rbac.v1.Subject" && kind !== "ServiceAccount" ? undefined : kind;
}

/** @param namespace of the manifest that has the field */
export function referenceOf(field: Field, namespace: string): ObjectReference | undefined {
  const kind = kindNamedBy(field);
  const name = textOf(field.node);
  if (kind === undefined || name === undefined || name === "") return undefined;
  return { kind, namespace: namespaceOf(kind, field, namespace), name };
}

function namespaceOf(kind: string, { siblings }: Field, namespace: string): string {
  return isClusterScoped(kind) ? "" : (textIn(siblings, "namespace") ?? namespace);
}
