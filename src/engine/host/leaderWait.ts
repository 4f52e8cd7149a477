// A request that comes while etcd elects a leader waits for it, as it does in etcd. The engine itself
// cannot wait: its components try again.
import type { ApiRequest } from "../../api/request.ts";
import { type Disposable, DisposableStore } from "../../base/disposable.ts";
import { type Millis, second } from "../../base/time.ts";
import type { Clock } from "../clock.ts";
import { type EtcdCluster, electionTimeoutMs } from "../etcd/etcdCluster.ts";
import type { WallClock } from "./pacer.ts";

/** Source: etcd server/config/config.go ReqTimeout. */
const patienceMs: Millis = 5 * second + 2 * electionTimeoutMs;

export interface LeaderWaitWorld {
  readonly etcd: EtcdCluster;
  readonly clock: Clock;
  /** While the cluster's time stands still, nobody is elected. */
  readonly wall: Pick<WallClock, "later">;
}

export class LeaderWait {
  constructor(private readonly world: LeaderWaitWorld) {}

  /** Resolves at once unless the request needs a leader that is about to be there. */
  async wait({ verb, options = {} }: ApiRequest): Promise<void> {
    const isCached = (verb === "get" || verb === "list") && options.resourceVersion;
    const { etcd, clock, wall } = this.world;
    if (isCached || !etcd.isElecting) return;
    const owned = new DisposableStore();
    await new Promise<void>((resolve) => {
      owned.add(etcd.onElected(() => resolve()));
      owned.add(clock.after(patienceMs, "a request has waited for a leader in vain", resolve));
      owned.add(asDisposable(wall.later(patienceMs, resolve)));
    });
    owned.dispose();
  }
}

function asDisposable(timer: { cancel(): void }): Disposable {
  return { dispose: () => timer.cancel() };
}
