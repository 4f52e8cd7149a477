// etcd as a cluster of its own: members that agree by Raft on every request before it is carried out.
// Messages of a proposal are exchanged at the instant of the write; only patience takes time.
import type { EtcdMemberStatus } from "../../api/clusterStatus.ts";
import type { EtcdMemberCount } from "../../api/etcdKeys.ts";
import { assert } from "../../base/assert.ts";
import type { Disposable } from "../../base/disposable.ts";
import { Emitter, type Event } from "../../base/emitter.ts";
import type { Random } from "../../base/random.ts";
import type { Millis } from "../../base/time.ts";
import type { Clock } from "../clock.ts";
import type {
  Entry,
  Index,
  MemberId,
  MembershipChange,
  Message,
  Snapshot,
  Term,
} from "../raft/message.ts";
import { electionTicks, type Raft } from "../raft/raft.ts";
import type { Agreement, StoreRequest } from "../store/agreement.ts";
import type { Revision } from "../store/entry.ts";
import { EtcdError, requestTimedOut } from "../store/etcdError.ts";
import { Member } from "./member.ts";
import { carryOut, type Proposal } from "./proposal.ts";

/** Source: etcd --heartbeat-interval; elections take ten to twenty of them. */
const tickMs: Millis = 100;
export const electionTimeoutMs: Millis = electionTicks * tickMs;

/** What of the cluster itself must outlive the process. */
export interface EtcdState {
  readonly members: readonly MemberId[];
  readonly term: Term;
  readonly index: Index;
}

export interface EtcdClusterOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** One member that has seen nothing, if absent. */
  readonly state?: EtcdState | undefined;
  /** The store's. */
  revision(): Revision;
}

export interface Election {
  readonly member: MemberId;
  readonly term: Term;
}

const newState: EtcdState = { members: ["etcd-0"], term: 1, index: 1 };
/** A member that has yet to hear of the others. */
const unknowing: Snapshot = { index: 0, term: 0, members: [], state: undefined };

export class EtcdCluster implements Agreement {
  private readonly members = new Map<MemberId, Member>();
  private readonly elected = new Emitter<Election>();
  private readonly disturbed = new Emitter<void>();
  private readonly underWay: Message<Proposal>[] = [];
  private ticking: Disposable | undefined;
  private leaderBefore: string | undefined;
  /** The last entry of the log that is carried out. */
  private applied: Index;
  private isCarryingOut = false;

  /** Fires for each new leader. */
  readonly onElected: Event<Election> = this.elected.event;
  /** Fires when something happened that may cost the cluster its leader. */
  readonly onDisturbed: Event<void> = this.disturbed.event;

  constructor(private readonly options: EtcdClusterOptions) {
    const { members, ...rest } = options.state ?? newState;
    const snapshot = { ...rest, members, state: { revision: options.revision() } };
    this.applied = rest.index;
    for (const name of members) this.members.set(name, this.makeMember(name, snapshot));
    // The members have long agreed when the cluster's time begins.
    this.members.get(members[0] ?? "")?.raft?.campaign();
    this.exchange();
  }

  propose<Answer>(request: StoreRequest, carry: (request: StoreRequest) => Answer): Answer {
    const proposal: Proposal = { request, carryOut: carry };
    this.reachableLeader().propose(proposal);
    this.exchange();
    const { outcome } = proposal;
    if (!outcome) {
      this.wake();
      throw requestTimedOut();
    }
    if (!outcome.ok) throw outcome.error;
    return outcome.answer as Answer;
  }

  confirmRead(): void {
    const leader = this.reachableLeader();
    // Without a tick due, everybody has heard the leader.
    if (!this.ticking) return;
    const asked = leader.read();
    this.exchange();
    if (!leader.takeReads().some(({ id }) => id === asked)) throw requestTimedOut();
  }

  /** There is no leader that could be reached, but a majority that will elect one. */
  get isElecting(): boolean {
    const reachable = [...this.members.values()].filter(({ isReachable }) => isReachable);
    return 2 * reachable.length > this.members.size && !this.leaderAmong(reachable);
  }

  /** The members that kube-apiserver reaches know of no leader; false if it reaches none. */
  get lacksLeader(): boolean {
    const reachable = [...this.members.values()].filter(({ isReachable }) => isReachable);
    return reachable.length > 0 && reachable.every(({ raft }) => raft?.leader === undefined);
  }

  /** Nothing will change by itself. */
  get isAtRest(): boolean {
    return this.ticking === undefined;
  }

  /** Kills a member, or starts it again. @throws Error if there is no such member */
  setRunning(name: MemberId, running: boolean): void {
    const member = this.member(name);
    if (running) member.start();
    else member.stop();
    this.wake();
  }

  /** Cuts a member off from everybody, or connects it again. @throws Error if there is no such member */
  setCutOff(name: MemberId, cutOff: boolean): void {
    this.member(name).isCutOff = cutOff;
    this.wake();
  }

  /**
   * Adds or removes members, one by one.
   * @throws EtcdError if a majority does not agree; the changes before stay
   */
  resize(count: EtcdMemberCount): void {
    while (this.members.size < count) this.addMember();
    while (this.members.size > count) this.removeMember();
  }

