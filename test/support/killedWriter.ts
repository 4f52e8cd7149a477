// Writes a workload that is a function of the revision to the storage whose path is given, and says on
// stdout up to which revision it is stored, until it is killed.
import { writeSync } from "node:fs";
import { hash, Random } from "../../src/base/random.ts";
import { NodeStorage } from "../../src/engine/host/nodeStorage.ts";
import type { Revision } from "../../src/engine/store/entry.ts";
import { Store } from "../../src/engine/store/store.ts";

/** Makes the change that leads to `revision`, which is always the same. */
export function writeRevision(store: Store, revision: Revision): void {
  const draw = hash(`change ${revision}`);
  const key = (n: number): string => `/registry/things/${(draw >>> n) % 40}`;
  const value = { revision, filler: "x".repeat(draw % 3_000) };
  store.txn({
    compare: [],
    success: [
      { type: "put", key: key(3), value },
      ...(draw % 4 === 0 && key(9) !== key(3) ? [{ type: "delete", key: key(9) } as const] : []),
    ],
  });
  if (revision % 97 === 0 && revision > 150) store.compact(revision - 100);
}

function writeForEver(path: string): void {
  const { storage, stored } = NodeStorage.open({ path, onSetAside: () => process.exit(1) });
  const store = new Store(() => 0, { backend: storage });
  store.restore(stored);
  const random = new Random(store.revision);
  for (;;) {
    for (let i = random.below(8); i >= 0; i--) writeRevision(store, store.revision + 1);
    storage.commit();
    writeSync(1, `${store.revision}\n`);
  }
}

const [, script = "", path] = process.argv;
if (path !== undefined && script.includes("killedWriter")) writeForEver(path);
