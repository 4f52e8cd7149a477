// Forgets old revisions every five minutes, as kube-apiserver tells etcd to, but keeps the history that
// time travel promises. Source: apiserver pkg/storage/etcd3/compact.go, 1.34.
import { DisposableStore } from "../../base/disposable.ts";
import { type Instant, minute } from "../../base/time.ts";
import type { Clock } from "../clock.ts";
import { historyMs, historyRevisions } from "../limits.ts";
import type { Revision } from "../store/entry.ts";
import { EtcdError } from "../store/etcdError.ts";
import type { Store } from "../store/store.ts";

/** Source: --etcd-compaction-interval. */
const compactionPeriodMs = 5 * minute;
/** Several API servers agree by this key on who compacts. */
const compactRevKey = "compact_rev_key";

interface Mark {
  readonly at: Instant;
  readonly revision: Revision;
}

export class Compactor extends DisposableStore {
  private marks: Mark[] = [];
  /** Bytes of values that were superseded since the last look. */
  private superseded = 0;

  /**
   * Keeps what was written in the last `historyMs` or the last `historyRevisions`, whichever is more, as
   * far as it fits in `historyBytes`.
   */
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly historyBytes: number,
  ) {
    super();
    this.add(clock.every(compactionPeriodMs, "compact etcd", () => this.compact()));
    this.add(
      store.watch("", store.revision, ({ previous }) => {
        this.superseded += previous?.size ?? 0;
        if (this.superseded > historyBytes / 2) this.compactSoon();
      }),
    );
  }

  /** Not within the write that takes the last place. */
  private compactSoon(): void {
    this.superseded = 0;
    this.clock.after(0, "compact etcd, whose history is too large", () => {
      if (!this.isDisposed) this.compact();
    });
  }

  private compact(): void {
    const { store } = this;
    const target = Math.max(this.oldestPromised(), store.oldestWithin(this.historyBytes / 2));
    try {
      this.claim(target);
      if (target > store.compactRevision) store.compact(target);
    } catch (error) {
      // Without a majority nothing is forgotten; the next round tries again.
      if (!(error instanceof EtcdError)) throw error;
    }
  }

  /** The revision before which nothing was promised to be kept; 0 if everything was. */
  private oldestPromised(): Revision {
    const now = this.clock.now();
    this.marks.push({ at: now, revision: this.store.revision });
    const old = this.marks.filter(({ at }) => at <= now - historyMs).at(-1);
    if (!old) return 0;
    this.marks = this.marks.filter(({ at }) => at >= old.at);
    return Math.min(old.revision, this.store.revision - historyRevisions);
  }

  /** The key's version counts the rounds; who finds it changed leaves the round to another. */
  private claim(revision: Revision): void {
    const version = this.store.get(compactRevKey)?.version ?? 0;
    this.store.txn({
      compare: [{ key: compactRevKey, target: "version", relation: "=", wanted: version }],
      success: [{ type: "put", key: compactRevKey, value: String(Math.max(0, revision)) }],
    });
  }
}
