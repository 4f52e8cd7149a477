// How long watches of etcd outlive its leader.
import assert from "node:assert/strict";
import type { EtcdMemberCount } from "../../../src/api/etcdKeys.ts";
import { Random } from "../../../src/base/random.ts";
import { hour, minute, second } from "../../../src/base/time.ts";
import { VirtualClock } from "../../../src/engine/clock.ts";
import { Etcd } from "../../../src/engine/etcd/etcd.ts";

function scene(count: EtcdMemberCount) {
  const clock = new VirtualClock(0);
  const etcd = new Etcd({ clock, random: new Random(1) });
  etcd.cluster.resize(count);
  clock.run(minute);
  const since = clock.now();
  const endings: number[] = [];
  etcd.leaderMonitor.onMissed(() => endings.push(clock.now() - since));
  const [leader = "", ...others] = etcd.cluster
    .status()
    .toSorted((a, b) => Number(b.role === "leader") - Number(a.role === "leader"))
    .map(({ name }) => name);
  return { clock, cluster: etcd.cluster, endings, leader, others };
}

describe("etcd's watches", () => {
  it("end when a member has been without a leader for three election timeouts", () => {
    const { clock, cluster, endings, others } = scene(3);
    for (const name of others) cluster.setRunning(name, false);
    clock.run(hour);
    const [ending = 0, ...more] = endings;
    assert.deepEqual(more, []);
    // The leader gives up after one to two timeouts, and looks come once a timeout.
    assert.ok(3 * second < ending && ending <= 6 * second, String(ending));
  });

  it("end again the next time", () => {
    const { clock, cluster, endings, others } = scene(3);
    for (let i = 0; i < 2; i++)
      for (const isRunning of [false, true]) {
        for (const name of others) cluster.setRunning(name, isRunning);
        clock.run(minute);
      }
    assert.equal(endings.length, 2);
  });

  it("survive an election", () => {
    const { clock, cluster, endings, leader } = scene(3);
    cluster.setRunning(leader, false);
    clock.run(hour);
    assert.deepEqual(endings, []);
  });

  for (const count of [1, 3] as const)
    it(`wait for a member when none of ${count} is there`, () => {
      const { clock, cluster, endings, leader, others } = scene(count);
      for (const name of [leader, ...others]) cluster.setRunning(name, false);
      clock.run(hour);
      assert.deepEqual(endings, []);
    });
});
