// One member of a Raft group, as a pure state machine: it is handed messages and ticks of a clock, and
// hands out messages and what has been agreed on. Source: etcd raft/raft.go, 3.5, with PreVote and
// CheckQuorum, as etcd runs it.
import { assert } from "../../base/assert.ts";
import type { Random } from "../../base/random.ts";
import { type ConfirmedRead, Leadership } from "./leadership.ts";
import type {
  Append,
  Content,
  Entry,
  Envelope,
  Heartbeat,
  Index,
  MemberId,
  MembershipChange,
  Message,
  Snapshot,
  Term,
  VoteAnswer,
  VoteRequest,
} from "./message.ts";
import { voteResult } from "./quorum.ts";
import type { RaftLog } from "./raftLog.ts";

/** Ticks between two heartbeats, and until a member misses its leader. etcd: 100 ms and 1000 ms. */
export const heartbeatTicks = 1;
export const electionTicks = 10;

export type Role = "follower" | "preCandidate" | "candidate" | "leader";

/** What a member must not lose. It is changed before any message that depends on it goes out. */
export interface RaftState<Data> {
  term: Term;
  vote: MemberId | undefined;
  readonly log: RaftLog<Data>;
}

/** What was agreed on, in order. After a restart it comes once more, from the snapshot on. */
export type Agreed<Data> =
  | { readonly type: "entry"; readonly entry: Entry<Data> }
  | { readonly type: "snapshot"; readonly snapshot: Snapshot };

export class Raft<Data> {
  private roleNow: Role = "follower";
  private leaderNow: MemberId | undefined;
  private leadership: Leadership<Data> | undefined;
  private memberSet: ReadonlySet<MemberId>;
  private readonly votes = new Map<MemberId, boolean>();
  private electionElapsed = 0;
  private heartbeatElapsed = 0;
  private electionTimeout = 0;
  /** No membership change is proposed until this entry is carried out. */
  private pendingChange: Index = 0;
  private nextRead = 1;
  private messages: Message<Data>[] = [];
  private agreed: Agreed<Data>[] = [];
  private confirmed: ConfirmedRead[] = [];

  constructor(
    readonly id: MemberId,
    private readonly state: RaftState<Data>,
    private readonly random: Random,
  ) {
    const { log } = state;
    this.memberSet = new Set(log.snapshot.members);
    this.becomeFollower(state.term, undefined);
    const { index } = log.snapshot;
    for (const entry of log.from(index + 1, log.committed - index)) this.carryOut(entry);
  }

  get role(): Role {
    return this.roleNow;
  }

  get term(): Term {
    return this.state.term;
  }

  /** Whom this member takes for the leader. */
  get leader(): MemberId | undefined {
    return this.leaderNow;
  }

  get log(): RaftLog<Data> {
    return this.state.log;
  }

  get members(): ReadonlySet<MemberId> {
    return this.memberSet;
  }

  /** Of a leader: up to where a member is known to have the log. */
  matchOf(member: MemberId): Index {
    return this.leadership?.match(member) ?? 0;
  }

  takeMessages(): readonly Message<Data>[] {
    return take(this.messages, (empty) => {
      this.messages = empty;
    });
  }

  takeAgreed(): readonly Agreed<Data>[] {
    return take(this.agreed, (empty) => {
      this.agreed = empty;
    });
  }

  takeReads(): readonly ConfirmedRead[] {
    return take(this.confirmed, (empty) => {
      this.confirmed = empty;
    });
  }

  tick(): void {
    this.electionElapsed++;
    if (this.leadership) this.tickLeader(this.leadership);
    else if (this.isMember && this.electionElapsed >= this.electionTimeout) this.campaign();
  }

  /** Runs for leader, with a pre-vote first. */
  campaign(): void {
    if (this.roleNow === "leader" || !this.isMember) return;
    this.electionElapsed = 0;
    this.roleNow = "preCandidate";
    this.leaderNow = undefined;
    this.askForVotes("preVote", this.state.term + 1);
  }

  /** @returns the entry that is agreed on some time later, or overruled; undefined if this is no leader */
  propose(data: Data): Entry<Data> | undefined {
    return this.append({ data });
  }

  /** @returns undefined if this is no leader, or another change is under way */
  proposeChange(change: MembershipChange): Entry<Data> | undefined {
    const { log } = this.state;
    if (this.pendingChange > log.committed) return undefined;
    const entry = this.append({ change });
    if (entry) this.pendingChange = entry.index;
    return entry;
  }

  /** Asks for a read that sees all that was agreed on until now. @returns its id in `takeReads` */
  read(): number | undefined {
    if (!this.leadership) return undefined;
    const id = this.nextRead++;
    this.leadership.read(id);
    return id;
  }

