// Who owns whom, as far as the caches know: built from the objects' own references.
// Source: pkg/controller/garbagecollector/graph_builder.go, kubernetes v1.34.
import { dequal } from "dequal";
import type { KubeObject } from "../../../api/object.ts";
import type { OwnerReference } from "../../../api/types.ts";
import type { Change } from "../../localInformer.ts";

export interface Identity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export interface GraphNode {
  readonly identity: Identity;
  /** False for an owner that is only known from references to it. */
  readonly isObserved: boolean;
  readonly owners: readonly OwnerReference[];
  readonly dependents: ReadonlySet<string>;
  readonly isBeingDeleted: boolean;
  /** It waits for the deletion of its dependents. (foreground) */
  readonly deletesDependents: boolean;
  /** It waits for its dependents to be let go. */
  readonly orphansDependents: boolean;
}

type Entry = { -readonly [Key in keyof GraphNode]: GraphNode[Key] } & {
  readonly dependents: Set<string>;
};

export class OwnerGraph {
  private readonly nodes = new Map<string, Entry>();

  get(uid: string): GraphNode | undefined {
    return this.nodes.get(uid);
  }

  /** Takes a change of the cache. @returns the uids of the objects to look at because of it */
  take({ old, now }: Change<KubeObject>): readonly string[] {
    const affected = new Set<string>();
    if (now) this.put(now, affected);
    else if (old) this.remove(old.metadata.uid ?? "", affected);
    return [...affected];
  }

  /** Takes note that an owner known from references doesn't exist. @returns uids as `take` does */
  noteAbsent(uid: string): readonly string[] {
    const affected = new Set<string>();
    this.remove(uid, affected);
    return [...affected];
  }

  private put(object: KubeObject, affected: Set<string>): void {
    const identity = identityOf(object);
    const owners = object.metadata.ownerReferences ?? [];
    const before = this.nodes.get(identity.uid);
    const node = before ?? newNode(identity, true);
    const wasWaiting = node.deletesDependents || node.orphansDependents;
    if (before && !before.isObserved) this.verifyDependents(before, identity, affected);
    this.nodes.set(identity.uid, node);
    node.identity = identity;
    node.isObserved = true;
    node.isBeingDeleted = object.metadata.deletionTimestamp !== undefined;
    node.deletesDependents = node.isBeingDeleted && hasFinalizer(object, "foregroundDeletion");
    node.orphansDependents = node.isBeingDeleted && hasFinalizer(object, "orphan");
    this.changeOwners(node, owners, affected);
    if (wasWaiting || !(node.deletesDependents || node.orphansDependents)) return;
    affected.add(identity.uid);
    if (node.deletesDependents) for (const uid of node.dependents) affected.add(uid);
  }

  private changeOwners(
    node: Entry,
    owners: readonly OwnerReference[],
    affected: Set<string>,
  ): void {
    const { uid } = node.identity;
    const kept = new Map(owners.map((owner) => [owner.uid, owner]));
    for (const before of node.owners) {
      const after = kept.get(before.uid);
      // An owner that waited for this dependent may go on.
      if (before.blockOwnerDeletion && !after?.blockOwnerDeletion && this.nodes.has(before.uid))
        affected.add(before.uid);
      if (!after) this.nodes.get(before.uid)?.dependents.delete(uid);
    }
    for (const owner of owners)
      if (!node.owners.some((known) => dequal(known, owner))) this.addOwner(node, owner, affected);
    node.owners = owners;
  }

  private addOwner(node: Entry, owner: OwnerReference, affected: Set<string>): void {
    const known = this.nodes.get(owner.uid);
    if (!known) {
      const { apiVersion, kind, name, uid } = owner;
      const { namespace } = node.identity;
      const made = newNode({ apiVersion, kind, name, uid, namespace }, false);
      made.dependents.add(node.identity.uid);
      this.nodes.set(uid, made);
      affected.add(uid);
      return;
    }
    known.dependents.add(node.identity.uid);
    if (!refersTo(node, owner, known.identity)) affected.add(node.identity.uid);
  }

  /** Dependents that know their owner under another name may refer to nothing at all. */
  private verifyDependents(before: Entry, identity: Identity, affected: Set<string>): void {
    for (const uid of before.dependents) {
      const dependent = this.nodes.get(uid);
      const reference = dependent?.owners.find((owner) => owner.uid === identity.uid);
      if (dependent && reference && !refersTo(dependent, reference, identity)) affected.add(uid);
    }
  }

  private remove(uid: string, affected: Set<string>): void {
    const node = this.nodes.get(uid);
    if (!node) return;
    this.nodes.delete(uid);
    for (const dependent of node.dependents) affected.add(dependent);
    for (const owner of node.owners) {
      const entry = this.nodes.get(owner.uid);
      entry?.dependents.delete(uid);
      if (entry?.deletesDependents) affected.add(owner.uid);
    }
  }
}

/** True if a reference names the very object: cluster-scoped owners serve all namespaces. */
function refersTo(dependent: GraphNode, reference: OwnerReference, owner: Identity): boolean {
  const isNear = owner.namespace === "" || owner.namespace === dependent.identity.namespace;
  return (
    isNear &&
    reference.kind === owner.kind &&
    reference.name === owner.name &&
    reference.apiVersion === owner.apiVersion
  );
}

function newNode(identity: Identity, isObserved: boolean): Entry {
  return {
    identity,
    isObserved,
    owners: [],
    dependents: new Set(),
    isBeingDeleted: false,
    deletesDependents: false,
    orphansDependents: false,
  };
}

function identityOf({ apiVersion, kind, metadata }: KubeObject): Identity {
  const { namespace = "", name, uid = "" } = metadata;
  return { apiVersion, kind, namespace, name, uid };
}

function hasFinalizer({ metadata }: KubeObject, name: string): boolean {
  return metadata.finalizers?.includes(name) ?? false;
}
