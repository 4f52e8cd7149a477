// The revision below which API servers have agreed that nothing is read any more. What is written there
// may still be kept, for time travel. Source: apiserver pkg/storage/etcd3/compact.go, kubernetes v1.34.
import type { Revision } from "../store/entry.ts";
import type { Store } from "../store/store.ts";

/** The key's value is that revision, its version counts the rounds of compaction. */
const compactRevKey = "compact_rev_key";

export function agreedCompaction(store: Store): Revision {
  return Number(store.get<string>(compactRevKey)?.value ?? 0);
}

/** Who finds the round counted by another leaves it to that one. */
export function agreeOnCompaction(store: Store, revision: Revision): void {
  const version = store.get(compactRevKey)?.version ?? 0;
  store.txn({
    compare: [{ key: compactRevKey, target: "version", relation: "=", wanted: version }],
    success: [{ type: "put", key: compactRevKey, value: String(revision) }],
  });
}
