// What a controller of kube-controller-manager is: which objects wake it, and how it repairs one.
// The loop around it (queue, back-off, trace) is controllerManager.ts.
import type { Kind } from "../../api/kind.ts";
import type { KubeObject, ObjectKey } from "../../api/object.ts";
import type { Disposable } from "../../base/disposable.ts";
import type { Random } from "../../base/random.ts";
import type { Instant, Millis } from "../../base/time.ts";
import type { EventRecorder } from "../eventRecorder.ts";
import type { LocalClient } from "../localClient.ts";
import type { Change, Lister } from "../localInformer.ts";

/** What a reconcile may use. Caches lag the store; writes go through the client. */
export interface ControllerContext {
  readonly client: LocalClient;
  readonly events: EventRecorder;
  readonly random: Random;
  now(): Instant;
  /** The informer's cache of a kind that the controller watches. */
  cache<T extends KubeObject>(kind: Kind<T>): Lister<T>;
  /** Puts another key (or the same one) on this controller's queue, now or later. */
  enqueue(key: ObjectKey, after?: Millis): void;
  /** Adds a trigger: for kinds that are served only since the controller started. */
  listen(trigger: Trigger): Disposable;
}

/** Asks to be called again for the same key. */
export interface RetryAfter {
  readonly retryAfterMs: Millis;
}

/** The wait after the first failure, which doubles with each, and its end. */
export interface RetryLimits {
  readonly baseMs: Millis;
  readonly maxMs: Millis;
}

/** Which changes of a kind wake the controller, and for which keys of its own. */
export interface Trigger<T extends KubeObject = KubeObject> {
  readonly kind: Kind<T>;
  keys(change: Change<T>, context: ControllerContext): readonly ObjectKey[];
}

export interface Controller {
  /** kube-controller-manager's name for it, e.g. "replicaset-controller". */
  readonly name: string;
  /** The ServiceAccount in kube-system that it acts as; absent: `name`. */
  readonly account?: string;
  /** Who it acts as if that is no ServiceAccount. */
  readonly user?: string;
  /** What its Events name as their source; absent: `name`. */
  readonly eventSource?: string;
  readonly triggers: readonly Trigger[];
  /** Further kinds that it only reads. */
  readonly reads?: readonly Kind[];
  /** How long failed keys wait, if not as controllers usually do. */
  readonly retry?: RetryLimits;
  /** Called every so often with the key `{ namespace: "", name: "" }` beside the triggers. */
  readonly periodMs?: Millis;
  /**
   * Compares what is wanted with what is there and acts once. A thrown ApiError is retried with
   * exponential back-off; anything else thrown is a broken invariant.
   */
  reconcile(key: ObjectKey, context: ControllerContext): RetryAfter | undefined;
}

/** A controller that keeps state between reconciles is made anew for each start. */
export type ControllerFactory = () => Controller;

/** Types the pairs of kind and keys together; the list itself is heterogeneous. */
export function trigger<T extends KubeObject>(kind: Kind<T>, keys: Trigger<T>["keys"]): Trigger {
  return { kind, keys } as unknown as Trigger;
}
