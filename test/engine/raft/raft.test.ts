// RAFT_SEEDS=10000 tries more fates.
import assert from "node:assert/strict";
import { Random } from "../../../src/base/random.ts";
import type { MemberId } from "../../../src/engine/raft/message.ts";
import { electionTicks, Raft } from "../../../src/engine/raft/raft.ts";
import { RaftLog } from "../../../src/engine/raft/raftLog.ts";
import { UnreliableNetwork } from "./unreliableNetwork.ts";

const seeds = Number(process.env.RAFT_SEEDS ?? 300);
const firstSeed = Number(process.env.SEED ?? 0);
const stepsPerSeed = 3_000;

describe("Raft", () => {
  it(`is safe through loss, repetition, reordering, partitions and crashes, ${seeds} times`, function () {
    this.timeout(seeds * 200);
    let reads = 0;
    for (let seed = firstSeed; seed < firstSeed + seeds; seed++)
      try {
        reads += liveThrough(seed);
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    assert.ok(reads > seeds, `only ${reads} reads were confirmed`);
  });

  it("elects a leader within two election timeouts, and agrees on what it proposes", () => {
    const network = new UnreliableNetwork(3, 1);
    run(network, 2 * electionTicks);
    const leader = network.leader();
    assert.ok(leader);
    network.act(leader.id, (raft) => raft.propose("x"));
    network.deliverAll();
    assert.deepEqual(
      network.all(({ applied }) => applied),
      [3, 3, 3],
    );
  });

  it("a member that comes back does not disturb the leader", () => {
    const network = new UnreliableNetwork(3, 1);
    run(network, 2 * electionTicks);
    const leader = network.leader();
    assert.ok(leader);
    const { term } = leader;
    const [other] = others(network, leader.id);
    network.partition(new Map([[other, 1]]));
    run(network, 10 * electionTicks);
    network.heal();
    run(network, 2 * electionTicks);
    assert.deepEqual([network.leader()?.id, network.leader()?.term], [leader.id, term]);
  });

  it("a leader that a majority does not hear steps down within two election timeouts", () => {
    const network = new UnreliableNetwork(5, 1);
    run(network, 2 * electionTicks);
    const leader = network.leader();
    assert.ok(leader);
    network.partition(new Map([[leader.id, 1]]));
    network.act(leader.id, (raft) => raft.propose("lost"));
    run(network, 2 * electionTicks);
    assert.equal(leader.role === "leader", false);
    assert.notEqual(network.leader()?.id, leader.id);
  });

  it("two of four machines agree on nothing", () => {
    const network = new UnreliableNetwork(4, 1);
    network.partition(
      new Map([
        ["a", 1],
        ["b", 1],
      ]),
    );
    run(network, 20 * electionTicks);
    assert.equal(network.leader(), undefined);
    assert.deepEqual(
      network.all(({ raft }) => raft?.term),
      [1, 1, 1, 1],
    );
  });

  it("a member whose entries are compacted gets a snapshot, a newcomer too", () => {
    const network = new UnreliableNetwork(3, 1);
    run(network, 2 * electionTicks);
    const leader = network.leader();
    assert.ok(leader);
    const [other] = others(network, leader.id);
    network.crash(other);
    for (let i = 0; i < 20; i++) network.act(leader.id, (raft) => raft.propose(String(i)));
    run(network, 2);
    network.act(leader.id, (raft) => raft.compact(raft.log.committed - 3, "state"));
    network.start(other);
    network.install("d");
    network.act(leader.id, (raft) => raft.proposeChange({ type: "add", member: "d" }));
    run(network, 3 * electionTicks);
    assert.deepEqual(
      new Set(network.all(({ applied }) => applied)),
      new Set([leader.log.committed]),
    );
    assert.deepEqual(
      network.all(({ raft }) => raft?.members.size),
      [4, 4, 4, 4],
    );
  });

  it("entries of earlier terms are agreed on only together with one of the leader's own", () => {
    const leader = member("a", { members: ["a", "b", "c"], terms: [2, 2] });
    leader.campaign();
    leader.step({ type: "preVoteAnswer", granted: true, from: "b", to: "a", term: 3 });
    leader.step({ type: "voteAnswer", granted: true, from: "b", to: "a", term: 3 });
    leader.step({ type: "appendAnswer", index: 3, from: "b", to: "a", term: 3 });
    assert.equal(leader.log.committed, 1);
    leader.step({ type: "appendAnswer", index: 4, from: "b", to: "a", term: 3 });
    assert.equal(leader.log.committed, 4);
  });

  it("a follower agrees on no more than it shares with the leader for sure", () => {
    const follower = member("b", { members: ["a", "b", "c"], terms: [2, 2, 2] });
    follower.step({
      type: "append",
      previousIndex: 2,
      previousTerm: 2,
      entries: [],
      committed: 4,
      from: "a",
      to: "b",
      term: 3,
    });
    assert.equal(follower.log.committed, 2);
  });

  it("who hears its leader has no ear for candidates", () => {
    const follower = member("b", { members: ["a", "b", "c"], terms: [2] });
    follower.step({ type: "heartbeat", committed: 1, from: "a", to: "b", term: 2 });
    follower.takeMessages();
    for (const type of ["preVote", "vote"] as const) {
      const request = { type, lastIndex: 9, lastTerm: 9, from: "c", to: "b", term: 9 };
      follower.step(request);
      assert.deepEqual([follower.takeMessages(), follower.term], [[], 2]);
      for (let i = 0; i < electionTicks; i++) if (type === "vote") follower.tick();
      if (type === "vote") follower.step(request);
    }
    assert.equal(follower.term, 9);
  });

  it("a leader that is removed makes way for another", () => {
    const network = new UnreliableNetwork(3, 1);
    run(network, 2 * electionTicks);
    const leader = network.leader();
    assert.ok(leader);
    network.act(leader.id, (raft) => raft.proposeChange({ type: "remove", member: leader.id }));
    run(network, 4 * electionTicks);
    assert.notEqual(network.leader()?.id, leader.id);
    assert.equal(network.leader()?.members.size, 2);
  });
});

/** A member whose log holds entries of these terms, from index 2 on. */
function member(
  id: MemberId,
  { members, terms }: { readonly members: readonly MemberId[]; readonly terms: readonly number[] },
): Raft<string> {
  const log = new RaftLog<string>({ index: 1, term: 1, members, state: undefined });
  for (const [i, term] of terms.entries()) log.append({ term, index: i + 2, data: `${term}` });
  return new Raft(id, { term: log.lastTerm, vote: undefined, log }, new Random(1));
}

function run(network: UnreliableNetwork, ticks: number): void {
  for (let i = 0; i < ticks; i++) {
    network.tick();
    network.deliverAll();
  }
}

function others(network: UnreliableNetwork, id: MemberId): [MemberId, ...MemberId[]] {
  const [first, ...rest] = [...network.machines.keys()].filter((other) => other !== id);
  assert.ok(first);
  return [first, ...rest];
}

/** A random life, after which everything heals. @returns how many reads were confirmed */
function liveThrough(seed: number): number {
  const members = [1, 2, 3, 5][seed % 4] ?? 3;
  const network = new UnreliableNetwork(members, seed);
  const loss = network.random.below(25);
  const repeat = network.random.below(20);
  for (let step = 0; step < stepsPerSeed; step++) {
    misfortune(network, step);
    for (let i = network.random.below(6); i > 0; i--) network.deliver(loss, repeat);
    if (step % 50 === 0) network.checkLogs();
  }
  network.heal();
  run(network, 6 * electionTicks);
  network.checkLogs();
  const leader = network.leader();
  assert.ok(leader, "once everything is well there is a leader");
  network.act(leader.id, (raft) => raft.propose("last"));
  run(network, 2);
  for (const { id, applied } of network.machines.values())
    if (leader.members.has(id)) assert.equal(applied, leader.log.lastIndex, `${id} has caught up`);
  return network.confirmedReads;
}

function misfortune(network: UnreliableNetwork, step: number): void {
  const { random } = network;
  const ids = [...network.machines.keys()];
  const id = ids[random.below(ids.length)] ?? "a";
  const leader = network.leader()?.id ?? id;
  const fate = random.below(1_000);
  if (fate < 400) network.act(id, (raft) => raft.tick());
  else if (fate < 440) patienceEnds(network, id);
  else if (fate < 700)
    network.act(random.below(3) === 0 ? id : leader, (raft) => raft.propose(`${step}`));
  else if (fate < 770) network.read(id);
  else if (fate < 790) network.crash(leader);
  else if (fate < 800) network.crash(id);
  else if (fate < 860) network.start(id);
  else if (fate < 890)
    network.partition(
      new Map([
        [leader, 1],
        [id, random.below(2)],
      ]),
    );
  else if (fate < 920) network.partition(new Map(ids.map((one) => [one, random.below(2)])));
  else if (fate < 970) network.partition(new Map());
  else if (fate < 992) network.act(id, (raft) => raft.compact(raft.log.committed, step));
  else changeMembers(network, id);
}

/** A machine's clock runs ahead. */
function patienceEnds(network: UnreliableNetwork, id: MemberId): void {
  for (let i = 0; i < 2 * electionTicks; i++) network.act(id, (raft) => raft.tick());
}

function changeMembers(network: UnreliableNetwork, id: MemberId): void {
  const leader = network.leader();
  if (!leader) return;
  if (leader.members.size > 2 && network.random.below(2) === 0) {
    network.act(leader.id, (raft) => raft.proposeChange({ type: "remove", member: id }));
    return;
  }
  const member = `n${network.machines.size}`;
  if (leader.members.size >= 5) return;
  network.install(member);
  network.act(leader.id, (raft) => raft.proposeChange({ type: "add", member }));
}
