// When leases end: the leader of etcd counts their time, refreshes it when it is told that a holder is
// alive, and revokes what has run out. Source: etcd server/lease/lessor.go, 3.6.
import { type Disposable, DisposableStore } from "../../base/disposable.ts";
import { type Instant, type Millis, second } from "../../base/time.ts";
import type { Clock } from "../clock.ts";
import { EtcdError, leaseNotFound } from "./etcdError.ts";
import type { LeaseId } from "./leases.ts";
import type { Store } from "./store.ts";

/** Expired leases are looked for this often. */
const checkPeriodMs: Millis = 500;

export class Lessor extends DisposableStore {
  private readonly expiries = new Map<LeaseId, Instant>();
  private checking: Disposable | undefined;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {
    super();
    this.add({ dispose: () => this.checking?.dispose() });
    this.add(
      store.onLeaseGranted(({ id, ttl }) => {
        this.expiries.set(id, clock.now() + ttl * second);
        this.checkLater();
      }),
    );
    this.promote(0);
  }

  /** Begins a lease's time again. @returns its seconds. @throws EtcdError if there is no such lease */
  keepAlive(id: LeaseId): number {
    const lease = this.store.lease(id);
    if (!lease || this.remainingSeconds(id) <= 0) throw leaseNotFound();
    this.expiries.set(id, this.clock.now() + lease.ttl * second);
    return lease.ttl;
  }

  /** Whole seconds until a lease ends; -1 if there is none. */
  timeToLive(id: LeaseId): number {
    return this.store.lease(id) ? Math.floor(this.remainingSeconds(id)) : -1;
  }

  /** A new leader does not know how much time has passed: every lease gets its whole time, and `extra`. */
  promote(extra: Millis): void {
    this.expiries.clear();
    const now = this.clock.now();
    for (const { id, ttl } of this.store.allLeases())
      this.expiries.set(id, now + ttl * second + extra);
    this.checkLater();
  }

  private remainingSeconds(id: LeaseId): number {
    return ((this.expiries.get(id) ?? 0) - this.clock.now()) / second;
  }

  /** Looks no more often than anything can have ended. */
  private checkLater(): void {
    this.checking?.dispose();
    this.checking = undefined;
    if (this.expiries.size === 0) return;
    let first = Number.POSITIVE_INFINITY;
    for (const expiry of this.expiries.values()) first = Math.min(first, expiry);
    const periods = Math.max(1, Math.ceil((first - this.clock.now()) / checkPeriodMs));
    this.checking = this.clock.after(periods * checkPeriodMs, "look for expired leases", () =>
      this.revokeExpired(),
    );
  }

  private revokeExpired(): void {
    const now = this.clock.now();
    for (const [id, expiry] of this.expiries) if (expiry <= now) this.tryRevoke(id);
    this.checkLater();
  }

  /** Without a majority nothing ends; the next look tries again. */
  private tryRevoke(id: LeaseId): void {
    try {
      if (this.store.lease(id)) this.store.revokeLease(id);
      this.expiries.delete(id);
    } catch (error) {
      if (!(error instanceof EtcdError)) throw error;
    }
  }
}
