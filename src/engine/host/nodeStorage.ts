// The durable log behind the store: SQLite in WAL mode, one transaction per batch, as kine does for k3s.
import { chmodSync, copyFileSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import type { TraceEvent } from "../../api/traceEvent.ts";
import { freeze } from "../../base/draft.ts";
import type { Entry, Revision, StoreEvent } from "../store/entry.ts";
import type { LeaseId } from "../store/leases.ts";
import type { StoreBackend, StoredStates } from "../store/storeBackend.ts";
import { type DurableLog, StorageRefused } from "./durableLog.ts";

const applicationId = 0x6b547574; // "kTut"
const schemaVersion = 2;

/** Rows are in the order of their place: the revision, and the place within its transaction. */
const placesPerRevision = 2 ** 20;

interface Row {
  readonly place: number;
  readonly at: number;
  readonly key: string;
  /** null marks a deletion. */
  readonly value: string | null;
  readonly create_revision: number;
  readonly version: number;
  readonly lease: number | null;
  readonly checksum: number;
}

/** Another process, e.g. a second window, has the file open. */
export class StorageInUse extends Error {
  constructor(readonly path: string) {
    super(`${path} is in use by another window`);
  }
}

/** The file is not what it should be: damaged, or not ours. */
class UnreadableFile extends Error {}

/** Source: https://www.sqlite.org/rescode.html; an extended code keeps its primary one in the low byte. */
const sqliteCodes = { busy: 5, corrupt: 11, notDatabase: 26 } as const;

/** Of the trace; about three hours of the default cluster. */
const keptTraceEvents = 20_000;
const mostPending = 100_000;
/** Source: etcd --quota-backend-bytes. */
const defaultQuotaBytes = 2 * 1024 ** 3;

export interface NodeStorageOptions {
  /** The database file; made if it is missing. */
  readonly path: string;
  /** How large it may become; two gigabytes if absent. */
  readonly quotaBytes?: number;
  /** Is told under which name a file was set aside, and why. */
  onSetAside(aside: string, reason: string): void;
}

/** What the file held when it was opened. */
export interface StoredCluster extends StoredStates {
  readonly events: readonly StoreEvent[];
  /** The newest events of the trace, oldest first. */
  readonly trace: readonly TraceEvent[];
}

/** What is appended after the last `commit` is lost in a crash: acknowledge it after that. */
export class NodeStorage implements StoreBackend, DurableLog {
  private readonly statements = new Map<string, StatementSync>();
  private pending: (() => void)[] = [];
  private lastPlace = 0;

  private constructor(private readonly database: DatabaseSync) {}

  /**
   * Opens or creates a file. One that is damaged or not ours is set aside under a new name, and an
   * empty one takes its place.
   * @throws StorageInUse, or SQLite's error if the file can be neither read nor made now
   */
  static open(options: NodeStorageOptions): { storage: NodeStorage; stored: StoredCluster } {
    const { path, onSetAside } = options;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    try {
      return NodeStorage.openSound(options);
    } catch (error) {
      if (codeOf(error) === sqliteCodes.busy) throw new StorageInUse(path);
      if (!isUnreadable(error)) throw error;
      const aside = `${path}.damaged-${Date.now()}`;
      moveStorage(path, aside);
      onSetAside(aside, error.message);
      return NodeStorage.openSound(options);
    }
  }

  private static openSound({ path, quotaBytes = defaultQuotaBytes }: NodeStorageOptions) {
    const database = new DatabaseSync(path);
    try {
      prepareFile(database, quotaBytes);
      chmodSync(path, 0o600);
      const storage = new NodeStorage(database);
      storage.checkStructure();
      return { storage, stored: storage.load() };
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /**
   * Copies a snapshot to `copy` and makes sure that it can be read.
   * @throws Error if it cannot; there is no copy then
   */
  static copySnapshot(path: string, copy: string): void {
    try {
      copyFileSync(path, copy);
      const database = new DatabaseSync(copy);
      const tables = tableCount(database);
      database.close();
      if (tables === 0) throw new UnreadableFile("the file is empty");
      NodeStorage.openSound({ path: copy, onSetAside: () => undefined }).storage.close();
    } catch (error) {
      removeStorage(copy);
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`${path} is not a snapshot of a cluster: ${reason}`);
    }
  }

  /** How many bytes the database takes. */
  get size(): number {
    const sql = "SELECT page_count * page_size AS size FROM pragma_page_count, pragma_page_size";
    return Number(this.prepared(sql).get()?.size);
  }

  /** A small fact about the cluster, e.g. its seed; undefined if it was never set. */
  getMeta(name: string): string | undefined {
    const row = this.prepared("SELECT value FROM meta WHERE name = ?").get(name);
    return row?.value as string | undefined;
  }

  /** Stored with the next commit. */
  setMeta(name: string, value: string): void {
    this.pending.push(() =>
      this.prepared("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)").run(name, value),
    );
  }

  /** While nothing can be stored, the timeline loses events rather than the process its memory. */
  appendTrace(event: TraceEvent): void {
    if (this.pending.length > mostPending) return;
    // Written out at the commit: an event may be completed until then.
    this.pending.push(() => {
      const text = JSON.stringify(event);
      this.prepared("INSERT INTO trace (id, event, checksum) VALUES (?, ?, ?)").run(
        event.id,
        text,
        crc32(text),
      );
    });
  }

  append(event: StoreEvent): void {
    this.lastPlace = Math.max(this.lastPlace + 1, firstPlaceOf(event.revision));
    const row = rowOf(event, this.lastPlace);
    this.pending.push(() => {
      const value = event.entry ? JSON.stringify(event.entry.value) : null;
      const { place, at, key, create_revision, version, lease } = row;
      this.prepared(insertEvent).run(
        place,
        at,
        key,
        value,
        create_revision,
        version,
        lease,
        checksumOf({ ...row, value }),
      );
    });
  }

  compact(revision: Revision): void {
    this.pending.push(() => {
      const before = firstPlaceOf(Number(this.getMeta("compactRevision") ?? 0));
      this.prepared(deleteSuperseded).run(before, firstPlaceOf(revision + 1));
      this.prepared(deleteTombstones).run(before, firstPlaceOf(revision));
      this.prepared("INSERT OR REPLACE INTO meta VALUES ('compactRevision', ?)").run(
        String(revision),
      );
    });
  }

  grantLease(id: LeaseId, ttl: number): void {
    this.pending.push(() =>
      this.prepared("INSERT INTO leases (id, ttl) VALUES (?, ?)").run(id, ttl),
    );
  }

  revokeLease(id: LeaseId): void {
    this.pending.push(() => this.prepared("DELETE FROM leases WHERE id = ?").run(id));
  }

  /** Makes everything appended so far durable. @throws StorageRefused if that cannot be done now */
  commit(): void {
    if (this.pending.length === 0) return;
    try {
      this.database.exec("BEGIN IMMEDIATE");
      for (const write of this.pending) write();
      this.database.exec("COMMIT");
    } catch (error) {
      this.rollBack();
      if (codeOf(error) === undefined) throw error;
      throw new StorageRefused(error instanceof Error ? error.message : String(error));
    }
    this.pending = [];
  }

  /** @throws StorageRefused if the last writes could not be stored; they are lost then */
  close(): void {
    try {
      this.commit();
    } finally {
      this.database.close();
    }
  }

  /** Writes all that is stored, history included, to a file of its own. */
  exportTo(path: string): void {
    const partial = `${path}.partial`;
    rmSync(partial, { force: true });
    this.database.prepare("VACUUM INTO ?").run(partial);
    chmodSync(partial, 0o600);
    renameSync(partial, path);
  }

  /** Closes the file without storing what was not yet. */
  discard(): void {
    this.pending = [];
    this.database.close();
  }

  /** A full disk makes SQLite roll back by itself, at times. */
  private rollBack(): void {
    try {
      this.database.exec("ROLLBACK");
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
    }
  }

  /** Pages that lie about what they hold would lose rows without a word. */
  private checkStructure(): void {
    const found = this.prepared("PRAGMA quick_check(1)").get()?.quick_check;
    if (found !== "ok") throw new UnreadableFile(String(found));
  }

  private load(): StoredCluster {
    const leases = this.prepared("SELECT id, ttl FROM leases ORDER BY id").all();
    const stored = {
      events: this.loadEvents(),
      compactRevision: Number(this.getMeta("compactRevision") ?? 0),
      leases: leases.map(({ id, ttl }) => ({ id: Number(id), ttl: Number(ttl) })),
      trace: this.loadTrace(),
    };
    this.lastPlace = firstPlaceOf((stored.events.at(-1)?.revision ?? 0) + 1);
    return stored;
  }

  private loadEvents(): StoreEvent[] {
    const latest = new Map<string, Entry>();
    const events: StoreEvent[] = [];
    for (const found of this.prepared("SELECT * FROM events ORDER BY place").iterate()) {
      const row = found as unknown as Row;
      if (row.checksum !== checksumOf(row))
        throw new UnreadableFile(`the record of ${row.key} is damaged`);
      const event = eventOf(row, latest);
      if (event.entry) latest.set(event.key, event.entry);
      else latest.delete(event.key);
      events.push(event);
    }
    return events;
  }

  /** Older ones than those that are kept are forgotten. */
  private loadTrace(): TraceEvent[] {
    const older = "FROM trace WHERE id <= (SELECT max(id) FROM trace) - ?";
    this.pending.push(() => this.prepared(`DELETE ${older}`).run(keptTraceEvents));
    const rows = this.prepared("SELECT event, checksum FROM trace ORDER BY id DESC LIMIT ?");
    return rows
      .all(keptTraceEvents)
      .reverse()
      .map(({ event, checksum }) => {
        if (crc32(String(event)) !== checksum) throw new UnreadableFile("the timeline is damaged");
        return JSON.parse(String(event)) as TraceEvent;
      });
  }

  private prepared(sql: string): StatementSync {
    const known = this.statements.get(sql);
    if (known) return known;
    const statement = this.database.prepare(sql);
    this.statements.set(sql, statement);
    return statement;
  }
}

const insertEvent = `
  INSERT INTO events (place, at, key, value, create_revision, version, lease, checksum)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;

/** What the changes between two places replaced. */
const deleteSuperseded = `
  DELETE FROM events WHERE place IN (
    SELECT earlier.place FROM events later
    JOIN events earlier ON earlier.key = later.key AND earlier.place < later.place
    WHERE later.place >= ? AND later.place < ?)`;

/** A deletion in the compacted revision itself is kept for watches that begin there. */
const deleteTombstones = "DELETE FROM events WHERE place >= ? AND place < ? AND value IS NULL";

function prepareFile(database: DatabaseSync, quotaBytes: number): void {
  const pragma = (name: string): number =>
    Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
  const tables = tableCount(database);
  if (tables > 0 && pragma("application_id") !== applicationId)
    throw new UnreadableFile("the file is a database of another program");
  if (tables > 0 && pragma("user_version") !== schemaVersion)
    throw new UnreadableFile("the file was written by another version of Kubernetes Tutor");
  database.exec(`
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA max_page_count = ${Math.ceil(quotaBytes / pragma("page_size"))};
  `);
  // A file that turns out to be damaged is set aside as it was: nothing is written before it is read.
  if (tables === 0) makeTables(database);
}

function tableCount(database: DatabaseSync): number {
  return Number(database.prepare("SELECT count(*) AS n FROM sqlite_master").get()?.n);
}

function makeTables(database: DatabaseSync): void {
  database.exec(`
    BEGIN IMMEDIATE;
    PRAGMA application_id = ${applicationId};
    PRAGMA user_version = ${schemaVersion};
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE events (
      place INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      key TEXT NOT NULL,
      value TEXT,
      create_revision INTEGER NOT NULL,
      version INTEGER NOT NULL,
      lease INTEGER,
      checksum INTEGER NOT NULL
    );
    CREATE INDEX events_by_key ON events (key, place);
    CREATE TABLE leases (id INTEGER PRIMARY KEY, ttl INTEGER NOT NULL);
    CREATE TABLE trace (
      id INTEGER PRIMARY KEY,
      event TEXT NOT NULL,
      checksum INTEGER NOT NULL
    );
    COMMIT;
  `);
}

function firstPlaceOf(revision: Revision): number {
  return revision * placesPerRevision;
}

function rowOf({ at, key, entry }: StoreEvent, place: number): Omit<Row, "value" | "checksum"> {
  const { createRevision = 0, version = 0, lease = null } = entry ?? {};
  return { place, at, key, create_revision: createRevision, version, lease };
}

function checksumOf(row: Omit<Row, "checksum">): number {
  const { place, at, key, value, create_revision, version, lease } = row;
  const facts = crc32(`${place} ${at} ${create_revision} ${version} ${lease} ${key}`);
  return value === null ? facts : crc32(value, facts);
}

function eventOf(row: Row, latest: ReadonlyMap<string, Entry>): StoreEvent {
  const { place, at, key, value } = row;
  const revision = Math.floor(place / placesPerRevision);
  const previous = latest.get(key);
  const base = { revision, at, key, ...(previous ? { previous } : {}) };
  if (value === null) return { type: "delete", ...base };
  return { type: "put", ...base, entry: entryOf(row, revision, value) };
}

/** Most of a long history is never looked at: a value is parsed when it is first read. */
function entryOf(
  { key, create_revision, version, lease }: Row,
  revision: Revision,
  text: string,
): Entry {
  let parsed: unknown;
  return {
    key,
    get value() {
      parsed ??= freeze(JSON.parse(text));
      return parsed;
    },
    createRevision: create_revision,
    modRevision: revision,
    version,
    size: text.length,
    ...(lease === null ? {} : { lease }),
  };
}

function codeOf(error: unknown): number | undefined {
  const { errcode } = error as { readonly errcode?: number };
  return errcode === undefined ? undefined : errcode & 0xff;
}

function isUnreadable(error: unknown): error is Error {
  const code = codeOf(error);
  if (error instanceof UnreadableFile) return true;
  return code === sqliteCodes.corrupt || code === sqliteCodes.notDatabase;
}

/** SQLite keeps what is new beside the file itself. */
const suffixes = ["", "-wal", "-shm"] as const;

/** Replaces what is stored at `to`; nothing may have either open. */
export function moveStorage(from: string, to: string): void {
  removeStorage(to);
  for (const suffix of suffixes) moveIfThere(from + suffix, to + suffix);
}

export function removeStorage(path: string): void {
  for (const suffix of suffixes) rmSync(path + suffix, { force: true });
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
