// What a leader knows of one member's log. Source: etcd raft/tracker/progress.go, 3.5.
import type { Index } from "./message.ts";

export class Progress {
  /** The last entry that the member is known to have. */
  match: Index = 0;
  /** Probing sends one message and waits; replicating goes ahead; a snapshot must arrive first. */
  state: "probe" | "replicate" | "snapshot" = "probe";
  /** The member answered since the leader last looked. */
  recentActive = false;
  private probeSent = false;
  private pendingSnapshot: Index = 0;

  /** @param next the first entry that is not yet sent */
  constructor(public next: Index) {}

  get isPaused(): boolean {
    return this.state === "snapshot" || (this.state === "probe" && this.probeSent);
  }

  becomeProbe(): void {
    this.next = Math.max(this.match, this.state === "snapshot" ? this.pendingSnapshot : 0) + 1;
    this.state = "probe";
    this.probeSent = false;
  }

  becomeReplicate(): void {
    if (this.state !== "replicate") this.next = this.match + 1;
    this.state = "replicate";
    this.probeSent = false;
  }

  becomeSnapshot(index: Index): void {
    this.state = "snapshot";
    this.pendingSnapshot = index;
  }

  sent(lastIndex: Index): void {
    if (this.state === "replicate") this.next = Math.max(this.next, lastIndex + 1);
    else this.probeSent = true;
  }

  /** The member has everything up to `index`. @returns false if that was known */
  accepted(index: Index): boolean {
    const isNews = index > this.match || (index === this.match && this.state === "probe");
    this.match = Math.max(this.match, index);
    this.next = Math.max(this.next, index + 1);
    if (!isNews) return false;
    if (this.state === "snapshot" && this.match < this.pendingSnapshot) return true;
    this.becomeReplicate();
    return true;
  }

  /** The member does not have the entry before the first that was sent. @returns false if that is old news */
  rejected(index: Index, hint: Index): boolean {
    if (this.state === "replicate") {
      if (index <= this.match) return false;
      this.becomeProbe();
      return true;
    }
    if (this.next - 1 !== index) return false;
    this.next = Math.max(Math.min(index, hint + 1), this.match + 1, 1);
    this.probeSent = false;
    return true;
  }

  /** Messages get through again: what was lost is sent once more. */
  heard(): void {
    this.recentActive = true;
    this.probeSent = false;
    if (this.state === "snapshot") this.becomeProbe();
  }
}
