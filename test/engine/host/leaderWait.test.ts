import assert from "node:assert/strict";
import { ConfigMap } from "../../../src/api/kinds/configMap.ts";
import { ApiError } from "../../../src/api/status.ts";
import { second } from "../../../src/base/time.ts";
import { openTestCluster, type TestCluster } from "../../support/engineCluster.ts";

const configMap = (name: string) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { namespace: "default", name },
});

describe("a request from outside", () => {
  let cluster: TestCluster;
  before(async () => {
    cluster = await openTestCluster();
    await cluster.simulator.etcd.setMembers(3);
  });
  after(() => cluster.dispose());

  it("waits while etcd elects a leader", async () => {
    const leader = cluster.engine.etcd.cluster.status().find(({ role }) => role === "leader");
    assert.ok(leader);
    await cluster.simulator.inject({ type: "stopEtcdMember", member: leader.name });
    const creating = cluster.client.create(ConfigMap, configMap("waits"));
    await cluster.simulator.step(3 * second);
    assert.equal((await creating).metadata.name, "waits");
  });

  it("does not wait for a leader that cannot be elected", async () => {
    const follower = cluster.engine.etcd.cluster.status().find(({ role }) => role === "follower");
    assert.ok(follower);
    await cluster.simulator.inject({ type: "stopEtcdMember", member: follower.name });
    await cluster.simulator.step(5 * second);
    await assert.rejects(
      cluster.client.create(ConfigMap, configMap("fails")),
      (error) => error instanceof ApiError && error.message === "etcdserver: request timed out",
    );
  });
});
