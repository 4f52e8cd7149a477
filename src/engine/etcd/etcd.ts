// etcd as a whole: the store, the members that agree on its writes, and the time of its leases.
import type { EtcdStatus } from "../../api/clusterStatus.ts";
import { DisposableStore } from "../../base/disposable.ts";
import type { Random } from "../../base/random.ts";
import { type Millis, second } from "../../base/time.ts";
import type { Clock } from "../clock.ts";
import type { Revision } from "../store/entry.ts";
import { Lessor } from "../store/lessor.ts";
import { Store } from "../store/store.ts";
import type { StoreBackend, StoredStates } from "../store/storeBackend.ts";
import { EtcdCluster, type EtcdState, electionTimeoutMs } from "./etcdCluster.ts";
import { LeaderMonitor } from "./leaderMonitor.ts";

/** kubeadm's etcd tells idle watches how far they are this often. --watch-progress-notify-interval=5s. */
const progressMs: Millis = 5 * second;

/** What an etcd before this one left behind. */
export interface StoredEtcd extends StoredStates {
  readonly members?: EtcdState | undefined;
}

export interface EtcdOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly stored?: StoredEtcd | undefined;
  readonly backend?: StoreBackend | undefined;
  /** As of the store. */
  stamp?(value: unknown, revision: Revision): unknown;
}

export class Etcd extends DisposableStore {
  readonly store: Store;
  readonly cluster: EtcdCluster;
  readonly lessor: Lessor;
  readonly leaderMonitor: LeaderMonitor;

  constructor({ clock, random, stored, backend, stamp }: EtcdOptions) {
    super();
    const options = { ...(backend ? { backend } : {}), ...(stamp ? { stamp } : {}) };
    this.store = new Store(() => clock.now(), options);
    if (stored) this.store.restore(stored);
    const revision = (): Revision => this.store.revision;
    this.cluster = new EtcdCluster({ clock, random, revision, state: stored?.members });
    this.store.agreeThrough(this.cluster);
    this.lessor = this.add(new Lessor(this.store, clock));
    this.leaderMonitor = this.add(new LeaderMonitor(this.cluster, clock));
    this.add(this.cluster.onElected(() => this.lessor.promote(electionTimeoutMs)));
    this.add(
      clock.every(progressMs, "tell idle watches their progress", () =>
        this.store.reportProgress(),
      ),
    );
  }

  status(): EtcdStatus {
    const { revision, compactRevision, keyCount: keys } = this.store;
    return { revision, compactRevision, keys, members: this.cluster.status() };
  }
}
