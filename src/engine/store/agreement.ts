// How the members of a cluster come to the same order of requests before any of them is carried out.
import type { Revision } from "./entry.ts";
import type { LeaseId } from "./leases.ts";
import type { Txn } from "./txn.ts";

/** What changes the store, as data: it can wait in a log and be carried out by whoever reads it. */
export type StoreRequest =
  | { readonly type: "txn"; readonly txn: Txn }
  | { readonly type: "grantLease"; readonly id: LeaseId; readonly ttl: number }
  | { readonly type: "revokeLease"; readonly id: LeaseId }
  | { readonly type: "compact"; readonly revision: Revision };

export interface Agreement {
  /**
   * Has `request` carried out once a majority has it: `carryOut` runs within this call.
   * @returns what `carryOut` returned
   * @throws EtcdError without a majority; the request may still be carried out later
   */
  propose<Answer>(request: StoreRequest, carryOut: (request: StoreRequest) => Answer): Answer;
  /** @throws EtcdError if what is read now could be outdated */
  confirmRead(): void;
}
