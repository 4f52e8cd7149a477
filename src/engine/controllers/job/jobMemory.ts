// What the Job controller remembers between looks at a Job. Source: pkg/controller/job, 1.34.
import { Expectations } from "../expectations.ts";
import { type BackoffRecord, noFailures } from "./backoff.ts";

export class JobMemory {
  readonly expectations = new Expectations();
  private readonly records = new Map<string, BackoffRecord>();
  /** Pods whose finalizer was taken off, by Job, until the cache shows it. */
  private readonly released = new Map<string, Set<string>>();

  backoff(job: string): BackoffRecord {
    return this.records.get(job) ?? noFailures;
  }

  setBackoff(job: string, record: BackoffRecord): void {
    this.records.set(job, record);
  }

  releasedPods(job: string): ReadonlySet<string> {
    return new Set(this.released.get(job));
  }

  expectRelease(job: string, uid: string): void {
    const known = this.released.get(job);
    if (known) known.add(uid);
    else this.released.set(job, new Set([uid]));
  }

  /** The finalizer is gone, or still there because taking it off failed. */
  sawRelease(job: string, uid: string): void {
    this.released.get(job)?.delete(uid);
  }

  /** The Job has ended. */
  forgetBackoff(job: string): void {
    this.records.delete(job);
  }

  /** The Job is gone. */
  forget(job: string): void {
    this.expectations.forget(job);
    this.records.delete(job);
    this.released.delete(job);
  }
}
