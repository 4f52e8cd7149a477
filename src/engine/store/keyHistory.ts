// The states of one key, by revision: etcd's key index and backend in one.
import type { Entry, Revision } from "./entry.ts";

export class KeyHistory {
  private readonly revisions: Revision[] = [];
  /** undefined marks a deletion. */
  private readonly states: (Entry | undefined)[] = [];

  record(revision: Revision, entry: Entry | undefined): void {
    this.revisions.push(revision);
    this.states.push(entry);
  }

  /** The newest state; undefined if the key does not exist. */
  get newest(): Entry | undefined {
    return this.states.at(-1);
  }

  /** The oldest state that is kept. */
  get oldest(): Entry | undefined {
    return this.states[0];
  }

  /** The state at `revision`; undefined if the key did not exist then. */
  at(revision: Revision): Entry | undefined {
    const last = this.revisions.length - 1;
    if (last >= 0 && (this.revisions[last] ?? 0) <= revision) return this.states[last];
    return this.states[this.indexAt(revision)];
  }

  /** Drops what only reads below `revision` could see. @returns true if nothing is left */
  compact(revision: Revision): boolean {
    const keep = Math.max(0, this.indexAt(revision));
    this.revisions.splice(0, keep);
    this.states.splice(0, keep);
    if (this.states[0] === undefined && (this.revisions[0] ?? 0) <= revision) {
      this.revisions.shift();
      this.states.shift();
    }
    return this.states.length === 0;
  }

  /** Index of the newest state not after `revision`; -1 if there is none. */
  private indexAt(revision: Revision): number {
    let low = 0;
    let high = this.revisions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.revisions[middle] ?? 0) <= revision) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
