// Failed daemon Pods are replaced later and later, node by node: kubelets that reject a Pod would be
// fought without end. Source: pkg/controller/daemon failedPodsBackoff and client-go util/flowcontrol, 1.34.
import type { Instant, Millis } from "../../../base/time.ts";
import { daemonBackoffBaseMs, daemonBackoffMaxMs } from "../../limits.ts";

interface Entry {
  readonly backoffMs: Millis;
  readonly updated: Instant;
}

export class FailedPods {
  private readonly entries = new Map<string, Entry>();

  /** How long the last replacement still forbids the next; 0 if it doesn't. */
  waitFor(key: string, now: Instant): Millis {
    const entry = this.entries.get(key);
    if (!entry || isStale(entry, now)) return 0;
    return now - entry.updated < entry.backoffMs ? entry.backoffMs : 0;
  }

  replaced(key: string, now: Instant): void {
    const entry = this.entries.get(key);
    const backoffMs =
      !entry || isStale(entry, now)
        ? daemonBackoffBaseMs
        : Math.min(2 * entry.backoffMs, daemonBackoffMaxMs);
    this.entries.set(key, { backoffMs, updated: now });
  }

  /** Forgets what is long past. */
  collect(now: Instant): void {
    for (const [key, entry] of this.entries) if (isStale(entry, now)) this.entries.delete(key);
  }
}

/** A node that went well for twice the longest wait begins anew. */
function isStale({ updated }: Entry, now: Instant): boolean {
  return now - updated > 2 * daemonBackoffMaxMs;
}