  /** Forgets the entries up to `index`; `state` stands for what they did. */
  compact(index: Index, state: unknown): void {
    const { log } = this.state;
    const term = log.termAt(index);
    assert(
      term !== undefined && index <= log.committed,
      "what is compacted is known and agreed on",
    );
    log.compact({ index, term, state, members: this.membersAt(index) });
  }

  step(message: Message<Data>): void {
    if (message.term > this.state.term && !this.meetsHigherTerm(message)) return;
    if (message.term < this.state.term) this.answerLowerTerm(message);
    else this.take(message);
  }

  private get isMember(): boolean {
    return this.memberSet.has(this.id);
  }

  /** The members when the entries up to `index` were carried out, going back from today's. */
  private membersAt(index: Index): readonly MemberId[] {
    const { log } = this.state;
    const members = new Set(this.memberSet);
    const later = log.from(index + 1, log.committed - index);
    for (const { change } of later.toReversed()) {
      if (change?.type === "add") members.delete(change.member);
      if (change?.type === "remove") members.add(change.member);
    }
    return [...members];
  }

  private tickLeader(leadership: Leadership<Data>): void {
    this.heartbeatElapsed++;
    if (this.electionElapsed >= electionTicks) {
      this.electionElapsed = 0;
      if (!leadership.hasActiveMajority()) {
        this.becomeFollower(this.state.term, undefined);
        return;
      }
    }
    if (this.heartbeatElapsed < heartbeatTicks) return;
    this.heartbeatElapsed = 0;
    leadership.broadcastHeartbeat();
  }

  /** @returns whether the message is to be heard at all */
  private meetsHigherTerm(message: Message<Data>): boolean {
    const { type, term, from } = message;
    if (type === "preVote" || type === "vote") {
      // Who hears its leader does not help to replace it.
      if (this.leaderNow !== undefined && this.electionElapsed < electionTicks) return false;
      if (type === "preVote") return true;
    }
    // The term of a granted pre-vote is the one that was asked for; nobody is there yet.
    if (type === "preVoteAnswer" && message.granted) return true;
    const isLeaders = type === "append" || type === "heartbeat" || type === "snapshot";
    this.becomeFollower(term, isLeaders ? from : undefined);
    return true;
  }

  /** A leader that was replaced learns so; a candidate too. */
  private answerLowerTerm({ type, from: to }: Message<Data>): void {
    if (type === "append" || type === "heartbeat")
      this.send(to, { type: "appendAnswer", index: 0 });
    else if (type === "preVote") this.send(to, { type: "preVoteAnswer", granted: false });
  }

  private take(message: Message<Data>): void {
    switch (message.type) {
      case "preVote":
      case "vote":
        this.answerVote(message);
        break;
      case "preVoteAnswer":
      case "voteAnswer":
        this.countVote(message);
        break;
      case "appendAnswer":
        this.leadership?.takeAppendAnswer(message);
        break;
      case "heartbeatAnswer":
        this.leadership?.takeHeartbeatAnswer(message);
        break;
      default:
        this.takeLeaders(message);
    }
  }

  private takeLeaders(message: FromLeader<Data>): void {
    this.follow(message.from);
    if (message.type === "append") this.takeAppend(message);
    else if (message.type === "heartbeat") this.takeHeartbeat(message);
    else this.takeSnapshot(message.from, message.snapshot);
  }

  private answerVote({ type, from, term, lastIndex, lastTerm }: Envelope & VoteRequest): void {
    const { state } = this;
    const isFree =
      state.vote === from ||
      (state.vote === undefined && this.leaderNow === undefined) ||
      (type === "preVote" && term > state.term);
    const granted = isFree && state.log.isUpToDate(lastIndex, lastTerm);
    const answer = type === "preVote" ? "preVoteAnswer" : "voteAnswer";
    if (granted && type === "vote") {
      this.electionElapsed = 0;
      state.vote = from;
    }
    this.send(from, { type: answer, granted }, granted ? term : state.term);
  }

  private askForVotes(type: "preVote" | "vote", term: Term): void {
    this.votes.clear();
    const { log } = this.state;
    const request = { type, lastIndex: log.lastIndex, lastTerm: log.lastTerm } as const;
    for (const to of this.memberSet) if (to !== this.id) this.send(to, request, term);
    this.vote(this.id, true);
  }

  private countVote({ type, from, granted }: Envelope & VoteAnswer): void {
    const awaited = type === "preVoteAnswer" ? "preCandidate" : "candidate";
    if (this.roleNow === awaited) this.vote(from, granted);
  }

  private vote(from: MemberId, granted: boolean): void {
    if (!this.votes.has(from)) this.votes.set(from, granted);
    const result = voteResult(this.memberSet, this.votes);
    if (result === "lost") this.becomeFollower(this.state.term, undefined);
    else if (result === "won" && this.roleNow === "preCandidate") this.becomeCandidate();
    else if (result === "won" && this.roleNow === "candidate") this.becomeLeader();
  }

