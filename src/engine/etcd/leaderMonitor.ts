// How long etcd's watches outlive its leader: kube-apiserver asks for streams that require one, and a member
// that has missed it for three election timeouts ends them. Without a member nobody ends anything: the
// client waits for one. Source: etcd server/etcdserver/api/v3rpc/interceptor.go monitorLeader, 3.6.
import { type Disposable, DisposableStore, disposable } from "../../base/disposable.ts";
import { Emitter, type Event } from "../../base/emitter.ts";
import type { Clock } from "../clock.ts";
import { type EtcdCluster, electionTimeoutMs } from "./etcdCluster.ts";

/** Source: maxNoLeaderCnt. */
const longestAbsence = 3;

export class LeaderMonitor extends DisposableStore {
  private readonly missed = new Emitter<void>();
  private looking: Disposable | undefined;
  /** Looks in a row that found no leader. */
  private absence = 0;

  /** Fires when the watches end. */
  readonly onMissed: Event<void> = this.missed.event;

  constructor(
    private readonly cluster: EtcdCluster,
    private readonly clock: Clock,
  ) {
    super();
    this.add(cluster.onDisturbed(() => this.start()));
    this.add(disposable(() => this.stop()));
  }

  /** A cluster at rest needs nobody who looks. */
  private start(): void {
    this.looking ??= this.clock.every(electionTimeoutMs, "etcd looks for its leader", () =>
      this.look(),
    );
  }

  private stop(): void {
    this.looking?.dispose();
    this.looking = undefined;
    this.absence = 0;
  }

  private look(): void {
    this.absence = this.cluster.lacksLeader ? this.absence + 1 : 0;
    if (this.absence === longestAbsence) {
      this.stop();
      this.missed.fire();
    } else if (this.absence === 0 && this.cluster.isAtRest) this.stop();
  }
}
