// The durable log behind the store: SQLite in WAL mode, one transaction per batch, as kine does for k3s.
import { mkdirSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { TraceEvent } from "../../api/traceEvent.ts";
import { freeze } from "../../base/draft.ts";
import type { Entry, StoreBackend, StoreEvent } from "../store/store.ts";

const applicationId = 0x6b547574; // "kTut"
const schemaVersion = 1;

interface Row {
  readonly revision: number;
  readonly at: number;
  readonly key: string;
  readonly value: string | null;
  readonly create_revision: number;
  readonly version: number;
}

/** Another process, e.g. a second window, has the file open. */
export class StorageInUse extends Error {
  constructor(readonly path: string) {
    super(`${path} is in use by another window`);
  }
}

const sqliteBusy = 5;

/** Of the trace; about three hours of the default cluster. */
const keptTraceEvents = 20_000;

/** Events appended since the last `commit` are lost in a crash: acknowledge them after it. */
export class NodeStorage implements StoreBackend {
  private readonly database: DatabaseSync;
  private readonly insert: StatementSync;
  private readonly insertTrace: StatementSync;
  private pending: StoreEvent[] = [];
  private pendingTrace: TraceEvent[] = [];
  private compactTo = 0;

  private constructor(database: DatabaseSync) {
    this.database = database;
    this.insert = database.prepare(
      "INSERT INTO events (revision, at, key, value, create_revision, version) VALUES (?, ?, ?, ?, ?, ?)",
    );
    this.insertTrace = database.prepare("INSERT INTO trace (id, event) VALUES (?, ?)");
  }

  /**
   * Opens or creates the file at `path`. A file that is damaged or not ours is set aside under a new
   * name, which `onSetAside` is told with the reason, and an empty one takes its place.
   * @throws StorageInUse
   */
  static open(path: string, onSetAside: (aside: string, reason: string) => void): NodeStorage {
    mkdirSync(dirname(path), { recursive: true });
    try {
      return new NodeStorage(prepare(path));
    } catch (error) {
      if ((error as { readonly errcode?: number }).errcode === sqliteBusy)
        throw new StorageInUse(path);
      const aside = `${path}.damaged-${Date.now()}`;
      for (const suffix of ["", "-wal", "-shm"]) moveIfThere(path + suffix, aside + suffix);
      onSetAside(aside, error instanceof Error ? error.message : String(error));
      return new NodeStorage(prepare(path));
    }
  }

  /** What the store had compacted; 0 if nothing. */
  get compactRevision(): number {
    return Number(this.getMeta("compactRevision") ?? 0);
  }

  /** Every kept event, in revision order. */
  *load(): Iterable<StoreEvent> {
    const latest = new Map<string, Entry>();
    for (const row of this.database.prepare("SELECT * FROM events ORDER BY revision").iterate()) {
      const event = eventOf(row as unknown as Row, latest);
      if (event.entry) latest.set(event.key, event.entry);
      else latest.delete(event.key);
      yield event;
    }
  }

  /** The newest events of the trace that were stored, oldest first; older ones are forgotten. */
  loadTrace(): TraceEvent[] {
    this.database
      .prepare("DELETE FROM trace WHERE id <= (SELECT max(id) FROM trace) - ?")
      .run(keptTraceEvents);
    const rows = this.database.prepare("SELECT event FROM trace ORDER BY id").all();
    return rows.map((row) => JSON.parse(String(row.event)) as TraceEvent);
  }

  /** Keeps an event of the trace with the next commit. */
  appendTrace(event: TraceEvent): void {
    this.pendingTrace.push(event);
  }

  /** A small fact about the cluster, e.g. its seed; undefined if it was never set. */
  getMeta(name: string): string | undefined {
    const row = this.database.prepare("SELECT value FROM meta WHERE name = ?").get(name);
    return row?.value as string | undefined;
  }

  setMeta(name: string, value: string): void {
    this.database
      .prepare("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)")
      .run(name, value);
  }

  append(event: StoreEvent): void {
    this.pending.push(event);
  }

  compact(revision: number): void {
    this.compactTo = revision;
  }

  /** Makes everything appended so far durable. @throws Error of SQLite, e.g. a full disk */
  commit(): void {
    if (this.pending.length + this.pendingTrace.length + this.compactTo === 0) return;
    this.database.exec("BEGIN IMMEDIATE");
    try {
      for (const { revision, at, key, entry } of this.pending)
        this.insert.run(
          revision,
          at,
          key,
          entry ? JSON.stringify(entry.value) : null,
          entry?.createRevision ?? 0,
          entry?.version ?? 0,
        );
      for (const event of this.pendingTrace) this.insertTrace.run(event.id, JSON.stringify(event));
      if (this.compactTo > 0) {
        this.database.prepare(deleteSuperseded).run(this.compactTo, this.compactTo);
        this.setMeta("compactRevision", String(this.compactTo));
      }
      this.database.exec("COMMIT");
    } catch (error) {
      this.database.exec("ROLLBACK");
      throw error;
    }
    this.pending = [];
    this.pendingTrace = [];
    this.compactTo = 0;
  }

  close(): void {
    this.commit();
    this.database.close();
  }
}

/** Forgets events that a later one of the same key, not after the given revision, has replaced. */
const deleteSuperseded = `
  DELETE FROM events WHERE revision <= ? AND (value IS NULL OR EXISTS (
    SELECT 1 FROM events later
    WHERE later.key = events.key AND later.revision > events.revision AND later.revision <= ?))`;

function prepare(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  const found = Number(database.prepare("PRAGMA application_id").get()?.application_id);
  const tables = Number(database.prepare("SELECT count(*) AS n FROM sqlite_master").get()?.n);
  if (tables > 0 && found !== applicationId) {
    database.close();
    throw new Error("the file is a database of another program");
  }
  database.exec(`
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA application_id = ${applicationId};
    PRAGMA user_version = ${schemaVersion};
    CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS events (
      revision INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      key TEXT NOT NULL,
      value TEXT,
      create_revision INTEGER NOT NULL,
      version INTEGER NOT NULL
    );
    CREATE TABLE IF NOT EXISTS trace (id INTEGER PRIMARY KEY, event TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS events_by_key ON events (key, revision);
  `);
  return database;
}

function eventOf(row: Row, latest: ReadonlyMap<string, Entry>): StoreEvent {
  const { revision, at, key, value } = row;
  const previous = latest.get(key);
  const base = { revision, at, key, ...(previous ? { previous } : {}) };
  if (value === null) return { type: "delete", ...base };
  return { type: "put", ...base, entry: entryOf(row, value) };
}

/** Most of a long history is never looked at: a value is parsed when it is first read. */
function entryOf({ key, create_revision, revision, version }: Row, text: string): Entry {
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
  };
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
