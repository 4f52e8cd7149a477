import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { build } from "esbuild";
import { Random } from "../../../src/base/random.ts";
import { StorageRefused } from "../../../src/engine/host/durableLog.ts";
import { NodeStorage, StorageInUse } from "../../../src/engine/host/nodeStorage.ts";
import { Compacted } from "../../../src/engine/store/etcdError.ts";
import { Store } from "../../../src/engine/store/store.ts";
import { writeRevision } from "../../support/killedWriter.ts";

/** CRASH_ROUNDS=200 kills more often. */
const crashRounds = Number(process.env.CRASH_ROUNDS ?? 20);
const longestLifeMs = 60;

describe("NodeStorage", () => {
  let folder = "";
  let path = "";
  const refuse = (aside: string, reason: string): never => assert.fail(`${aside}: ${reason}`);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tutor-"));
    path = join(folder, "cluster", "etcd.sqlite");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function opened(quotaBytes?: number) {
    const quota = quotaBytes === undefined ? {} : { quotaBytes };
    const { storage, stored } = NodeStorage.open({ path, onSetAside: refuse, ...quota });
    const store = new Store(() => 5, { backend: storage });
    store.restore(stored);
    return { storage, store };
  }

  function reopened(): Store {
    const { storage, store } = opened();
    storage.close();
    return store;
  }

  it("gives back what was committed, with its history", () => {
    const { storage, store } = opened();
    store.put("/a", { n: 1 });
    store.put("/a", { n: 2 });
    store.txn({
      compare: [],
      success: [
        { type: "put", key: "/b", value: { n: 1 } },
        { type: "put", key: "/c", value: { n: 1 } },
      ],
    });
    store.delete("/b");
    storage.commit();
    storage.close();
    const restored = reopened();
    assert.equal(restored.revision, store.revision);
    assert.deepEqual(plain(restored), plain(store));
    assert.deepEqual(restored.get("/a", 2)?.value, { n: 1 });
    assert.deepEqual(restored.get("/b", 4)?.value, { n: 1 });
    assert.ok(Object.isFrozen(restored.get("/a")?.value));
  });

  it("gives back leases and who holds them", () => {
    const { storage, store } = opened();
    const { id } = store.grantLease(60);
    store.revokeLease(store.grantLease(60).id);
    store.put("/a", 1, { lease: id });
    storage.close();
    const restored = reopened();
    assert.deepEqual(
      restored.allLeases().map((lease) => [lease.id, lease.ttl, ...lease.keys]),
      [[id, 60, "/a"]],
    );
    assert.equal(restored.grantLease(60).id, id + 1);
  });

  it("keeps the newest state of each key through a compaction", () => {
    const { storage, store } = opened();
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

  it("nobody else may read the file", () => {
    opened().storage.close();
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it("a write beyond the quota is refused whole, and what was stored before stays", () => {
    const { storage, store } = opened(256 * 1024);
    let stored = 0;
    assert.throws(() => {
      for (;;) {
        for (let i = 0; i < 5; i++) store.put(`/${store.revision}`, "x".repeat(2_000));
        storage.commit();
        stored = store.revision;
      }
    }, StorageRefused);
    assert.throws(() => storage.commit(), StorageRefused);
    assert.throws(() => storage.close(), StorageRefused);
    assert.equal(reopened().revision, stored);
  });

  describe("in the hands of fate", () => {
    let writerPath = "";
    before(async () => {
      writerPath = join(mkdtempSync(join(tmpdir(), "tutor-")), "killedWriter.cjs");
      await build({
        entryPoints: ["test/support/killedWriter.ts"],
        bundle: true,
        platform: "node",
        format: "cjs",
        outfile: writerPath,
        logLevel: "error",
      });
    });
    after(() => rmSync(dirname(writerPath), { recursive: true }));

    /** Lets the writer write, and kills it. @returns the revision that it said was stored */
    async function killedWriter(lifeMs: number): Promise<number> {
      const writer = spawn(process.execPath, [writerPath, path]);
      let said = "";
      writer.stdout.on("data", (data) => {
        if (said === "") setTimeout(() => writer.kill("SIGKILL"), lifeMs);
        said += data;
      });
      const [, signal] = await once(writer, "close");
      assert.equal(signal, "SIGKILL");
      return Number(said.slice(0, said.lastIndexOf("\n")).split("\n").at(-1));
    }

    it(`keeps what was acknowledged, and nothing by halves, through ${crashRounds} kills`, async function () {
      this.timeout(crashRounds * 2_000);
      const random = new Random(Number(process.env.SEED ?? 1));
      for (let round = 0; round < crashRounds; round++) {
        const acknowledged = await killedWriter(random.below(longestLifeMs));
        const restored = reopened();
        assert.ok(restored.revision >= acknowledged, `${restored.revision} < ${acknowledged}`);
        assert.deepEqual(plain(restored), plain(written(restored.revision)));
      }
    });

    it("a log that is torn or spoilt gives back a state that once was", async function () {
      this.timeout(20_000);
      await killedWriter(longestLifeMs);
      const log = readFileSync(`${path}-wal`);
      assert.ok(log.length > 0);
      const random = new Random(2);
      for (let i = 0; i < 20; i++) {
        const copy = join(folder, String(i), basename(path));
        copyTo(copy);
        const at = random.below(log.length);
        if (i % 2 === 0) truncateSync(`${copy}-wal`, at);
        else flip(`${copy}-wal`, at);
        const { storage, stored } = NodeStorage.open({ path: copy, onSetAside: refuse });
        const restored = new Store(() => 5);
        restored.restore(stored);
        storage.close();
        assert.deepEqual(plain(restored), plain(written(restored.revision)));
      }
    });

    it("a file that is torn or spoilt is as it was, or set aside", async function () {
      this.timeout(20_000);
      await killedWriter(longestLifeMs);
      const whole = reopened();
      const { size } = statSync(path);
      const random = new Random(Number(process.env.SEED ?? 3));
      let asides = 0;
      for (let i = 0; i < 40; i++) {
        const copy = join(folder, String(i), basename(path));
        copyTo(copy);
        const at = random.below(size);
        if (i % 8 === 0) truncateSync(copy, at);
        else flip(copy, at);
        const spoilt = readFileSync(copy);
        let aside = "";
        const { storage, stored } = NodeStorage.open({
          path: copy,
          onSetAside: (name) => {
            aside = name;
          },
        });
        const restored = new Store(() => 5);
        restored.restore(stored);
        storage.close();
        if (aside === "") assert.deepEqual(plain(restored), plain(whole));
        else {
          asides++;
          assert.equal(restored.revision, 1);
          assert.deepEqual(readFileSync(aside), spoilt);
        }
      }
      assert.ok(asides > 10, `only ${asides} of 40 were noticed`);
    });

    it("a second process is turned away, and takes nothing from the first", async () => {
      const writer = spawn(process.execPath, [writerPath, path]);
      await once(writer.stdout, "data");
      assert.throws(() => opened(), StorageInUse);
      writer.kill("SIGKILL");
      await once(writer, "close");
      const restored = reopened();
      assert.deepEqual(plain(restored), plain(written(restored.revision)));
    });

    function copyTo(copy: string): void {
      NodeStorage.open({ path: copy, onSetAside: refuse }).storage.close();
      for (const suffix of ["", "-wal"])
        if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
    }
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
      opened().storage.close();
      rmSync(path);
      spoil(path);
      const told: string[] = [];
      const onSetAside = (aside: string, reason: string) => told.push(aside, reason);
      NodeStorage.open({ path, onSetAside }).storage.close();
      assert.equal(told.length, 2);
      const kept = readdirSync(join(folder, "cluster")).filter((name) => name.includes("damaged"));
      assert.equal(kept.length, 1);
      assert.equal(reopened().revision, 1);
    });

  it("refuses a second writer", () => {
    const { storage } = opened();
    assert.throws(() => opened(), /in use by another window/);
    storage.close();
  });
});

/** The store after the workload of the killed writer up to a revision. */
function written(revision: number): Store {
  const store = new Store(() => 5);
  while (store.revision < revision) writeRevision(store, store.revision + 1);
  return store;
}

/** What can be read now, and of the history what is kept. */
function plain(store: Store): unknown {
  const changes: unknown[] = [];
  store.watch("", store.compactRevision, ({ type, key, revision, entry }) =>
    changes.push([type, key, revision, entry?.value]),
  );
  const entries = store.range("").entries.map(({ size: _, ...entry }) => ({ ...entry }));
  return { entries, changes };
}

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 0x10;
  writeFileSync(file, bytes);
}
