// Majorities. Source: etcd raft/quorum/majority.go, 3.5.
import type { Index, MemberId } from "./message.ts";

export type VoteResult = "won" | "lost" | "open";

export function majorityOf(members: { readonly size: number }): number {
  return Math.floor(members.size / 2) + 1;
}

/** What the votes so far come to; who is not in the map has not answered. */
export function voteResult(
  members: ReadonlySet<MemberId>,
  votes: ReadonlyMap<MemberId, boolean>,
): VoteResult {
  const cast = [...members].flatMap((member) => votes.get(member) ?? []);
  const granted = cast.filter(Boolean).length;
  const majority = majorityOf(members);
  if (granted >= majority) return "won";
  return granted + members.size - cast.length >= majority ? "open" : "lost";
}

/** The highest index that a majority has. */
export function committedIndex(
  members: ReadonlySet<MemberId>,
  match: (member: MemberId) => Index,
): Index {
  const sorted = [...members].map(match).sort((a, b) => b - a);
  return sorted[majorityOf(members) - 1] ?? 0;
}
