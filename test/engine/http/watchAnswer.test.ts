import assert from "node:assert/strict";
import { HttpCluster, Reader } from "../../support/httpCluster.ts";

const maps = "/api/v1/namespaces/default/configmaps?watch=true";

describe("a watch over HTTP", () => {
  it("ends when etcd has no leader, and is refused until there is one", async () => {
    const cluster = new HttpCluster();
    const { engine } = cluster;
    engine.setEtcdMembers(3);
    const { cluster: members } = engine.etcd;
    const followers = members.status().filter(({ role }) => role === "follower");
    const setRunning = (isRunning: boolean): void => {
      for (const { name } of followers) members.setRunning(name, isRunning);
      engine.clock.run(10_000);
    };
    const reader = new Reader();
    await cluster.watch(maps, reader);
    assert.equal(reader.isEnded, false);
    setRunning(false);
    assert.equal(reader.isEnded, true);
    const refused = await cluster.send("GET", maps);
    assert.deepEqual(
      [refused.status, refused.headers["Retry-After"], JSON.parse(String(refused.body)).message],
      [429, "1", "storage is (re)initializing"],
    );
    setRunning(true);
    const again = new Reader();
    const watching = await cluster.watch(maps, again);
    assert.equal(again.isEnded, false);
    watching.dispose();
    assert.deepEqual(cluster.defects, []);
  });
});
