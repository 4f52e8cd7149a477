// A cluster that lives in a worker of the editor: it can end without being asked to.
import type { Event } from "../base/emitter.ts";
import type { Cluster, Simulator } from "./cluster.ts";

export type StopReason =
  /** Another window has the cluster open. */
  | { readonly type: "inUse" }
  /** The engine crashed; `message` is its error. */
  | { readonly type: "crashed"; readonly message: string }
  /** The engine did not answer for a while, e.g. in an endless loop, and was ended. */
  | { readonly type: "unresponsive" };

export interface EmbeddedCluster extends Cluster {
  readonly simulator: Simulator;
  /** Fires once, when the engine ends without being asked to. */
  readonly onDidStop: Event<StopReason>;
  /** Fires if a damaged store was set aside and an empty one took its place. */
  readonly onDidSetAside: Event<{ readonly path: string; readonly reason: string }>;
  /** Stops the engine once everything is stored. */
  close(): Promise<void>;
}
