// Where the store's writes go so that they outlive the process.
import type { Revision, StoreEvent } from "./entry.ts";
import type { LeaseId } from "./leases.ts";

/** Keeps what the store acknowledges. Calls may be batched; the host knows when a batch is durable. */
export interface StoreBackend {
  append(event: StoreEvent): void;
  /** Forget what is older than `revision`, as `Store.compact` does. */
  compact(revision: Revision): void;
  grantLease(id: LeaseId, ttl: number): void;
  revokeLease(id: LeaseId): void;
}

/** What a backend gives back, oldest first. */
export interface StoredStates {
  /** Those up to `compactRevision` are only the last states of their keys. */
  readonly events: Iterable<StoreEvent>;
  readonly compactRevision?: Revision;
  readonly leases?: Iterable<{ readonly id: LeaseId; readonly ttl: number }>;
}