  /** In the order in which they joined. */
  status(): readonly EtcdMemberStatus[] {
    return [...this.members.values()].map((member) => member.status());
  }

  state(): EtcdState {
    const [most] = [...this.members.values()]
      .map(({ snapshot }) => snapshot)
      .sort((a, b) => b.index - a.index);
    assert(most, "etcd has a member");
    return { members: most.members, term: most.term, index: most.index };
  }

  private makeMember(name: MemberId, snapshot: Snapshot): Member {
    return new Member(name, this.options.random.fork(name), snapshot);
  }

  private member(name: MemberId): Member {
    const member = this.members.get(name);
    if (!member) throw new Error(`there is no etcd member ${name}`);
    return member;
  }

  /** @throws EtcdError in the words that kube-apiserver's client of etcd has for it */
  private reachableLeader(): Raft<Proposal> {
    const reachable = [...this.members.values()].filter(({ isReachable }) => isReachable);
    if (reachable.length === 0) throw new EtcdError(connectionRefused);
    const leader = this.leaderAmong(reachable);
    if (leader) return leader;
    // Whoever is asked waits for a leader, longer than its client does. Source: etcdserver ReqTimeout.
    throw requestTimedOut();
  }

  /** An old leader that was cut off does not yet know of the new one. */
  private leaderAmong(members: Iterable<Member>): Raft<Proposal> | undefined {
    let found: Raft<Proposal> | undefined;
    for (const { raft } of members)
      if (raft?.role === "leader" && raft.term > (found?.term ?? 0)) found = raft;
    return found;
  }

  private addMember(): void {
    const leader = this.reachableLeader();
    let number = 0;
    while (leader.members.has(`etcd-${number}`)) number++;
    this.changeMembers(leader, { type: "add", member: `etcd-${number}` });
  }

  /** One that nobody hears, or else the newest of those that don't lead. */
  private removeMember(): void {
    const leader = this.reachableLeader();
    const others = [...leader.members].filter((name) => name !== leader.id);
    const isDead = (name: MemberId): boolean => !this.members.get(name)?.isReachable;
    const member = others.findLast(isDead) ?? others.at(-1);
    assert(member !== undefined, "the last member stays");
    this.changeMembers(leader, { type: "remove", member });
  }

  private changeMembers(leader: Raft<Proposal>, change: MembershipChange): void {
    leader.proposeChange(change);
    this.exchange();
    if (leader.members.has(change.member) === (change.type === "add")) return;
    this.wake();
    throw requestTimedOut();
  }

  /** Something happened: patience begins to matter. */
  private wake(): void {
    this.ticking ??= this.options.clock.every(tickMs, "etcd's members tick", () => this.tick());
    this.disturbed.fire();
  }

  private tick(): void {
    for (const { raft } of this.members.values()) {
      raft?.tick();
      this.exchange();
    }
    // The heartbeats of members that have nothing to tell each other are left out.
    if (!this.isSettled()) return;
    this.ticking?.dispose();
    this.ticking = undefined;
  }

  /** Whether nothing will change by itself: all who can hear the leader have, and the others ask in vain. */
  private isSettled(): boolean {
    const running = [...this.members.values()].filter(({ raft }) => raft);
    const reachable = running.filter(({ isReachable }) => isReachable);
    const leader = this.leaderAmong(reachable);
    const isMajority = 2 * reachable.length > (leader?.members ?? this.members).size;
    if (isMajority && !leader) return false;
    return running.every(({ raft, isReachable }) =>
      isMajority && isReachable
        ? raft?.leader === leader?.id && raft?.log.committed === leader?.log.lastIndex
        : raft?.role === "preCandidate",
    );
  }

  /** Brings messages until nobody has anything more to say. What cannot arrive is lost. */
  private exchange(): void {
    for (const member of this.members.values()) this.collect(member);
    for (let message = this.underWay.shift(); message; message = this.underWay.shift()) {
      const [from, to] = [this.members.get(message.from), this.members.get(message.to)];
      if (!from?.isReachable || !to?.isReachable) continue;
      to.raft?.step(message);
      this.collect(to);
    }
    this.noticeLeader();
  }

  private collect(member: Member): void {
    const messages = member.raft?.takeMessages() ?? [];
    this.underWay.push(...messages);
    member.apply((entry) => this.carryOut(entry));
  }

  /** The first member that knows of an agreement carries it out for all. */
  private carryOut({ index, data, change }: Entry<Proposal>): void {
    if (index <= this.applied) return;
    assert(!this.isCarryingOut, "requests are carried out one after the other");
    this.applied = index;
    this.isCarryingOut = true;
    if (data) carryOut(data, () => this.options.revision());
    this.isCarryingOut = false;
    if (change?.type === "add")
      this.members.set(change.member, this.makeMember(change.member, unknowing));
    if (change?.type === "remove") this.members.delete(change.member);
  }

  private noticeLeader(): void {
    const leader = this.leaderAmong(this.members.values());
    if (!leader) return;
    const name = `${leader.id} in term ${leader.term}`;
    if (name === this.leaderBefore) return;
    this.leaderBefore = name;
    this.elected.fire({ member: leader.id, term: leader.term });
  }
}

/** What gRPC says when no member listens. */
const connectionRefused =
  'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: ' +
  'dial tcp 127.0.0.1:2379: connect: connection refused"';
