import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { NodeStorage } from "../../../src/engine/host/nodeStorage.ts";
import { Compacted, Store } from "../../../src/engine/store/store.ts";

describe("NodeStorage", () => {
  let folder = "";
  let path = "";
  const refuse = (aside: string, reason: string): never => assert.fail(`${aside}: ${reason}`);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tutor-"));
    path = join(folder, "cluster", "etcd.sqlite");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function reopened(): Store {
    const storage = NodeStorage.open(path, refuse);
    const store = new Store(() => 0, storage);
    store.restore(storage.load(), storage.compactRevision);
    storage.close();
    return store;
  }

  it("gives back what was committed, with its history", () => {
    const storage = NodeStorage.open(path, refuse);
    const store = new Store(() => 5, storage);
    store.put("/a", { n: 1 });
    store.put("/a", { n: 2 });
    store.put("/b", { n: 1 });
    store.delete("/b");
    storage.commit();
    storage.close();
    const restored = reopened();
    assert.equal(restored.revision, store.revision);
    assert.deepEqual(restored.range("/").entries, store.range("/").entries);
    assert.deepEqual(restored.get("/a", 2)?.value, { n: 1 });
    assert.deepEqual(restored.get("/b", 4)?.value, { n: 1 });
    assert.ok(Object.isFrozen(restored.get("/a")?.value));
  });

  it("keeps every committed write when the process is killed, and no half of a batch", () => {
    const writer = join(import.meta.dirname, "../../support/killedWriter.ts");
    const { signal } = spawnSync(process.execPath, ["--import", "tsx", writer, path]);
    assert.equal(signal, "SIGKILL");
    assert.deepEqual(
      reopened()
        .range("/")
        .entries.map(({ key }) => key),
      ["/committed/1", "/committed/2"],
    );
  });

  it("keeps the newest state of each key through a compaction", () => {
    const storage = NodeStorage.open(path, refuse);
    const store = new Store(() => 0, storage);
    for (let i = 0; i < 10; i++) store.put(`/${i % 3}`, i);
    store.delete("/0");
    store.compact(store.revision);
    storage.close();
    const restored = reopened();
    assert.equal(restored.revision, store.revision);
    assert.deepEqual(
      restored.range("/").entries.map(({ value }) => value),
      [7, 8],
    );
    assert.throws(() => restored.get("/1", 3), Compacted);
  });

  for (const [claim, spoil] of [
    ["a file that is no database", (at: string) => writeFileSync(at, "x".repeat(4096))],
    [
      "another program's database",
      (at: string) => {
        const database = new DatabaseSync(at);
        database.exec("CREATE TABLE theirs (x); PRAGMA user_version = 7");
        database.close();
      },
    ],
  ] as const)
    it(`sets ${claim} aside, says where, and starts an empty store`, () => {
      NodeStorage.open(path, refuse).close();
      rmSync(path);
      spoil(path);
      const told: string[] = [];
      NodeStorage.open(path, (aside, reason) => told.push(aside, reason)).close();
      assert.equal(told.length, 2);
      const kept = readdirSync(join(folder, "cluster")).filter((name) => name.includes("damaged"));
      assert.equal(kept.length, 1);
      assert.equal(reopened().revision, 1);
    });

  it("refuses a second writer", () => {
    const storage = NodeStorage.open(path, refuse);
    storage.setMeta("seed", "1");
    assert.throws(() => NodeStorage.open(path, refuse), /in use by another window/);
    storage.close();
  });
});
