// Agrees every five minutes on what is forgotten, as kube-apiserver does: what was there at the round
// before. The store keeps more, the history that time travel promises.
// Source: apiserver pkg/storage/etcd3/compact.go, 1.34.
import { DisposableStore } from "../../base/disposable.ts";
import { type Instant, minute } from "../../base/time.ts";
import type { Clock } from "../clock.ts";
import { historyMs, historyRevisions } from "../limits.ts";
import type { Revision } from "../store/entry.ts";
import { EtcdError } from "../store/etcdError.ts";
import type { Store } from "../store/store.ts";
import { agreeOnCompaction } from "./compactRevision.ts";

/** Source: --etcd-compaction-interval. */
const compactionPeriodMs = 5 * minute;

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
    this.add(clock.every(compactionPeriodMs, "compact etcd", () => this.goRound()));
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

  private goRound(): void {
    const before = this.marks.at(-1)?.revision ?? 0;
    this.marks.push({ at: this.clock.now(), revision: this.store.revision });
    whileAgreed(() => agreeOnCompaction(this.store, before));
    this.compact();
  }

  private compact(): void {
    const { store } = this;
    const target = Math.max(this.oldestPromised(), store.oldestWithin(this.historyBytes / 2));
    if (target > store.compactRevision) whileAgreed(() => store.compact(target));
  }

  /** The revision before which nothing was promised to be kept; 0 if everything was. */
  private oldestPromised(): Revision {
    const horizon = this.clock.now() - historyMs;
    const old = this.marks.filter(({ at }) => at <= horizon).at(-1);
    if (!old) return 0;
    this.marks = this.marks.filter(({ at }) => at >= old.at);
    return Math.min(old.revision, this.store.revision - historyRevisions);
  }
}

/** Without a majority nothing is forgotten; the next round tries again. */
function whileAgreed(change: () => void): void {
  try {
    change();
  } catch (error) {
    if (!(error instanceof EtcdError)) throw error;
  }
}
