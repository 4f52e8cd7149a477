// One member of etcd: a process on a machine, with a log that survives it.
import type { EtcdMemberStatus } from "../../api/clusterStatus.ts";
import type { Random } from "../../base/random.ts";
import type { Entry, Index, MemberId, Snapshot } from "../raft/message.ts";
import { Raft, type RaftState } from "../raft/raft.ts";
import { RaftLog } from "../raft/raftLog.ts";
import type { Revision } from "../store/entry.ts";
import type { Proposal } from "./proposal.ts";

/** Entries after which a member makes a snapshot, and how many it keeps for others. etcd 3.6. */
const snapshotCount = 10_000;
const catchUpEntries = 5_000;

/** What a snapshot says of the store that it stands for. */
interface StoreState {
  readonly revision: Revision;
}

export class Member {
  /** Neither its peers nor kube-apiserver hear it. */
  isCutOff = false;
  private readonly state: RaftState<Proposal>;
  private process: Raft<Proposal> | undefined;
  /** What it carried out, by log index and as revision of its store. */
  private applied: Index;
  private revision: Revision;

  constructor(
    readonly name: MemberId,
    private readonly random: Random,
    snapshot: Snapshot,
  ) {
    this.state = { term: snapshot.term, vote: undefined, log: new RaftLog(snapshot) };
    this.applied = snapshot.index;
    this.revision = revisionOf(snapshot);
    this.start();
  }

  /** Absent while it is stopped. */
  get raft(): Raft<Proposal> | undefined {
    return this.process;
  }

  get isReachable(): boolean {
    return this.process !== undefined && !this.isCutOff;
  }

  start(): void {
    this.process ??= new Raft(this.name, this.state, this.random);
  }

  /** The process is killed: it hands nothing over, and keeps its log. */
  stop(): void {
    this.process = undefined;
  }

  /** Carries out what is agreed on; `carryOut` sees to what must happen before. */
  apply(carryOut: (entry: Entry<Proposal>) => void): void {
    for (const agreed of this.process?.takeAgreed() ?? []) {
      if (agreed.type === "entry") carryOut(agreed.entry);
      const { index } = agreed.type === "entry" ? agreed.entry : agreed.snapshot;
      // After a restart it hears again what it knows.
      if (index <= this.applied) continue;
      this.applied = index;
      this.revision =
        agreed.type === "entry"
          ? (agreed.entry.data?.outcome?.revision ?? this.revision)
          : revisionOf(agreed.snapshot);
    }
    this.compact();
  }

  status(): EtcdMemberStatus {
    const { term, log } = this.state;
    return {
      name: this.name,
      role: this.roleName(),
      isCutOff: this.isCutOff,
      term,
      raftIndex: log.lastIndex,
      appliedIndex: this.applied,
      revision: this.revision,
    };
  }

  /** What it would come back with after everything was switched off. */
  get snapshot(): Snapshot {
    const { term, log } = this.state;
    const members = [...(this.process?.members ?? log.snapshot.members)];
    return { index: log.lastIndex, term, members, state: this.storeState() };
  }

  private storeState(): StoreState {
    return { revision: this.revision };
  }

  private compact(): void {
    const { process, state, applied } = this;
    if (!process || applied - state.log.snapshot.index < snapshotCount + catchUpEntries) return;
    process.compact(applied - catchUpEntries, this.storeState());
  }

  private roleName(): EtcdMemberStatus["role"] {
    const role = this.process?.role;
    if (role === undefined) return "stopped";
    return role === "preCandidate" ? "candidate" : role;
  }
}

function revisionOf({ state }: Snapshot): Revision {
  return (state as StoreState | undefined)?.revision ?? 0;
}
