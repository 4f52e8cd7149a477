// What a leader does in its term: it brings its log to the others, learns what a majority has, and makes
// sure that it still leads before it lets anybody read. Source: etcd raft/raft.go stepLeader, 3.5.
import type {
  AppendAnswer,
  Content,
  Envelope,
  Heartbeat,
  HeartbeatAnswer,
  Index,
  MemberId,
  Message,
  Term,
} from "./message.ts";
import { Progress } from "./progress.ts";
import { committedIndex, majorityOf } from "./quorum.ts";
import type { RaftLog } from "./raftLog.ts";

/** Source: maxSizePerMsg, in entries instead of bytes. */
const mostEntriesPerMessage = 1_000;

/** A read that may be answered once everything up to `index` is carried out. */
export interface ConfirmedRead {
  readonly id: number;
  readonly index: Index;
}

interface PendingRead extends ConfirmedRead {
  readonly confirmedBy: Set<MemberId>;
}

export interface LeadershipWorld<Data> {
  readonly self: MemberId;
  readonly term: Term;
  readonly log: RaftLog<Data>;
  send(message: Message<Data>): void;
  /** A majority has everything up to `index`. */
  commit(index: Index): void;
  confirm(read: ConfirmedRead): void;
}

export class Leadership<Data> {
  private members: ReadonlySet<MemberId>;
  private readonly progress = new Map<MemberId, Progress>();
  private reads: PendingRead[] = [];
  /** Reads that came before this leader knew how far its predecessors had committed. */
  private earlyReads: number[] = [];

  constructor(
    private readonly world: LeadershipWorld<Data>,
    members: ReadonlySet<MemberId>,
  ) {
    this.members = members;
    for (const member of members) this.progress.set(member, new Progress(world.log.lastIndex + 1));
  }

  /** The entries that each member is known to have, by member. */
  match(member: MemberId): Index {
    return this.progress.get(member)?.match ?? 0;
  }

  /** The leader has appended to its own log. */
  appended(): void {
    this.progress.get(this.world.self)?.accepted(this.world.log.lastIndex);
    this.advanceCommit();
    this.broadcastAppend();
  }

  /** One member came or went. */
  changeMembers(members: ReadonlySet<MemberId>): void {
    this.members = members;
    for (const member of members) {
      if (this.progress.has(member)) continue;
      const added = new Progress(this.world.log.lastIndex + 1);
      // A newcomer gets its time before it counts against the leader.
      added.recentActive = true;
      this.progress.set(member, added);
    }
    for (const member of [...this.progress.keys()])
      if (!members.has(member)) this.progress.delete(member);
    if (this.advanceCommit()) this.broadcastAppend();
    else for (const member of this.others()) this.sendAppend(member, false);
  }

  /** Whether a majority was heard of since the last time; the count begins anew. */
  hasActiveMajority(): boolean {
    const { self } = this.world;
    const active = [...this.members].filter(
      (member) => member === self || this.progress.get(member)?.recentActive,
    );
    for (const progress of this.progress.values()) progress.recentActive = false;
    return active.length >= majorityOf(this.members);
  }

  broadcastHeartbeat(): void {
    const read = this.reads.at(-1)?.id;
    for (const to of this.others()) {
      const committed = Math.min(this.match(to), this.world.log.committed);
      const heartbeat: Heartbeat = { type: "heartbeat", committed };
      this.send(to, read === undefined ? heartbeat : { ...heartbeat, read });
    }
  }

  /** Asks a majority whether this is still the leader; the answer comes by `confirm`. */
  read(id: number): void {
    const { log, self, term } = this.world;
    if (log.termAt(log.committed) !== term) {
      this.earlyReads.push(id);
      return;
    }
    this.reads.push({ id, index: log.committed, confirmedBy: new Set([self]) });
    this.confirmReads();
    if (this.reads.length > 0) this.broadcastHeartbeat();
  }

  takeAppendAnswer({ from, index, rejected }: Envelope & AppendAnswer): void {
    const progress = this.progress.get(from);
    if (!progress) return;
    progress.recentActive = true;
    if (rejected) {
      const { hintIndex, hintTerm } = rejected;
      const hint =
        hintTerm > 0 ? this.world.log.findConflict(hintIndex, hintTerm).index : hintIndex;
      if (progress.rejected(index, hint)) this.sendAppend(from);
      return;
    }
    const wasPaused = progress.isPaused;
    if (!progress.accepted(index)) return;
    if (this.advanceCommit()) this.broadcastAppend();
    else if (wasPaused) this.sendAppend(from);
    // There may be more than one message holds.
    while (this.sendAppend(from, false));
  }

  takeHeartbeatAnswer({ from, read }: Envelope & HeartbeatAnswer): void {
    const progress = this.progress.get(from);
    if (!progress) return;
    progress.heard();
    if (progress.match < this.world.log.lastIndex) this.sendAppend(from);
    if (read === undefined) return;
    for (const pending of this.reads) if (pending.id <= read) pending.confirmedBy.add(from);
    this.confirmReads();
  }

  private advanceCommit(): boolean {
    const { log, term } = this.world;
    const index = committedIndex(this.members, (member) => this.match(member));
    // Entries of earlier terms are committed by one of this term only: figure 8 of the paper.
    if (index <= log.committed || !log.has(index, term)) return false;
    this.world.commit(index);
    for (const id of this.earlyReads.splice(0)) this.read(id);
    return true;
  }

  private confirmReads(): void {
    const majority = majorityOf(this.members);
    const newest = this.reads.findLastIndex(({ confirmedBy }) => {
      const counted = [...confirmedBy].filter((member) => this.members.has(member));
      return counted.length >= majority;
    });
    for (const { id, index } of this.reads.splice(0, newest + 1)) this.world.confirm({ id, index });
  }

  private broadcastAppend(): void {
    for (const member of this.others()) this.sendAppend(member);
  }

  /** @returns whether anything was sent */
  private sendAppend(to: MemberId, evenIfEmpty = true): boolean {
    const progress = this.progress.get(to);
    if (!progress || progress.isPaused) return false;
    const { log } = this.world;
    const previousIndex = progress.next - 1;
    const previousTerm = log.termAt(previousIndex);
    if (previousTerm === undefined) return this.sendSnapshot(to, progress);
    const entries = log.from(progress.next, mostEntriesPerMessage);
    if (entries.length === 0 && !evenIfEmpty) return false;
    const { committed } = log;
    this.send(to, { type: "append", previousIndex, previousTerm, entries, committed });
    progress.sent(previousIndex + entries.length);
    return true;
  }

  private sendSnapshot(to: MemberId, progress: Progress): boolean {
    if (!progress.recentActive) return false;
    const { snapshot } = this.world.log;
    this.send(to, { type: "snapshot", snapshot });
    progress.becomeSnapshot(snapshot.index);
    return true;
  }

  private send(to: MemberId, content: Content<Data>): void {
    const { self: from, term } = this.world;
    this.world.send({ ...content, from, to, term });
  }

  private others(): readonly MemberId[] {
    return [...this.members].filter((member) => member !== this.world.self);
  }
}