  private becomeFollower(term: Term, leader: MemberId | undefined): void {
    this.reset(term);
    this.roleNow = "follower";
    this.leaderNow = leader;
  }

  private becomeCandidate(): void {
    this.reset(this.state.term + 1);
    this.state.vote = this.id;
    this.roleNow = "candidate";
    this.askForVotes("vote", this.state.term);
  }

  private becomeLeader(): void {
    const { term, log } = this.state;
    this.reset(term);
    this.roleNow = "leader";
    this.leaderNow = this.id;
    // There may be a change of the members among what is not yet agreed on.
    this.pendingChange = log.lastIndex;
    this.leadership = new Leadership(
      {
        self: this.id,
        term,
        log,
        send: (message) => this.messages.push(message),
        commit: (index) => this.commit(index),
        confirm: (read) => this.confirmed.push(read),
      },
      this.memberSet,
    );
    this.append({});
  }

  private reset(term: Term): void {
    if (term !== this.state.term) {
      this.state.term = term;
      this.state.vote = undefined;
    }
    this.leaderNow = undefined;
    this.leadership = undefined;
    this.electionElapsed = 0;
    this.heartbeatElapsed = 0;
    this.electionTimeout = electionTicks + this.random.below(electionTicks);
    this.votes.clear();
  }

  /** There is a leader of this term; whoever ran against it has lost. */
  private follow(leader: MemberId): void {
    assert(this.roleNow !== "leader", "a term has one leader");
    if (this.roleNow === "follower") {
      this.electionElapsed = 0;
      this.leaderNow = leader;
    } else this.becomeFollower(this.state.term, leader);
  }

  private append(content: Pick<Entry<Data>, "data" | "change">): Entry<Data> | undefined {
    const { leadership } = this;
    if (!leadership) return undefined;
    const { term, log } = this.state;
    const entry: Entry<Data> = { term, index: log.lastIndex + 1, ...content };
    log.append(entry);
    leadership.appended();
    return entry;
  }

  private takeAppend(message: Envelope & Append<Data>): void {
    const { from: to, previousIndex, previousTerm, entries, committed } = message;
    const { log } = this.state;
    const type = "appendAnswer";
    if (previousIndex < log.committed) {
      this.send(to, { type, index: log.committed });
      return;
    }
    if (!log.has(previousIndex, previousTerm)) {
      const hint = log.findConflict(previousIndex, previousTerm);
      const rejected = { hintIndex: hint.index, hintTerm: hint.term };
      this.send(to, { type, index: previousIndex, rejected });
      return;
    }
    log.merge(entries);
    const last = previousIndex + entries.length;
    this.commit(Math.min(committed, last));
    this.send(to, { type, index: last });
  }

  private takeHeartbeat({ from: to, committed, read }: Envelope & Heartbeat): void {
    this.commit(committed);
    const type = "heartbeatAnswer";
    this.send(to, read === undefined ? { type } : { type, read });
  }

  private takeSnapshot(to: MemberId, snapshot: Snapshot): void {
    const { log } = this.state;
    if (snapshot.index > log.committed) {
      if (log.has(snapshot.index, snapshot.term)) this.commit(snapshot.index);
      else this.restore(snapshot);
    }
    this.send(to, { type: "appendAnswer", index: log.committed });
  }

  private restore(snapshot: Snapshot): void {
    this.state.log.restore(snapshot);
    this.memberSet = new Set(snapshot.members);
    this.agreed.push({ type: "snapshot", snapshot });
  }

  private commit(index: Index): void {
    const before = this.memberSet;
    for (const entry of this.state.log.commitTo(index)) this.carryOut(entry);
    if (before === this.memberSet || !this.leadership) return;
    if (this.isMember) this.leadership.changeMembers(this.memberSet);
    else this.becomeFollower(this.state.term, undefined);
  }

  private carryOut(entry: Entry<Data>): void {
    this.agreed.push({ type: "entry", entry });
    if (!entry.change) return;
    const { type, member } = entry.change;
    const members = new Set(this.memberSet);
    if (type === "add") members.add(member);
    else members.delete(member);
    this.memberSet = members;
  }

  private send(to: MemberId, content: Content<Data>, term = this.state.term): void {
    this.messages.push({ ...content, from: this.id, to, term });
  }
}

type FromLeader<Data> = Extract<
  Message<Data>,
  { readonly type: "append" | "heartbeat" | "snapshot" }
>;

function take<T>(items: T[], reset: (empty: T[]) => void): readonly T[] {
  if (items.length > 0) reset([]);
  return items;
}
