// What a node has to do with: its Pods, and all that they need to run. Asked at each read of a kubelet,
// so the Pods are kept by node. Source: plugin/pkg/auth/authorizer/node/graph.go, 1.34.

import type { Kind } from "../../../../api/kind.ts";
import { volumeSecrets } from "../../../../api/kinds/persistentVolume/secretNames.ts";
import { PersistentVolume } from "../../../../api/kinds/persistentVolume.ts";
import { PersistentVolumeClaim } from "../../../../api/kinds/persistentVolumeClaim.ts";
import { Pod as PodKind } from "../../../../api/kinds/pod/kind.ts";
import {
  podClaimNames,
  podConfigMapNames,
  podSecretNames,
} from "../../../../api/kinds/pod/references.ts";
import { mirrorPod } from "../../../../api/kinds/pod/validation/annotations.ts";
import { VolumeAttachment } from "../../../../api/kinds/volumeAttachment.ts";
import type { KubeObject, ObjectKey } from "../../../../api/object.ts";
import type { Pod, PersistentVolume as Volume } from "../../../../api/types.ts";
import type { StoreEvent } from "../../../store/entry.ts";
import type { Store } from "../../../store/store.ts";
import { storageKey, storagePrefix } from "../../storageKeys.ts";

/** Kinds that a node may see if a Pod of it names them, and how a Pod does. */
const named: Readonly<Record<string, (pod: Pod) => readonly string[]>> = {
  configmaps: podConfigMapNames,
  persistentvolumeclaims: podClaimNames,
  resourceclaims: ({ status }) =>
    (status?.resourceClaimStatuses ?? []).flatMap(({ resourceClaimName: name }) => name ?? []),
  secrets: podSecretNames,
  serviceaccounts: ({ spec }) => (spec.serviceAccountName ? [spec.serviceAccountName] : []),
};

export class NodeRelations {
  /** Node → storage key → Pod. */
  private readonly podsOf = new Map<string, Map<string, Pod>>();

  constructor(private readonly store: Store) {
    const prefix = storagePrefix(PodKind);
    for (const { key, value } of store.range<Pod>(prefix).entries) this.put(key, value);
    store.watch(prefix, store.revision, (event) => this.take(event as StoreEvent<Pod>));
  }

  /** Whether the object is of `node`, or a Pod there is, or needs, it. */
  relates(node: string, resource: string, key: ObjectKey): boolean {
    if (resource === "volumeattachments")
      return this.find(VolumeAttachment, key)?.spec.nodeName === node;
    if (resource === "persistentvolumes")
      return this.usesVolume(node, this.find(PersistentVolume, key));
    return (
      this.isNamed(node, resource, key) || (resource === "secrets" && this.mountsWith(node, key))
    );
  }

  private isNamed(node: string, resource: string, { namespace, name }: ObjectKey): boolean {
    for (const pod of this.podsOf.get(node)?.values() ?? []) {
      if (pod.metadata.namespace !== namespace) continue;
      if (resource === "pods" && pod.metadata.name === name) return true;
      // A mirror Pod was made by the node itself: naming objects in it must not open them.
      if (pod.metadata.annotations?.[mirrorPod] !== undefined) continue;
      if (named[resource]?.(pod).includes(name)) return true;
    }
    return false;
  }

  private usesVolume(node: string, volume: Volume | undefined): boolean {
    const { namespace = "", name = "" } = volume?.spec?.claimRef ?? {};
    return name !== "" && this.isNamed(node, "persistentvolumeclaims", { namespace, name });
  }

  /** Whether a volume of one of the node's Pods is mounted with the Secret. */
  private mountsWith(node: string, { namespace, name }: ObjectKey): boolean {
    return [...this.volumesOf(node)]
      .flatMap(volumeSecrets)
      .some((secret) => secret.namespace === namespace && secret.name === name);
  }

  private *volumesOf(node: string): Iterable<Volume> {
    for (const pod of this.podsOf.get(node)?.values() ?? [])
      for (const name of podClaimNames(pod)) {
        const namespace = pod.metadata.namespace ?? "";
        const claim = this.find(PersistentVolumeClaim, { namespace, name });
        const key = { namespace: "", name: claim?.spec?.volumeName ?? "" };
        const volume = this.find(PersistentVolume, key);
        if (volume && this.usesVolume(node, volume)) yield volume;
      }
  }

  private find<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): T | undefined {
    return this.store.get<T>(storageKey(kind, key))?.value;
  }

  private take({ key, entry, previous }: StoreEvent<Pod>): void {
    const before = previous?.value.spec.nodeName;
    if (before !== undefined && before !== entry?.value.spec.nodeName)
      this.podsOf.get(before)?.delete(key);
    if (entry) this.put(key, entry.value);
  }

  private put(key: string, pod: Pod): void {
    const node = pod.spec.nodeName;
    if (!node) return;
    const pods = this.podsOf.get(node);
    if (pods) pods.set(key, pod);
    else this.podsOf.set(node, new Map([[key, pod]]));
  }
}
