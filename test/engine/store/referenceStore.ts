// etcd's semantics in the plainest form: every revision is a whole copy of the keys.
import type { Entry } from "../../../src/engine/store/entry.ts";
import type { RangeOptions } from "../../../src/engine/store/store.ts";
import type { Compare, Keys, Operation, Txn } from "../../../src/engine/store/txn.ts";

type State = ReadonlyMap<string, Omit<Entry, "size">>;

const noLease = "etcdserver: requested lease not found";
const duplicate = "etcdserver: duplicate key given in txn request";
const compactedText = "etcdserver: mvcc: required revision has been compacted";
const futureText = "etcdserver: mvcc: required revision is a future revision";

export class ReferenceStore {
  /** By revision; the first is that of the empty store. */
  private readonly states: State[] = [new Map(), new Map()];
  private readonly leases = new Set<number>();
  private compacted = 0;

  get revision(): number {
    return this.states.length - 1;
  }

  txn({ compare, success, failure = [] }: Txn): unknown {
    if (hasDuplicates(success) || hasDuplicates(failure)) return duplicate;
    const succeeded = compare.every((one) => this.holds(one));
    const operations = succeeded ? success : failure;
    for (const operation of operations) {
      if (operation.type === "put" && operation.lease && !this.leases.has(operation.lease))
        return noLease;
      if (operation.type === "range" && operation.at !== undefined) {
        if (operation.at > this.revision) return futureText;
        if (operation.at < this.compacted) return compactedText;
      }
    }
    const next = new Map(this.newest);
    let writes = 0;
    const results = operations.map((operation) => {
      if (operation.type === "put") {
        writes++;
        const previous = next.get(operation.key);
        next.set(operation.key, this.entry(operation, previous));
        return { type: "put", ...(previous ? { previous } : {}) };
      }
      if (operation.type === "delete") {
        const deleted = select(next, operation);
        for (const { key } of deleted) next.delete(key);
        writes += deleted.length;
        return { type: "delete", deleted };
      }
      const source = operation.at === undefined ? next : (this.states[operation.at] ?? next);
      const found = select(source, operation);
      return { type: "range", entries: found.slice(0, operation.limit), count: found.length };
    });
    if (writes > 0) this.states.push(next);
    return { succeeded, revision: this.revision, results };
  }

  range(prefix: string, { at, limit = Infinity, after = "" }: RangeOptions): unknown {
    if (at !== undefined && at > this.revision) return futureText;
    if (at !== undefined && at < this.compacted) return compactedText;
    const found = select(this.states[at ?? this.revision] ?? new Map(), { prefix }).filter(
      ({ key }) => key > after,
    );
    return { entries: found.slice(0, limit), revision: this.revision, count: found.length };
  }

  grant(id: number): unknown {
    if (this.leases.has(id)) return "etcdserver: lease already exists";
    this.leases.add(id);
    return id;
  }

  revoke(id: number): unknown {
    if (!this.leases.delete(id)) return noLease;
    const next = new Map(this.newest);
    for (const { key, lease } of this.newest.values()) if (lease === id) next.delete(key);
    if (next.size < this.newest.size) this.states.push(next);
    return this.revision;
  }

  compact(revision: number): unknown {
    if (revision <= this.compacted) return compactedText;
    if (revision > this.revision) return futureText;
    this.compacted = revision;
    return undefined;
  }

  /** Whether the changes after `from` are all kept. */
  keepsChangesAfter(from: number): boolean {
    return from + 1 >= this.compacted;
  }

  /** What became of every key in each revision, compacted or not. */
  changes(prefix: string): { readonly revision: number; readonly text: string }[] {
    return this.states.slice(2).flatMap((after, i) => {
      const before = this.states[i + 1] ?? new Map();
      const revision = i + 2;
      return [...new Set([...before.keys(), ...after.keys()])]
        .filter((key) => key.startsWith(prefix) && before.get(key) !== after.get(key))
        .map((key) => ({ revision, text: `${revision} ${key} ${after.get(key)?.value}` }));
    });
  }

  private get newest(): State {
    return this.states[this.revision] ?? new Map();
  }

  private entry(
    { key, value, lease }: Extract<Operation, { readonly type: "put" }>,
    previous: Omit<Entry, "size"> | undefined,
  ): Omit<Entry, "size"> {
    const modRevision = this.revision + 1;
    return {
      key,
      value,
      createRevision: previous?.createRevision ?? modRevision,
      modRevision,
      version: (previous?.version ?? 0) + 1,
      ...(lease === undefined ? {} : { lease }),
    };
  }

  private holds({ key, target, relation, wanted }: Compare): boolean {
    const entry = this.newest.get(key);
    if (target === "value" && !entry) return false;
    const found = target === "value" ? Number(entry?.value) : (entry?.[target] ?? 0);
    const bound = Number(wanted);
    if (relation === "=") return found === bound;
    if (relation === "!=") return found !== bound;
    return relation === "<" ? found < bound : found > bound;
  }
}

function select(state: State, keys: Keys): Omit<Entry, "size">[] {
  return [...state.values()]
    .filter(({ key }) => ("prefix" in keys ? key.startsWith(keys.prefix) : key === keys.key))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

function hasDuplicates(operations: readonly Operation[]): boolean {
  const puts = operations.flatMap((one) => (one.type === "put" ? [one.key] : []));
  const deletes = operations.filter((one) => one.type === "delete");
  return (
    new Set(puts).size < puts.length ||
    deletes.some((keys) =>
      puts.some((key) => ("prefix" in keys ? key.startsWith(keys.prefix) : key === keys.key)),
    )
  );
}
