// What members of a Raft group keep and say. Source of the algorithm: Ongaro and Ousterhout, "In Search
// of an Understandable Consensus Algorithm"; of its details: etcd's raft library, 3.5.

export type MemberId = string;

/** Elections are numbered; in each term there is one leader at most. */
export type Term = number;

/** The place of an entry in the log; the first is 1. */
export type Index = number;

/** One more or one less: the majorities before and after always overlap. */
export type MembershipChange =
  | { readonly type: "add"; readonly member: MemberId }
  | { readonly type: "remove"; readonly member: MemberId };

export interface Entry<Data> {
  readonly term: Term;
  readonly index: Index;
  /** Absent in the entry with which a leader begins its term. */
  readonly data?: Data;
  readonly change?: MembershipChange;
}

/** Everything that the entries up to `index` did. */
export interface Snapshot {
  readonly index: Index;
  readonly term: Term;
  readonly members: readonly MemberId[];
  /** The state machine's; of no interest here. */
  readonly state: unknown;
}

export type Message<Data> = Envelope & Content<Data>;

export type Content<Data> =
  | VoteRequest
  | VoteAnswer
  | Append<Data>
  | AppendAnswer
  | Heartbeat
  | HeartbeatAnswer
  | { readonly type: "snapshot"; readonly snapshot: Snapshot };

export interface Envelope {
  readonly from: MemberId;
  readonly to: MemberId;
  /** The sender's; of a request for a pre-vote, the one that it would begin. */
  readonly term: Term;
}

/** A pre-vote asks whether a vote would be given, and disturbs nobody. */
export interface VoteRequest {
  readonly type: "preVote" | "vote";
  readonly lastIndex: Index;
  readonly lastTerm: Term;
}

export interface VoteAnswer {
  readonly type: "preVoteAnswer" | "voteAnswer";
  readonly granted: boolean;
}

export interface Append<Data> {
  readonly type: "append";
  /** The entry before the first of `entries`: the receiver must have it. */
  readonly previousIndex: Index;
  readonly previousTerm: Term;
  readonly entries: readonly Entry<Data>[];
  readonly committed: Index;
}

export interface AppendAnswer {
  readonly type: "appendAnswer";
  /** The last entry that the sender shares with the leader; if rejected, the one that it does not have. */
  readonly index: Index;
  /** Where the logs may still agree. */
  readonly rejected?: { readonly hintIndex: Index; readonly hintTerm: Term };
}

export interface Heartbeat {
  readonly type: "heartbeat";
  readonly committed: Index;
  /** The newest read that waits for a majority to say that this is still the leader. */
  readonly read?: number;
}

export interface HeartbeatAnswer {
  readonly type: "heartbeatAnswer";
  readonly read?: number;
}
