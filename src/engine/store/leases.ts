// Leases as part of the store's state: who holds which keys. When they end is the lessor's business.
import { leaseExists, leaseNotFound, leaseTtlTooLarge } from "./etcdError.ts";

/** A positive integer; etcd prints it in hexadecimal. */
export type LeaseId = number;

export interface Lease {
  readonly id: LeaseId;
  /** What was granted, in seconds. */
  readonly ttl: number;
  readonly keys: ReadonlySet<string>;
}

/** Below this no lease is granted: one and a half election timeouts. lease/lessor.go minLeaseTTL. */
const shortestTtlSeconds = 2;
/** Source: lease/lessor.go MaxLeaseTTL. */
const longestTtlSeconds = 9_000_000_000;

export class Leases {
  private readonly byId = new Map<LeaseId, { id: LeaseId; ttl: number; keys: Set<string> }>();

  /** @throws EtcdError if the id is taken or the time too long */
  grant(id: LeaseId, ttl: number): Lease {
    if (id <= 0) throw leaseNotFound();
    if (ttl > longestTtlSeconds) throw leaseTtlTooLarge();
    if (this.byId.has(id)) throw leaseExists();
    const lease = { id, ttl: Math.max(shortestTtlSeconds, ttl), keys: new Set<string>() };
    this.byId.set(id, lease);
    return lease;
  }

  get(id: LeaseId): Lease | undefined {
    return this.byId.get(id);
  }

  /** @throws EtcdError if there is no such lease */
  check(id: LeaseId | undefined): void {
    if (id !== undefined && !this.byId.has(id)) throw leaseNotFound();
  }

  /** Oldest first. */
  list(): readonly Lease[] {
    return [...this.byId.values()];
  }

  /** @throws EtcdError if there is no such lease */
  remove(id: LeaseId): Lease {
    const lease = this.byId.get(id);
    if (!lease) throw leaseNotFound();
    this.byId.delete(id);
    return lease;
  }

  attach(key: string, id: LeaseId | undefined): void {
    if (id !== undefined) this.byId.get(id)?.keys.add(key);
  }

  detach(key: string, id: LeaseId | undefined): void {
    if (id !== undefined) this.byId.get(id)?.keys.delete(key);
  }
}
