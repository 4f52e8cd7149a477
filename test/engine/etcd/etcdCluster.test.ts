import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { EtcdMemberCount } from "../../../src/api/etcdKeys.ts";
import { Random } from "../../../src/base/random.ts";
import { hour, minute, second } from "../../../src/base/time.ts";
import { VirtualClock } from "../../../src/engine/clock.ts";
import { Etcd } from "../../../src/engine/etcd/etcd.ts";
import { etcdHealth } from "../../../src/engine/registry/etcdHealth.ts";
import { EtcdError } from "../../../src/engine/store/etcdError.ts";

const timedOut = { message: "etcdserver: request timed out" };
const unhealthy = "error getting data from etcd: context deadline exceeded";

function cluster(count: EtcdMemberCount, seed = 1) {
  const clock = new VirtualClock(0);
  const etcd = new Etcd({ clock, random: new Random(seed) });
  etcd.cluster.resize(count);
  const named = (role: string): string[] =>
    etcd.cluster
      .status()
      .filter((member) => member.role === role)
      .map(({ name }) => name);
  return {
    clock,
    etcd,
    members: etcd.cluster,
    store: etcd.store,
    named,
    leader: () => named("leader")[0] ?? "",
    follower: () => named("follower")[0] ?? "",
  };
}

describe("EtcdCluster", () => {
  for (const count of [1, 3, 5] as const)
    it(`${count} members have one leader, and all carry out what is agreed on`, () => {
      const { store, members, named } = cluster(count);
      for (let i = 0; i < 10; i++) store.put("/a", i);
      const status = members.status();
      assert.equal(status.length, count);
      assert.deepEqual([named("leader").length, named("follower").length], [1, count - 1]);
      for (const member of status) {
        assert.equal(member.revision, 11);
        assert.equal(member.appliedIndex, member.raftIndex);
      }
      assert.equal(etcdHealth(store), undefined);
    });

  it("a stopped member misses what is written, and catches up", () => {
    const { clock, store, members, follower } = cluster(3);
    const stopped = follower();
    members.setRunning(stopped, false);
    store.put("/a", 1);
    clock.run(minute);
    store.put("/a", 2);
    const statusOf = () => members.status().find(({ name }) => name === stopped);
    assert.deepEqual([statusOf()?.role, statusOf()?.revision], ["stopped", 1]);
    members.setRunning(stopped, true);
    clock.run(second);
    assert.deepEqual([statusOf()?.role, statusOf()?.revision], ["follower", 3]);
  });

  it("one that was away for a long time gets a snapshot", () => {
    const { clock, store, members, follower } = cluster(3);
    const stopped = follower();
    members.setRunning(stopped, false);
    for (let i = 0; i < 16_000; i++) store.put("/a", i);
    members.setRunning(stopped, true);
    clock.run(second);
    assert.deepEqual(new Set(members.status().map(({ revision }) => revision)), new Set([16_001]));
  });

  it("without its leader it elects another within two seconds, and fails until then", () => {
    const { clock, store, members, leader } = cluster(3);
    const [first] = [leader()];
    const { term = 0 } = members.status()[0] ?? {};
    members.setRunning(first, false);
    assert.throws(() => store.put("/a", 1), timedOut);
    assert.throws(() => store.confirmRead(), timedOut);
    assert.equal(etcdHealth(store), unhealthy);
    clock.run(2.5 * second);
    assert.notEqual(leader(), first);
    assert.equal(store.put("/a", 1), 2);
    assert.ok(members.status().some((member) => member.term > term));
    members.setRunning(first, true);
    clock.run(second);
    assert.equal(members.status().find(({ name }) => name === first)?.revision, 2);
    assert.notEqual(leader(), first);
  });

  it("without a majority it writes nothing and confirms nothing, and heals by itself", () => {
    const { clock, store, members, follower } = cluster(3);
    store.put("/a", 1);
    const stopped = [follower()];
    members.setRunning(follower(), false);
    stopped.push(follower());
    members.setRunning(follower(), false);
    assert.throws(() => store.put("/a", 2), timedOut);
    clock.run(minute);
    assert.throws(() => store.put("/a", 3), timedOut);
    assert.throws(() => store.confirmRead(), timedOut);
    assert.equal(store.get("/a")?.value, 1);
    members.setRunning(stopped[0] ?? "", true);
    clock.run(5 * second);
    assert.equal(etcdHealth(store), undefined);
    store.put("/b", 1);
  });

  it("what timed out may be carried out later, at the revision of that time", () => {
    const { clock, store, members } = cluster(3);
    const [leader, ...others] = members
      .status()
      .toSorted((a, b) => Number(b.role === "leader") - Number(a.role === "leader"));
    for (const { name } of others) members.setRunning(name, false);
    assert.throws(() => store.put("/late", "x"), timedOut);
    assert.equal(store.get("/late"), undefined);
    for (const { name } of others) members.setRunning(name, true);
    clock.run(second);
    assert.equal(leader?.role, "leader");
    assert.deepEqual([store.get("/late")?.value, store.revision], ["x", 2]);
  });

  it("a leader that is cut off gives way, and what it alone had is gone", () => {
    const { clock, store, members, leader } = cluster(5);
    const first = leader();
    members.setCutOff(first, true);
    clock.run(5 * second);
    assert.equal(store.put("/a", 1), 2);
    const cutOff = () => members.status().find(({ name }) => name === first);
    assert.deepEqual([cutOff()?.role, cutOff()?.revision], ["candidate", 1]);
    members.setCutOff(first, false);
    clock.run(second);
    assert.deepEqual([cutOff()?.role, cutOff()?.revision], ["follower", 2]);
  });

  it("with no member to talk to, the client says so", () => {
    const { store, members } = cluster(1);
    members.setRunning("etcd-0", false);
    assert.throws(() => store.put("/a", 1), /code = Unavailable .*connection refused/);
  });

  it("a lone member leads again soon after it was stopped", () => {
    const { clock, store, members } = cluster(1);
    store.put("/a", 1);
    members.setRunning("etcd-0", false);
    clock.run(hour);
    members.setRunning("etcd-0", true);
    clock.run(2 * second);
    assert.equal(store.put("/a", 2), 3);
  });

  it("members come and go one by one", () => {
    const { clock, store, members, named } = cluster(1);
    store.put("/a", 1);
    for (const count of [5, 3, 1, 3] as const) {
      members.resize(count);
      store.put("/a", count);
      assert.equal(members.status().length, count);
      assert.equal(named("leader").length, 1);
      assert.deepEqual(
        new Set(members.status().map(({ revision }) => revision)),
        new Set([store.revision]),
      );
    }
    members.setRunning(named("follower")[0] ?? "", false);
    members.setRunning(named("follower")[0] ?? "", false);
    assert.throws(() => members.resize(5), timedOut);
    assert.equal(members.status().length, 3);
    clock.run(minute);
    assert.throws(() => members.resize(1), timedOut);
  });

  it("dead members are the first to leave", () => {
    const { store, members, follower } = cluster(3);
    const dead = follower();
    members.setRunning(dead, false);
    members.resize(1);
    assert.ok(members.status().every(({ name }) => name !== dead));
    store.put("/a", 1);
  });

  it("a new leader gives every lease its whole time", () => {
    const { clock, store, members, leader } = cluster(3);
    const { id } = store.grantLease(60);
    store.put("/a", 1, { lease: id });
    clock.run(50 * second);
    members.setRunning(leader(), false);
    clock.run(50 * second);
    assert.equal(store.get("/a")?.value, 1);
    clock.run(20 * second);
    assert.equal(store.get("/a"), undefined);
  });

  it("nothing ends while there is no leader", () => {
    const { clock, store, members, leader } = cluster(3);
    const { id } = store.grantLease(10);
    store.put("/a", 1, { lease: id });
    const stopped = [leader()];
    members.setRunning(leader(), false);
    clock.run(3 * second);
    stopped.push(leader());
    members.setRunning(leader(), false);
    clock.run(hour);
    assert.equal(store.get("/a")?.value, 1);
    for (const name of stopped) members.setRunning(name, true);
    clock.run(20 * second);
    assert.equal(store.get("/a"), undefined);
  });

  it("members that have nothing to say keep quiet", () => {
    const { clock, store, members, follower, leader } = cluster(5);
    members.setRunning(follower(), false);
    assert.ok(tasksInAnHour(clock) <= 720);
    members.setCutOff(leader(), true);
    members.setRunning(follower(), false);
    assert.ok(tasksInAnHour(clock) <= 720);
    assert.equal(etcdHealth(store), unhealthy);
  });

  function tasksInAnHour(clock: VirtualClock): number {
    clock.run(minute);
    let tasks = 0;
    const end = clock.now() + hour;
    for (; (clock.nextDue() ?? end) < end; tasks++) clock.step();
    return tasks;
  }

  it("the members come back as they were, with no lower term", () => {
    const before = cluster(5);
    before.store.put("/a", 1);
    const clock = new VirtualClock(0);
    const state = before.members.state();
    const etcd = new Etcd({ clock, random: new Random(2), stored: { events: [], members: state } });
    const status = etcd.cluster.status();
    assert.deepEqual(
      status.map(({ name }) => name),
      before.members.status().map(({ name }) => name),
    );
    for (const { term, raftIndex } of status)
      assert.deepEqual([term > state.term, raftIndex > state.index], [true, true]);
  });

  it("loses nothing that was acknowledged, whatever is stopped and cut off", () => {
    const member = fc.nat(4);
    const step = fc.oneof(
      fc.record({ type: fc.constant("write" as const) }),
      fc.record({ type: fc.constant("wait" as const), ms: fc.nat(4_000) }),
      fc.record({ type: fc.constantFrom("running", "cutOff"), member, on: fc.boolean() }),
      fc.record({ type: fc.constant("resize" as const), count: fc.constantFrom(1, 3, 5) }),
    ) as fc.Arbitrary<Step>;
    void fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat(), (steps, seed) => {
        const tried = cluster(3, seed);
        const acknowledged = steps.flatMap((one, i) => (act(tried, one, i) ? [i] : []));
        const { clock, store, members, named } = tried;
        for (const { name } of members.status()) {
          members.setRunning(name, true);
          members.setCutOff(name, false);
        }
        clock.run(20 * second);
        for (const i of acknowledged) assert.equal(store.get(`/${i}`)?.value, i);
        assert.equal(named("leader").length, 1);
        assert.equal(etcdHealth(store), undefined);
        store.put("/last", 1);
        for (const { revision } of members.status()) assert.equal(revision, store.revision);
      }),
      { numRuns: Number(process.env.ETCD_RUNS ?? 200) },
    );
  });
});

type Step =
  | { readonly type: "write" }
  | { readonly type: "wait"; readonly ms: number }
  | { readonly type: "running" | "cutOff"; readonly member: number; readonly on: boolean }
  | { readonly type: "resize"; readonly count: EtcdMemberCount };

/** @returns whether a write was acknowledged */
function act(
  { clock, members, store }: ReturnType<typeof cluster>,
  step: Step,
  i: number,
): boolean {
  switch (step.type) {
    case "write":
      return orRefused(() => store.put(`/${i}`, i));
    case "wait":
      clock.run(step.ms);
      return false;
    case "resize":
      orRefused(() => members.resize(step.count));
      return false;
    default: {
      const status = members.status();
      const name = status[step.member % status.length]?.name ?? "";
      if (step.type === "running") members.setRunning(name, step.on);
      else members.setCutOff(name, step.on);
      return false;
    }
  }
}

/** @returns false if etcd refused */
function orRefused(act: () => unknown): boolean {
  try {
    act();
    return true;
  } catch (error) {
    assert.ok(error instanceof EtcdError);
    return false;
  }
}
