// A member's log: entries after a snapshot, of which those up to `committed` can never change again.
import { assert } from "../../base/assert.ts";
import type { Entry, Index, Snapshot, Term } from "./message.ts";

export class RaftLog<Data> {
  private entries: Entry<Data>[] = [];
  private committedIndex: Index;

  constructor(private base: Snapshot) {
    this.committedIndex = base.index;
  }

  get snapshot(): Snapshot {
    return this.base;
  }

  get committed(): Index {
    return this.committedIndex;
  }

  get lastIndex(): Index {
    return this.base.index + this.entries.length;
  }

  get lastTerm(): Term {
    return this.entries.at(-1)?.term ?? this.base.term;
  }

  /** undefined if the entry is compacted or yet to come. */
  termAt(index: Index): Term | undefined {
    return index === this.base.index ? this.base.term : this.at(index)?.term;
  }

  at(index: Index): Entry<Data> | undefined {
    return this.entries[index - this.base.index - 1];
  }

  has(index: Index, term: Term): boolean {
    return this.termAt(index) === term;
  }

  /** Entries from `index` on, `most` of them at most. */
  from(index: Index, most = Number.POSITIVE_INFINITY): readonly Entry<Data>[] {
    const start = index - this.base.index - 1;
    assert(start >= 0, "the entries asked for are not compacted");
    return this.entries.slice(start, start + most);
  }

  /** Whether who has this as last entry knows at least as much. */
  isUpToDate(lastIndex: Index, lastTerm: Term): boolean {
    return lastTerm > this.lastTerm || (lastTerm === this.lastTerm && lastIndex >= this.lastIndex);
  }

  append(entry: Entry<Data>): void {
    assert(entry.index === this.lastIndex + 1, "the log has no holes");
    this.entries.push(entry);
  }

  /** Takes over a leader's entries; from the first that differs on, its word counts. */
  merge(entries: readonly Entry<Data>[]): void {
    for (const entry of entries) {
      if (entry.index <= this.base.index || this.has(entry.index, entry.term)) continue;
      if (entry.index <= this.lastIndex) {
        assert(entry.index > this.committedIndex, "what is committed never changes");
        this.entries.length = entry.index - this.base.index - 1;
      }
      this.append(entry);
    }
  }

  /** @returns the entries that this committed */
  commitTo(index: Index): readonly Entry<Data>[] {
    if (index <= this.committedIndex) return [];
    assert(index <= this.lastIndex, "what is committed is here");
    const entries = this.from(this.committedIndex + 1, index - this.committedIndex);
    this.committedIndex = index;
    return entries;
  }

  /** The newest entry not after `index` whose term is not above `term`: there the logs may agree. */
  findConflict(index: Index, term: Term): { readonly index: Index; readonly term: Term } {
    for (let at = Math.min(index, this.lastIndex); ; at--) {
      const found = this.termAt(at);
      if (found === undefined) return { index: at, term: 0 };
      if (found <= term) return { index: at, term: found };
    }
  }

  /** Forgets the entries that a snapshot of this member stands for. */
  compact(snapshot: Snapshot): void {
    assert(snapshot.index <= this.committedIndex, "only what is committed is compacted");
    if (snapshot.index <= this.base.index) return;
    this.entries = this.entries.slice(snapshot.index - this.base.index);
    this.base = snapshot;
  }

  /** Begins anew with a leader's snapshot. */
  restore(snapshot: Snapshot): void {
    this.entries = [];
    this.base = snapshot;
    this.committedIndex = snapshot.index;
  }
}
