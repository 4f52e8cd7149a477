// garbage-collector-controller: deletes what nobody owns any more, and holds or frees owners that
// are deleted in the foreground or without their dependents.
// Source: pkg/controller/garbagecollector/garbagecollector.go, kubernetes v1.34.
import { isCollectable, type Kind } from "../../../api/kind.ts";
import type { KubeObject, ObjectKey } from "../../../api/object.ts";
import type { RequestOptions } from "../../../api/request.ts";
import { hasReason } from "../../../api/status.ts";
import type { OwnerReference } from "../../../api/types.ts";
import type { Disposable } from "../../../base/disposable.ts";
import { second } from "../../../base/time.ts";
import {
  type Controller,
  type ControllerContext,
  type ControllerFactory,
  type RetryAfter,
  type Trigger,
  trigger,
} from "../controller.ts";
import { periodicKey } from "../controllerManager.ts";
import {
  dropReferences,
  find,
  isWaiting,
  keyFor,
  policyOf,
  removeFinalizer,
  unblockOwners,
} from "./operations.ts";
import { type GraphNode, type Identity, OwnerGraph } from "./ownerGraph.ts";

/** How often the controller looks which kinds are served. Source: the period of GarbageCollector.Sync. */
const syncPeriodMs = 30 * second;

/** Events come and go by themselves. */
const ignored = new Set(["events", "events.events.k8s.io"]);

/** @param kinds all kinds whose objects own or are owned, as they are served at the time */
export function garbageCollector(kinds: Iterable<Kind>): ControllerFactory {
  return () => new GarbageCollector(kinds);
}

class GarbageCollector implements Controller {
  readonly name = "garbage-collector-controller";
  readonly account = "generic-garbage-collector";
  readonly triggers: readonly Trigger[] = [];
  readonly periodMs = syncPeriodMs;
  private readonly graph = new OwnerGraph();
  /** What is listened to, by the kind that it is about. */
  private readonly monitors = new Map<Kind, Disposable>();

  constructor(private readonly kinds: Iterable<Kind>) {}

  reconcile({ name }: ObjectKey, context: ControllerContext): RetryAfter | undefined {
    if (name === periodicKey.name) {
      this.syncMonitors(context);
      return undefined;
    }
    const node = this.graph.get(uidOf(name));
    if (!node) return undefined;
    if (node.orphansDependents) {
      this.orphanDependents(node, context);
      return undefined;
    }
    if (node.isBeingDeleted && !node.deletesDependents) return undefined;
    const kind = this.kindOf(node.identity);
    if (!kind) return { retryAfterMs: syncPeriodMs };
    const latest = find(context, kind, node.identity);
    if (!latest) {
      this.noteAbsent(node, context);
      return undefined;
    }
    if (node.deletesDependents) this.deleteDependents(node, kind, context);
    else if (latest.metadata.ownerReferences?.length) this.collect(node, kind, latest, context);
    return node.isObserved ? undefined : { retryAfterMs: second };
  }

  private syncMonitors(context: ControllerContext): void {
    const served = new Set(this.collectable());
    for (const [kind, monitor] of this.monitors)
      if (!served.has(kind)) {
        monitor.dispose();
        this.monitors.delete(kind);
      }
    for (const kind of served) {
      if (this.monitors.has(kind)) continue;
      const take = trigger(kind, (change) => this.keys(this.graph.take(change)));
      this.monitors.set(kind, context.listen(take));
    }
  }

  private collectable(): readonly Kind[] {
    return [...this.kinds].filter((kind) => isCollectable(kind) && !ignored.has(kind.resource));
  }

  /** Deletes the object unless one of its owners lives; a living one frees it of all others. */
  private collect(
    node: GraphNode,
    kind: Kind,
    latest: KubeObject,
    context: ControllerContext,
  ): void {
    const owners = this.classify(node, latest.metadata.ownerReferences ?? [], context);
    if (!owners) return;
    const { solid, dangling, waiting } = owners;
    if (solid.length > 0) {
      dropReferences(context, kind, node.identity, [...dangling, ...waiting]);
      return;
    }
    const isForeground = waiting.length > 0 && node.dependents.size > 0;
    if (isForeground && this.mayBeInCircle(node)) unblockOwners(context, kind, node, latest);
    this.delete(node, kind, isForeground ? "Foreground" : policyOf(latest), context);
  }

  private delete(
    node: GraphNode,
    kind: Kind,
    propagationPolicy: NonNullable<RequestOptions["propagationPolicy"]>,
    context: ControllerContext,
  ): void {
    const { uid } = node.identity;
    try {
      context.client.delete(kind, keyFor(node.identity), {
        propagationPolicy,
        preconditions: { uid },
      });
    } catch (error) {
      if (!hasReason(error, "NotFound")) throw error;
      this.noteAbsent(node, context);
    }
  }

