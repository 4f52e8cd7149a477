// Members of a Raft group in a network that loses, repeats and reorders messages, on machines that crash.
// Whatever happens, Raft's five safety properties are checked: figure 3 of the paper.
import assert from "node:assert/strict";
import { Random } from "../../../src/base/random.ts";
import type { Entry, MemberId, Message } from "../../../src/engine/raft/message.ts";
import { Raft, type RaftState } from "../../../src/engine/raft/raft.ts";
import { RaftLog } from "../../../src/engine/raft/raftLog.ts";

interface Machine {
  readonly id: MemberId;
  /** What survives a crash. */
  readonly state: RaftState<string>;
  /** Absent while the machine is down. */
  raft: Raft<string> | undefined;
  /** What the machine carried out, up to which entry. */
  applied: number;
  /** The last entry of its log when it was last seen as leader, and of which term. */
  led: { readonly term: number; readonly last: Entry<string> | undefined };
}

export class UnreliableNetwork {
  readonly machines = new Map<MemberId, Machine>();
  readonly random: Random;
  private readonly underWay: Message<string>[] = [];
  private readonly sides = new Map<MemberId, number>();
  private readonly leaders = new Map<number, MemberId>();
  /** Every entry that ever was in a log, by term and index: data and the term of the one before. */
  private readonly known = new Map<string, string>();
  private readonly carriedOut = new Map<number, Entry<string>>();
  private readonly reads = new Map<string, number>();
  confirmedReads = 0;

  constructor(members: number, seed: number) {
    this.random = new Random(seed);
    const ids = Array.from({ length: members }, (_, i) => String.fromCharCode(97 + i));
    for (const id of ids) this.install(id, { index: 1, term: 1, members: ids, state: undefined });
  }

  /** A new machine that knows of nobody. */
  install(
    id: MemberId,
    snapshot = { index: 0, term: 0, members: [] as MemberId[], state: null as unknown },
  ): void {
    const state = { term: snapshot.term, vote: undefined, log: new RaftLog<string>(snapshot) };
    const led = { term: 0, last: undefined };
    this.machines.set(id, { id, state, raft: undefined, applied: snapshot.index, led });
    this.start(id);
  }

  start(id: MemberId): void {
    const machine = this.machine(id);
    if (machine.raft) return;
    machine.applied = machine.state.log.snapshot.index;
    machine.raft = new Raft(id, machine.state, this.random.fork(`${id} ${this.random.below(1e9)}`));
    this.settle(machine);
  }

  crash(id: MemberId): void {
    this.machine(id).raft = undefined;
  }

  /** Machines of different sides don't hear each other; those without a side are on side 0. */
  partition(sides: ReadonlyMap<MemberId, number>): void {
    this.sides.clear();
    for (const [id, side] of sides) this.sides.set(id, side);
  }

  act(id: MemberId, action: (raft: Raft<string>) => void): void {
    const machine = this.machine(id);
    if (!machine.raft) return;
    action(machine.raft);
    this.settle(machine);
  }

  tick(): void {
    for (const id of this.machines.keys()) this.act(id, (raft) => raft.tick());
  }

  /** Asks a machine for a read, and remembers what it must see at least. */
  read(id: MemberId): void {
    const committed = Math.max(...this.all((machine) => machine.state.log.committed));
    this.act(id, (raft) => {
      const read = raft.read();
      if (read !== undefined) this.reads.set(`${id} ${raft.term} ${read}`, committed);
    });
  }

  /** Delivers one of the messages under way, or loses or repeats it. @returns false if there is none */
  deliver(lossPercent: number, repeatPercent: number): boolean {
    if (this.underWay.length === 0) return false;
    const at = this.random.below(this.underWay.length);
    const message = this.underWay[at];
    assert(message);
    const fate = this.random.below(100);
    if (fate < 100 - repeatPercent) this.underWay.splice(at, 1);
    if (fate >= lossPercent && this.connects(message))
      this.act(message.to, (raft) => raft.step(message));
    return true;
  }

  /** Delivers everything, in order, until nothing is under way. */
  deliverAll(): void {
    for (let message = this.underWay.shift(); message; message = this.underWay.shift()) {
      const { to } = message;
      if (this.connects(message)) this.act(to, (raft) => raft.step(message as Message<string>));
    }
  }

  /** Everybody is up and hears everybody. */
  heal(): void {
    this.partition(new Map());
    for (const id of this.machines.keys()) this.start(id);
  }

  leader(): Raft<string> | undefined {
    return this.all(({ raft }) => raft)
      .filter((raft) => raft?.role === "leader")
      .sort((a, b) => (b?.term ?? 0) - (a?.term ?? 0))[0];
  }

  all<T>(of: (machine: Machine) => T): T[] {
    return [...this.machines.values()].map(of);
  }

  private machine(id: MemberId): Machine {
    const machine = this.machines.get(id);
    assert(machine, `there is a machine ${id}`);
    return machine;
  }

  private connects({ from, to }: Message<string>): boolean {
    return (this.sides.get(from) ?? 0) === (this.sides.get(to) ?? 0);
  }

  private settle(machine: Machine): void {
    const { raft } = machine;
    assert(raft);
    this.underWay.push(...raft.takeMessages());
    for (const agreed of raft.takeAgreed())
      if (agreed.type === "entry") this.carryOut(machine, agreed.entry);
      else machine.applied = agreed.snapshot.index;
    for (const { id, index } of raft.takeReads())
      this.checkRead(`${machine.id} ${raft.term} ${id}`, index);
    this.checkLeader(machine, raft);
  }

  /** State machine safety: nobody carries out another entry at the same place. */
  private carryOut(machine: Machine, entry: Entry<string>): void {
    assert.equal(entry.index, machine.applied + 1, "entries are carried out one by one");
    machine.applied = entry.index;
    const before = this.carriedOut.get(entry.index);
    if (before) assert.deepEqual(entry, before, "state machine safety");
    else this.carriedOut.set(entry.index, entry);
  }

  private checkRead(read: string, index: number): void {
    const committed = this.reads.get(read);
    if (committed === undefined) return;
    this.confirmedReads++;
    assert.ok(index >= committed, "a read sees what was agreed on before it");
  }

  private checkLeader(machine: Machine, raft: Raft<string>): void {
    if (raft.role !== "leader") return;
    const { term, log } = raft;
    const other = this.leaders.get(term);
    assert.ok(other === undefined || other === raft.id, "election safety");
    if (other === undefined) this.checkCompleteness(raft);
    this.leaders.set(term, raft.id);
    const { led } = machine;
    if (led.term === term && led.last && led.last.index > log.snapshot.index)
      assert.equal(log.at(led.last.index), led.last, "leader append-only");
    machine.led = { term, last: log.at(log.lastIndex) };
  }

  /** Leader completeness: what was carried out anywhere is in the log of every later leader. */
  private checkCompleteness({ log }: Raft<string>): void {
    for (const [index, { term }] of this.carriedOut)
      if (index > log.snapshot.index) assert.equal(log.termAt(index), term, "leader completeness");
  }

  /** Log matching: entries of the same place and term are the same, and so is what comes before them. */
  checkLogs(): void {
    for (const { state } of this.machines.values()) {
      const { log } = state;
      for (const entry of log.from(log.snapshot.index + 1)) {
        const name = `${entry.term}/${entry.index}`;
        const content = JSON.stringify([entry, log.termAt(entry.index - 1)]);
        assert.equal(this.known.get(name) ?? content, content, "log matching");
        this.known.set(name, content);
      }
    }
  }
}
