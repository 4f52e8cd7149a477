// What a controller has asked for and not yet seen in its cache: until then it holds still, so that
// a lagging cache never makes it create or delete twice.
// Source: pkg/controller UIDTrackingControllerExpectations, 1.34.
import type { Instant } from "../../base/time.ts";
import { expectationsTimeoutMs } from "../limits.ts";

interface Expectation {
  creations: number;
  readonly deletions: Set<string>;
  readonly since: Instant;
}

export class Expectations {
  private readonly entries = new Map<string, Expectation>();

  /** True if all that `owner` waits for has been seen, or was waited for long enough. */
  areMet(owner: string, now: Instant): boolean {
    const entry = this.entries.get(owner);
    if (!entry) return true;
    const isFulfilled = entry.creations <= 0 && entry.deletions.size === 0;
    return isFulfilled || now - entry.since > expectationsTimeoutMs;
  }

  /** Both at once, for controllers that create and delete in one run. */
  expect(owner: string, creations: number, deletions: Iterable<string>, now: Instant): void {
    this.entries.set(owner, { creations, deletions: new Set(deletions), since: now });
  }

  expectCreations(owner: string, creations: number, now: Instant): void {
    this.expect(owner, creations, [], now);
  }

  expectDeletions(owner: string, keys: Iterable<string>, now: Instant): void {
    this.expect(owner, 0, keys, now);
  }

  /** A creation was seen, or did not happen. */
  sawCreation(owner: string): void {
    const entry = this.entries.get(owner);
    if (entry) entry.creations--;
  }

  /** A deletion was seen, or did not happen. */
  sawDeletion(owner: string, key: string): void {
    this.entries.get(owner)?.deletions.delete(key);
  }

  forget(owner: string): void {
    this.entries.delete(owner);
  }
}
