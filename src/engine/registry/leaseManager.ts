// Leases for objects that end by themselves. One lease serves all that is written within a minute, since
// etcd pays for each. Source: apiserver pkg/storage/etcd3/lease_manager.go, 1.34.
import { type Instant, second } from "../../base/time.ts";
import type { LeaseId } from "../store/leases.ts";
import type { Store } from "../store/store.ts";

/** Source: DefaultLeaseReuseDurationSeconds, defaultLeaseMaxObjectCount. */
const longestReuseSeconds = 60;
const reuseShare = 0.05;
const mostObjects = 1_000;

export class LeaseManager {
  private lease: LeaseId | undefined;
  private expiry: Instant = 0;
  private objects = 0;

  constructor(
    private readonly store: Store,
    private readonly now: () => Instant,
  ) {}

  /**
   * A lease that ends in `ttl` seconds, or up to a twentieth later.
   * @throws EtcdError if none can be granted now
   */
  leaseFor(ttl: number): LeaseId {
    const now = this.now();
    const reuse = Math.min(Math.floor(reuseShare * ttl), longestReuseSeconds);
    const isValid = now + ttl * second < this.expiry;
    const isShortEnough = now + (ttl + reuse) * second > this.expiry;
    this.objects++;
    if (this.lease !== undefined && isValid && isShortEnough && this.objects <= mostObjects)
      return this.lease;
    const { id } = this.store.grantLease(ttl + reuse);
    this.lease = id;
    this.expiry = now + (ttl + reuse) * second;
    this.objects = 1;
    return id;
  }
}
