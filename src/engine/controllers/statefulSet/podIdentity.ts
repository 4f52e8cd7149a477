// Who a StatefulSet's Pod is: its name, its number, and the claims that are its own.
// Source: pkg/controller/statefulset/stateful_set_utils.go, kubernetes v1.34.

import { PersistentVolumeClaim } from "../../../api/kinds/persistentVolumeClaim.ts";
import { Pod } from "../../../api/kinds/pod/kind.ts";
import { controllerRef } from "../../../api/object.ts";
import type {
  PersistentVolumeClaim as ClaimObject,
  Pod as PodObject,
  PodTemplateSpec,
  StatefulSet,
  Volume,
} from "../../../api/types.ts";
import { ordinalOf, parentNameOf, podNameOf } from "./ordinals.ts";
import { revisionLabel } from "./podStates.ts";

const nameLabel = "statefulset.kubernetes.io/pod-name";
const indexLabel = "apps.kubernetes.io/pod-index";

/** What tells the Pods of one revision from those of another. */
export interface SetRevision {
  readonly name: string;
  readonly template: PodTemplateSpec;
}

export function newPod(set: StatefulSet, revision: SetRevision, ordinal: number): PodObject {
  const { metadata = { name: "" }, spec } = revision.template;
  const { labels, annotations, finalizers } = metadata;
  const name = podNameOf(set, ordinal);
  const pod: PodObject = {
    apiVersion: Pod.apiVersion,
    kind: Pod.gvk.kind,
    metadata: {
      name,
      generateName: `${set.metadata.name}-`,
      namespace: set.metadata.namespace ?? "",
      labels: { ...labels, [revisionLabel]: revision.name },
      ...(annotations ? { annotations } : {}),
      ...(finalizers ? { finalizers } : {}),
      ownerReferences: [controllerRef(set)],
    },
    spec: {
      ...(spec ?? { containers: [] }),
      hostname: name,
      ...(set.spec.serviceName ? { subdomain: set.spec.serviceName } : {}),
    },
  };
  return withStorage(set, withIdentity(pod));
}

/** The labels that go with the Pod's name. */
export function withIdentity(pod: PodObject): PodObject {
  const { metadata } = pod;
  const own = { [nameLabel]: metadata.name, [indexLabel]: String(ordinalOf(pod)) };
  return { ...pod, metadata: { ...metadata, labels: { ...metadata.labels, ...own } } };
}

export function identityMatches(set: StatefulSet, pod: PodObject): boolean {
  const { metadata } = pod;
  return (
    ordinalOf(pod) >= 0 &&
    parentNameOf(pod) === set.metadata.name &&
    metadata.namespace === set.metadata.namespace &&
    metadata.labels?.[nameLabel] === metadata.name
  );
}

/** Volumes of the template give way to the Pod's own claims of the same name. */
export function withStorage(set: StatefulSet, pod: PodObject): PodObject {
  const claimed = claimsOf(set, pod).map(
    ({ template, claim }): Volume => ({
      name: template,
      persistentVolumeClaim: { claimName: claim.metadata.name },
    }),
  );
  if (claimed.length === 0) return pod;
  const names = new Set(claimed.map(({ name }) => name));
  const others = (pod.spec.volumes ?? []).filter(({ name }) => !names.has(name));
  return { ...pod, spec: { ...pod.spec, volumes: [...claimed, ...others] } };
}

export function storageMatches(set: StatefulSet, pod: PodObject): boolean {
  if (ordinalOf(pod) < 0) return false;
  return claimsOf(set, pod).every(({ template, claim }) =>
    (pod.spec.volumes ?? []).some(
      ({ name, persistentVolumeClaim }) =>
        name === template && persistentVolumeClaim?.claimName === claim.metadata.name,
    ),
  );
}

/** The claims that the Pod should have, by the name of their template. */
export function claimsOf(
  { metadata, spec }: StatefulSet,
  pod: PodObject,
): readonly { readonly template: string; readonly claim: ClaimObject }[] {
  return (spec.volumeClaimTemplates ?? []).map(({ metadata: own, spec: claimSpec, status }) => {
    const template = own?.name ?? "";
    const claim: ClaimObject = {
      apiVersion: PersistentVolumeClaim.apiVersion,
      kind: PersistentVolumeClaim.gvk.kind,
      metadata: {
        ...own,
        name: `${template}-${metadata.name}-${ordinalOf(pod)}`,
        namespace: metadata.namespace ?? "",
        labels: { ...own?.labels, ...spec.selector.matchLabels },
      },
      spec: claimSpec ?? {},
      ...(status ? { status } : {}),
    };
    return { template, claim };
  });
}
