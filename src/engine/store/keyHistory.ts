// The states of one key, by revision: etcd's key index and backend in one.
import type { Entry, Revision } from "./entry.ts";

export class KeyHistory {
  private revisions: Revision[];
  /** undefined marks a deletion. */
  private states: (Entry | undefined)[];

  /** Most keys never change: lists that begin with their first item take no room for others. */
  constructor(revision: Revision, entry: Entry | undefined) {
    this.revisions = [revision];
    this.states = [entry];
  }

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
    const isGone = this.states[keep] === undefined && (this.revisions[keep] ?? 0) <= revision;
    const first = isGone ? keep + 1 : keep;
    // Copies take no more room than they need, unlike lists that were once longer.
    if (first > 0) {
      this.revisions = this.revisions.slice(first);
      this.states = this.states.slice(first);
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
