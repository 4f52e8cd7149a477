// Lets people look into etcd: its keys by folder, and what each of them was.
import type {
  EtcdFolder,
  EtcdKey,
  EtcdKeyPage,
  EtcdKeyQuery,
  EtcdRevision,
} from "../../api/etcdKeys.ts";
import type { Entry, Revision } from "../store/entry.ts";
import type { Store } from "../store/store.ts";

/** A page is never longer than this, and a history neither. */
const mostAtOnce = 1_000;
/** Folders that hold folders: "services/specs", "services/endpoints". */
const nested: ReadonlySet<string> = new Set(["services", "ranges"]);

/** Every folder that has a key now, in the order of the alphabet. */
export function etcdFolders(store: Store): readonly EtcdFolder[] {
  const counts = new Map<string, number>();
  for (const { key } of store.range("").entries) {
    const prefix = folderOf(key);
    counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  return [...counts].map(([prefix, count]) => ({ prefix, count }));
}

export function etcdKeys(store: Store, { prefix, after, limit }: EtcdKeyQuery): EtcdKeyPage {
  const { entries, revision, count } = store.range(prefix, {
    limit: Math.min(limit, mostAtOnce),
    ...(after === undefined ? {} : { after }),
  });
  return { revision, count, keys: entries.map(keyOf) };
}

/** The kept changes of a key, newest first. */
export function etcdHistory(store: Store, key: string): readonly EtcdRevision[] {
  const states = store.history(key);
  return states
    .slice(-mostAtOnce)
    .reverse()
    .map(({ revision, at, entry }) => ({
      revision,
      type: typeOf(entry),
      ...(at === undefined ? {} : { at }),
      version: entry?.version ?? 0,
      size: entry?.size ?? 0,
    }));
}

/** What a key held at a revision; undefined if it did not exist. @throws EtcdError if that is compacted */
export function etcdValue(store: Store, key: string, revision?: Revision): unknown {
  return store.get(key, revision)?.value;
}

function keyOf({ key, createRevision, modRevision, version, size, lease }: Entry): EtcdKey {
  return {
    key,
    createRevision,
    modRevision,
    version,
    size,
    ...(lease === undefined ? {} : { lease: lease.toString(16) }),
  };
}

function typeOf(entry: Entry | undefined): EtcdRevision["type"] {
  if (!entry) return "delete";
  return entry.version === 1 ? "create" : "update";
}

/** "/registry/pods/", "/registry/services/specs/", "/registry/example.com/widgets/", or "/" for the rest. */
function folderOf(key: string): string {
  const [root = "", top = "", kind = "", ...rest] = key.split("/");
  if (root !== "" || kind === "") return "";
  const isNested = kind.includes(".") || nested.has(kind);
  const depth = isNested && rest.length > 1 ? [kind, rest[0]] : [kind];
  return `/${[top, ...depth].join("/")}/`;
}
