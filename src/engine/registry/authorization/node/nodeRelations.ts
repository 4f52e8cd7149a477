// What a node has to do with: its Pods, and all that they need to run. Asked at each read of a kubelet,
// so the Pods are kept by node. Source: plugin/pkg/auth/authorizer/node/graph.go, 1.34.
import { Pod as PodKind } from "../../../../api/kinds/pod/kind.ts";
import {
  podClaimNames,
  podConfigMapNames,
  podSecretNames,
} from "../../../../api/kinds/pod/references.ts";
import type { ObjectKey } from "../../../../api/object.ts";
import type { Pod } from "../../../../api/types.ts";
import type { StoreEvent } from "../../../store/entry.ts";
import type { Store } from "../../../store/store.ts";
import { storagePrefix } from "../../storageKeys.ts";

const mirrorAnnotation = "kubernetes.io/config.mirror";

/** Kinds that a node may see if a Pod of it names them, and how a Pod does. */
const named: Readonly<Record<string, (pod: Pod) => readonly string[]>> = {
  configmaps: podConfigMapNames,
  persistentvolumeclaims: podClaimNames,
  secrets: podSecretNames,
  serviceaccounts: ({ spec }) => (spec.serviceAccountName ? [spec.serviceAccountName] : []),
};

export class NodeRelations {
  /** Node → storage key → Pod. */
  private readonly podsOf = new Map<string, Map<string, Pod>>();

  constructor(store: Store) {
    const prefix = storagePrefix(PodKind);
    for (const { key, value } of store.range<Pod>(prefix).entries) this.put(key, value);
    store.watch(prefix, store.revision, (event) => this.take(event as StoreEvent<Pod>));
  }

  /** Whether a Pod of `node` is, or needs, the object. */
  relates(node: string, resource: string, { namespace, name }: ObjectKey): boolean {
    for (const pod of this.podsOf.get(node)?.values() ?? []) {
      if (pod.metadata.namespace !== namespace) continue;
      if (resource === "pods" && pod.metadata.name === name) return true;
      // A mirror Pod was made by the node itself: naming objects in it must not open them.
      if (pod.metadata.annotations?.[mirrorAnnotation] !== undefined) continue;
      if (named[resource]?.(pod).includes(name)) return true;
    }
    return false;
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
