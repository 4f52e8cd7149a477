import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { ConfigMap } from "../../../src/api/kinds/configMap.ts";
import { isReady, Node } from "../../../src/api/kinds/node.ts";
import { ApiError } from "../../../src/api/status.ts";
import type { EmbeddedCluster, StopReason } from "../../../src/client/embeddedCluster.ts";
import { ClusterStopped, openNodeCluster } from "../../../src/engine/host/nodeCluster.ts";
import { endpointPath } from "../../../src/engine/host/nodeEndpoint.ts";

const m1 = { namespace: "default", name: "m1" };
const configMap = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: m1,
  data: { greeting: "안녕하세요" },
};

describe("the embedded cluster", () => {
  let folder = "";
  let workerPath = "";
  const open: EmbeddedCluster[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "tutor-"));
    workerPath = join(folder, "worker.cjs");
    await build({
      entryPoints: ["src/engine/host/nodeWorker.ts"],
      bundle: true,
      platform: "node",
      format: "cjs",
      outfile: workerPath,
      define: { "import.meta.dirname": "__dirname" },
      logLevel: "error",
    });
  });
  afterEach(async () => {
    for (const cluster of open.splice(0)) await cluster.close();
  });
  after(() => rmSync(folder, { recursive: true }));

  async function opened(name: string): Promise<EmbeddedCluster> {
    const storagePath = join(folder, name, "etcd.sqlite");
    const cluster = await openNodeCluster({ name, workerPath, storagePath });
    open.push(cluster);
    return cluster;
  }

  it("runs in a worker, and its nodes are ready at once", async () => {
    const { client } = await opened("boots");
    const nodes = await client.list(Node);
    assert.deepEqual(
      nodes.items.map((node) => `${node.metadata.name} ${isReady(node)}`),
      ["control-plane true", "worker-1 true", "worker-2 true", "worker-3 true"],
    );
  });

  it("answers refusals with the server's Status", async () => {
    const { client } = await opened("refuses");
    await assert.rejects(client.get(ConfigMap, m1), (error) => {
      assert.ok(error instanceof ApiError);
      return error.status.reason === "NotFound" && error.code === 404;
    });
  });

  it("tells watchers and the timeline of what happens", async () => {
    const { client, timeline } = await opened("watches");
    const aborter = new AbortController();
    const watching = client.watch(ConfigMap, { namespace: "default" }, aborter.signal);
    const first = (async () => {
      for await (const batch of watching)
        for (const { type, object } of batch)
          if (object.metadata && "name" in object.metadata && object.metadata.name === "m1")
            return type;
      return "nothing";
    })();
    await client.create(ConfigMap, configMap);
    assert.equal(await first, "ADDED");
    for await (const batch of timeline.events(1, aborter.signal))
      if (batch.some((event) => event.type === "request" && event.target.name === "m1")) break;
    aborter.abort();
  });

  it("gives back every acknowledged write after its engine was stopped without a word", async () => {
    const cluster = await opened("survives");
    await cluster.client.create(ConfigMap, configMap);
    open.length = 0;
    cluster.dispose();
    const again = await opened("survives");
    const found = await again.client.get(ConfigMap, m1);
    assert.deepEqual(found.data, configMap.data);
    assert.ok(await isOnTimeline(again), "the timeline remembers the write");
  });

  async function isOnTimeline({ timeline }: EmbeddedCluster): Promise<boolean> {
    for await (const batch of timeline.events(1, new AbortController().signal))
      return batch.some((event) => event.type === "request" && event.target.name === "m1");
    return false;
  }

  it("a second window is a client of the first, and takes over when that is gone", async () => {
    const first = await opened("shared");
    const second = await opened("shared");
    const left = new Promise<StopReason>((resolve) => second.onDidStop(resolve));
    await second.client.create(ConfigMap, configMap);
    assert.deepEqual((await first.client.get(ConfigMap, m1)).data, configMap.data);
    await second.simulator.setSpeed(2);
    assert.ok(await isOnTimeline(second), "the second window has the timeline too");
    open.length = 0;
    await first.close();
    assert.deepEqual(await left, { type: "left" });
    assert.ok(!existsSync(endpointPath(join(folder, "shared"))));
    const third = await opened("shared");
    assert.deepEqual((await third.client.get(ConfigMap, m1)).data, configMap.data);
  });

  it("leaving a cluster that another window runs does not end it", async () => {
    const first = await opened("guest");
    const guest = await opened("guest");
    await guest.close();
    open.length = 1;
    await first.client.create(ConfigMap, configMap);
  });

  it("a snapshot brings a cluster back, and a reset begins anew", async () => {
    const snapshot = join(folder, "snapshot.sqlite");
    const replacedBy = async (act: (cluster: EmbeddedCluster) => Promise<void>) => {
      const [cluster] = open.splice(0);
      assert.ok(cluster);
      const stopped = new Promise<StopReason>((resolve) => cluster.onDidStop(resolve));
      await act(cluster);
      assert.deepEqual(await stopped, { type: "replaced" });
      return opened("replaced");
    };
    const { client, simulator } = await opened("replaced");
    await client.create(ConfigMap, configMap);
    await simulator.files.exportSnapshot(snapshot);
    assert.equal(statSync(snapshot).mode & 0o777, 0o600);
    const empty = await replacedBy(({ simulator }) => simulator.files.reset());
    await assert.rejects(empty.client.get(ConfigMap, m1), ApiError);
    const back = await replacedBy(({ simulator }) => simulator.files.importSnapshot(snapshot));
    assert.deepEqual((await back.client.get(ConfigMap, m1)).data, configMap.data);
    assert.ok(await isOnTimeline(back));
  });

  it("what is no snapshot is refused, and nothing is lost", async () => {
    const { client, simulator } = await opened("refuses");
    const file = join(folder, "letter.txt");
    writeFileSync(file, "dear cluster");
    await assert.rejects(simulator.files.importSnapshot(file), /not a snapshot of a cluster/);
    await client.create(ConfigMap, configMap);
  });

  for (const [claim, misdeed, expected] of [
    ["dies", 'throw new Error("boom")', { type: "crashed", message: "Error: boom" }],
    ["hangs in an endless loop", "for (;;);", { type: "unresponsive" }],
  ] as const)
    it(`says so when the engine ${claim}, and everything under way fails`, async function () {
      this.timeout(30_000);
      const spoiled = join(folder, `${expected.type}.cjs`);
      await build({
        stdin: {
          contents: `
            require(${JSON.stringify(workerPath)});
            require("node:worker_threads").parentPort.on("message", (message) => {
              if (JSON.stringify(message).includes("misbehave")) setImmediate(() => { ${misdeed}; });
            });`,
          resolveDir: folder,
        },
        platform: "node",
        format: "cjs",
        outfile: spoiled,
        logLevel: "error",
      });
      const cluster = await openNodeCluster({
        name: expected.type,
        workerPath: spoiled,
        storagePath: join(folder, expected.type, "etcd.sqlite"),
        patienceMs: 5_000,
      });
      const stopped = new Promise<StopReason>((resolve) => cluster.onDidStop(resolve));
      await cluster.client.get(ConfigMap, { ...m1, name: "misbehave" }).catch(() => undefined);
      assert.deepEqual(await stopped, expected);
      await assert.rejects(cluster.client.list(ConfigMap), ClusterStopped);
    });
});
