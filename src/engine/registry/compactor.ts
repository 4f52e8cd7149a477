// Forgets old revisions every five minutes, as kube-apiserver tells etcd to, but keeps the history that
// time travel promises.
import { minute } from "../../base/time.ts";
import type { VirtualClock } from "../clock.ts";
import { historyMs, historyRevisions } from "../limits.ts";
import type { Store } from "../store/store.ts";

/** Source: apiserver pkg/storage/etcd3/compact.go, --etcd-compaction-interval 5m, 1.34. */
const compactionPeriodMs = 5 * minute;

/** What is kept: `historyMs` of cluster time or `historyRevisions`, whichever is more. */
export function compactPeriodically(store: Store, clock: VirtualClock): void {
  const marks: { readonly at: number; readonly revision: number }[] = [];
  clock.every(compactionPeriodMs, "compact etcd", () => {
    const now = clock.now();
    marks.push({ at: now, revision: store.revision });
    const old = marks.filter(({ at }) => at <= now - historyMs).at(-1);
    if (!old) return;
    const revision = Math.min(old.revision, store.revision - historyRevisions);
    if (revision > store.compactRevision) store.compact(revision);
    while ((marks[0]?.at ?? now) < old.at) marks.shift();
  });
}
