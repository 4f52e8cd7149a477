// What the store keeps, and what it tells of a change: etcd's mvccpb.KeyValue and Event.
import type { Instant } from "../../base/time.ts";
import type { LeaseId } from "./leases.ts";

/** Grows by one with every transaction that writes. */
export type Revision = number;

/** A key's state at some revision. */
export interface Entry<Value = unknown> {
  readonly key: string;
  readonly value: Value;
  readonly createRevision: Revision;
  readonly modRevision: Revision;
  /** Writes since the key was created; 1 for the first. */
  readonly version: number;
  /** The lease whose end deletes the key. */
  readonly lease?: LeaseId;
  /** About the length of the value as JSON. */
  readonly size: number;
}

export interface StoreEvent<Value = unknown> {
  readonly type: "put" | "delete";
  /** All events of one transaction have the same. */
  readonly revision: Revision;
  /** When it was written, on the cluster's clock. */
  readonly at: Instant;
  readonly key: string;
  /** Absent for a delete. */
  readonly entry?: Entry<Value>;
  /** What the key held before; absent if it was created. */
  readonly previous?: Entry<Value>;
}
