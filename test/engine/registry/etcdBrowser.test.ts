import assert from "node:assert/strict";
import {
  etcdFolders,
  etcdHistory,
  etcdKeys,
  etcdValue,
} from "../../../src/engine/registry/etcdBrowser.ts";
import { Store } from "../../../src/engine/store/store.ts";

describe("a look into etcd", () => {
  let now = 1_000;
  const store = new Store(() => now++);
  const pods = [
    "/registry/pods/default/a",
    "/registry/pods/default/b",
    "/registry/pods/kube-system/c",
  ];
  for (const key of pods) store.put(key, { key });
  store.put("/registry/minions/worker-1", 1);
  store.put("/registry/services/specs/default/kubernetes", 1);
  store.put("/registry/services/endpoints/default/kubernetes", 1);
  store.put("/registry/example.com/widgets/default/w", 1);
  store.put("compact_rev_key", "0");
  store.put(pods[0] ?? "", { key: "again" });
  store.delete(pods[1] ?? "");

  it("shows the keys by folder", () => {
    assert.deepEqual(etcdFolders(store), [
      { prefix: "/registry/example.com/widgets/", count: 1 },
      { prefix: "/registry/minions/", count: 1 },
      { prefix: "/registry/pods/", count: 2 },
      { prefix: "/registry/services/endpoints/", count: 1 },
      { prefix: "/registry/services/specs/", count: 1 },
      { prefix: "", count: 1 },
    ]);
  });

  it("pages through the keys of a folder", () => {
    const { id } = store.grantLease(60, 0x1a);
    store.put(pods[2] ?? "", 1, { lease: id });
    const first = etcdKeys(store, { prefix: "/registry/pods/", limit: 1 });
    assert.deepEqual([first.count, first.revision], [2, 12]);
    assert.deepEqual(first.keys, [
      { key: pods[0], createRevision: 2, modRevision: 10, version: 2, size: 15 },
    ]);
    const { keys } = etcdKeys(store, { prefix: "/registry/pods/", after: pods[0] ?? "", limit: 9 });
    assert.deepEqual(
      keys.map(({ key, lease }) => [key, lease]),
      [[pods[2], "1a"]],
    );
  });

  it("tells the history of a key, newest first, and what it held", () => {
    assert.deepEqual(
      etcdHistory(store, pods[1] ?? "").map(({ type, revision, at }) => [type, revision, at]),
      [
        ["delete", 11, 1_009],
        ["create", 3, 1_001],
      ],
    );
    assert.deepEqual(etcdValue(store, pods[0] ?? "", 2), { key: pods[0] });
    assert.deepEqual(etcdValue(store, pods[1] ?? "", 11), undefined);
  });

  it("after a compaction the oldest state is known, but not of when it is", () => {
    store.compact(11);
    assert.deepEqual(
      etcdHistory(store, pods[0] ?? "").map(({ type, revision, at }) => [type, revision, at]),
      [["update", 10, undefined]],
    );
    assert.throws(() => etcdValue(store, pods[0] ?? "", 2), /compacted/);
  });
});
