// What all Kubernetes objects have in common.
import type { ObjectMeta, OwnerReference } from "./types.ts";

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** Names an object within its kind. `namespace` is "" for cluster-scoped kinds. */
export interface ObjectKey {
  readonly namespace: string;
  readonly name: string;
}

/** Names an object among all kinds: what a trace event, a link or a tree item points at. */
export interface ObjectRef extends ObjectKey {
  readonly kind: string;
  readonly uid?: string;
}

export interface GroupVersionKind {
  /** "" for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export function gvk(group: string, version: string, kind: string): GroupVersionKind {
  return { group, version, kind };
}

/** "v1", "apps/v1": the text of `apiVersion`. */
export function apiVersionOf({ group, version }: { group: string; version: string }): string {
  return group === "" ? version : `${group}/${version}`;
}

export function keyOf(object: { readonly metadata: ObjectMeta }): ObjectKey {
  return { namespace: object.metadata.namespace ?? "", name: object.metadata.name };
}

/** "namespace/name", or "name" alone for cluster-scoped objects: client-go's cache key. */
export function keyText({ namespace, name }: ObjectKey): string {
  return namespace === "" ? name : `${namespace}/${name}`;
}

/** The inverse of `keyText`. */
export function parseKey(text: string): ObjectKey {
  const slash = text.indexOf("/");
  return slash < 0
    ? { namespace: "", name: text }
    : { namespace: text.slice(0, slash), name: text.slice(slash + 1) };
}

export function refOf(object: KubeObject): ObjectRef {
  const { uid } = object.metadata;
  return { kind: object.kind, ...keyOf(object), ...(uid === undefined ? {} : { uid }) };
}

/** The owner that manages the object, if any. Source: metav1.GetControllerOf. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller);
}

/** An owner reference by which `owner` manages the object that carries it. Source: metav1.NewControllerRef. */
export function controllerRef(owner: KubeObject): OwnerReference {
  const { apiVersion, kind, metadata } = owner;
  const uid = metadata.uid ?? "";
  return { apiVersion, kind, name: metadata.name, uid, controller: true, blockOwnerDeletion: true };
}
