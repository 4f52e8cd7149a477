import assert from "node:assert/strict";
import { ConfigMap } from "../../../src/api/kinds/configMap.ts";
import { ApiError } from "../../../src/api/status.ts";
import { second } from "../../../src/base/time.ts";
import { StorageRefused } from "../../../src/engine/host/durableLog.ts";
import { openTestCluster, type TestCluster } from "../../support/engineCluster.ts";

const configMap = (name: string) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { namespace: "default", name },
});

describe("a full disk", () => {
  let isFull = false;
  let wall = 0;
  let cluster: TestCluster;

  before(async () => {
    const commit = (): void => {
      if (isFull) throw new StorageRefused("database or disk is full");
    };
    cluster = await openTestCluster({
      log: { commit, close: () => undefined },
      wallNow: () => wall,
    });
  });
  after(() => cluster.dispose());

  const refusal = (message: string) => (error: unknown) => {
    assert.ok(error instanceof ApiError);
    assert.deepEqual([error.code, error.reason, error.message], [500, "", message]);
    return true;
  };

  it("fails the write that it meets: whether it is done is not known", async () => {
    isFull = true;
    const { client } = cluster;
    await assert.rejects(
      client.create(ConfigMap, configMap("met")),
      refusal("etcdserver: request timed out"),
    );
  });

  it("refuses those that follow as etcd does when its space is used up", async () => {
    await assert.rejects(
      cluster.client.create(ConfigMap, configMap("refused")),
      refusal("etcdserver: mvcc: database space exceeded"),
    );
    await cluster.simulator.step(60 * second);
  });

  it("lets go once there is space", async () => {
    isFull = false;
    wall += 2 * second;
    await cluster.simulator.step();
    const { client } = cluster;
    await client.create(ConfigMap, configMap("later"));
    const { items } = await client.list(ConfigMap, { namespace: "default" });
    const names = items.map(({ metadata }) => metadata.name);
    assert.deepEqual(
      ["met", "refused", "later"].map((name) => names.includes(name)),
      [true, false, true],
    );
  });
});