  /** Goes on once no dependent blocks it; until then the dependents are the next to look at. */
  private deleteDependents(node: GraphNode, kind: Kind, context: ControllerContext): void {
    const blocking = [...node.dependents].filter((uid) => this.blocks(uid, node));
    if (blocking.length === 0) {
      removeFinalizer(context, kind, node.identity, "foregroundDeletion");
      return;
    }
    const idle = blocking.filter((uid) => !this.graph.get(uid)?.deletesDependents);
    for (const key of this.keys(idle)) context.enqueue(key);
  }

  private orphanDependents(node: GraphNode, context: ControllerContext): void {
    for (const uid of node.dependents) {
      const dependent = this.graph.get(uid);
      const kind = dependent && this.kindOf(dependent.identity);
      if (!kind) continue;
      try {
        dropReferences(context, kind, dependent.identity, [node.identity]);
      } catch (error) {
        if (!hasReason(error, "NotFound")) throw error;
      }
    }
    const kind = this.kindOf(node.identity);
    if (kind) removeFinalizer(context, kind, node.identity, "orphan");
  }

  /** @returns undefined if nothing can be said: a namespaced owner of a cluster-scoped object */
  private classify(
    node: GraphNode,
    references: readonly OwnerReference[],
    context: ControllerContext,
  ): Owners | undefined {
    const owners = { solid: [], dangling: [], waiting: [] } as Record<
      keyof Owners,
      OwnerReference[]
    >;
    for (const reference of references) {
      const kind = this.kindOf(reference);
      if (kind?.namespaced && node.identity.namespace === "") return undefined;
      const namespace = kind?.namespaced ? node.identity.namespace : "";
      // A reference to a kind that nobody knows holds its dependent.
      const owner = kind ? find(context, kind, { ...reference, namespace }) : undefined;
      if (kind && !owner) {
        this.reportWrongNamespace(node, reference, context);
        owners.dangling.push(reference);
      } else if (owner && isWaiting(owner)) owners.waiting.push(reference);
      else owners.solid.push(reference);
    }
    return owners;
  }

  private reportWrongNamespace(
    node: GraphNode,
    reference: OwnerReference,
    { events }: ControllerContext,
  ): void {
    const owner = this.graph.get(reference.uid)?.identity;
    const { apiVersion, kind, namespace, name, uid } = node.identity;
    if (!owner?.namespace || owner.namespace === namespace) return;
    events.record(
      { apiVersion, kind, metadata: { namespace, name, uid } },
      "Warning",
      "OwnerRefInvalidNamespace",
      `ownerRef ${identityText({ ...reference, namespace })} does not exist in namespace ${JSON.stringify(namespace)}`,
    );
  }

  /** A dependent that waits for its own dependents may wait for this very object. */
  private mayBeInCircle({ dependents }: GraphNode): boolean {
    return [...dependents].some((uid) => this.graph.get(uid)?.deletesDependents);
  }

  private blocks(dependent: string, owner: GraphNode): boolean {
    const { owners = [] } = this.graph.get(dependent) ?? {};
    return owners.some((ref) => ref.uid === owner.identity.uid && ref.blockOwnerDeletion);
  }

  private noteAbsent({ identity }: GraphNode, context: ControllerContext): void {
    for (const key of this.keys(this.graph.noteAbsent(identity.uid))) context.enqueue(key);
  }

  private kindOf({ apiVersion, kind }: Pick<Identity, "apiVersion" | "kind">): Kind | undefined {
    for (const known of this.kinds)
      if (known.gvk.kind === kind && known.apiVersion === apiVersion) return known;
    return undefined;
  }

  private keys(uids: readonly string[]): readonly ObjectKey[] {
    return uids.flatMap((uid) => {
      const node = this.graph.get(uid);
      return node ? [workKey(node.identity)] : [];
    });
  }
}

interface Owners {
  readonly solid: readonly OwnerReference[];
  readonly dangling: readonly OwnerReference[];
  /** They are being deleted in the foreground. */
  readonly waiting: readonly OwnerReference[];
}

/** Objects of all kinds share one queue: the key names kind and uid beside the name. */
function workKey({ kind, namespace, name, uid }: Identity): ObjectKey {
  return { namespace, name: `${kind}/${name}/${uid}` };
}

function uidOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

function identityText({ apiVersion, kind, namespace, name, uid }: Identity): string {
  return `[${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}]`;
}
