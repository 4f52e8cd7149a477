// A cluster that lives in a worker of the editor, or of another window: it can end without being asked to.
import type { Event } from "../base/emitter.ts";
import type { Cluster, Simulator } from "./cluster.ts";

export type StopReason =
  /** Another process has the cluster open, and lets nobody in. */
  | { readonly type: "inUse" }
  /** The window that ran the cluster is gone. */
  | { readonly type: "left" }
  /** Somebody put another cluster in its place: it can be opened at once. */
  | { readonly type: "replaced" }
  /** The engine crashed; `message` is its error. */
  | { readonly type: "crashed"; readonly message: string }
  /** The engine did not answer for a while, e.g. in an endless loop, and was ended. */
  | { readonly type: "unresponsive" };

export interface EmbeddedCluster extends Cluster {
  readonly simulator: Simulator;
  /** False if another window runs it. */
  readonly isOwn: boolean;
  /** Fires once, when the engine ends without being asked to. */
  readonly onDidStop: Event<StopReason>;
  /** Fires if a damaged store was set aside and an empty one took its place. */
  readonly onDidSetAside: Event<{ readonly path: string; readonly reason: string }>;
  /** Stops the engine once everything is stored; if another window runs it, only leaves it. */
  close(): Promise<void>;
}
