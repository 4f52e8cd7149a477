// What etcd's members agree on: a request to the store, and what came of it.
import type { StoreRequest } from "../store/agreement.ts";
import type { Revision } from "../store/entry.ts";

export interface Proposal {
  readonly request: StoreRequest;
  readonly carryOut: (request: StoreRequest) => unknown;
  /** Set once it was carried out; every member that does so later comes to the same. */
  outcome?: Outcome;
}

type Result =
  | { readonly ok: true; readonly answer: unknown }
  | { readonly ok: false; readonly error: unknown };

export type Outcome = Result & {
  /** The store's revision afterwards. */
  readonly revision: Revision;
};

/** Runs within the member that is first to know that a majority has the proposal. */
export function carryOut(proposal: Proposal, revisionNow: () => Revision): void {
  const result = attempt(proposal);
  proposal.outcome = { ...result, revision: revisionNow() };
}

function attempt({ request, carryOut }: Proposal): Result {
  try {
    return { ok: true, answer: carryOut(request) };
  } catch (error) {
    return { ok: false, error };
  }
}
