// The objects besides Nodes and Pods that decisions depend on, by key.
import { keyOf, keyText, type ObjectKey } from "../api/object.ts";
import type {
  CSIDriver,
  CSINode,
  CSIStorageCapacity,
  Namespace,
  ObjectMeta,
  PersistentVolume,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  ReplicaSet,
  ReplicationController,
  Service,
  StatefulSet,
  StorageClass,
  VolumeAttachment,
} from "../api/types.ts";

/** The kinds by plural, as resources are named. */
export interface ObjectKinds {
  namespaces: Namespace;
  services: Service;
  replicationcontrollers: ReplicationController;
  replicasets: ReplicaSet;
  statefulsets: StatefulSet;
  persistentvolumes: PersistentVolume;
  persistentvolumeclaims: PersistentVolumeClaim;
  storageclasses: StorageClass;
  csinodes: CSINode;
  csidrivers: CSIDriver;
  csistoragecapacities: CSIStorageCapacity;
  volumeattachments: VolumeAttachment;
  poddisruptionbudgets: PodDisruptionBudget;
}

/** Objects by "namespace/name", or "name" for cluster-scoped kinds. */
export type ClusterObjects = {
  readonly [Plural in keyof ObjectKinds]: ReadonlyMap<string, ObjectKinds[Plural]>;
};

export const objectPlurals: readonly (keyof ObjectKinds)[] = [
  "namespaces",
  "services",
  "replicationcontrollers",
  "replicasets",
  "statefulsets",
  "persistentvolumes",
  "persistentvolumeclaims",
  "storageclasses",
  "csinodes",
  "csidrivers",
  "csistoragecapacities",
  "volumeattachments",
  "poddisruptionbudgets",
];

interface Named {
  readonly metadata: ObjectMeta;
}

/** One kind's objects. A view that was handed out stays as it is; the next change makes a copy. */
export class ObjectTable<T extends Named> {
  private entries = new Map<string, T>();
  private isShared = false;

  set(object: T): void {
    this.own().set(keyText(keyOf(object)), object);
  }

  delete(key: ObjectKey): void {
    this.own().delete(keyText(key));
  }

  view(): ReadonlyMap<string, T> {
    this.isShared = true;
    return this.entries;
  }

  private own(): Map<string, T> {
    if (this.isShared) this.entries = new Map(this.entries);
    this.isShared = false;
    return this.entries;
  }
}

const byNamespace = new WeakMap<object, ReadonlyMap<string, readonly Named[]>>();

/** The objects of one namespace. */
export function inNamespace<T extends Named>(
  table: ReadonlyMap<string, T>,
  namespace: string,
): readonly T[] {
  let index = byNamespace.get(table);
  if (!index) {
    index = groupBy(table.values(), ({ metadata }) => metadata.namespace ?? "");
    byNamespace.set(table, index);
  }
  return (index.get(namespace) ?? []) as readonly T[];
}

export function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const members = groups.get(key);
    if (members) members.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
