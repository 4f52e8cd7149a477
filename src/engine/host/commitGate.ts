// Nothing is told before it is durable: answers and events wait here for the commit of their cause. Nor is
// anything asked before etcd can answer, if it soon can.
import type { ApiRequest, ApiResponse } from "../../api/request.ts";
import { type Disposable, disposable } from "../../base/disposable.ts";
import type { Durability } from "./durability.ts";
import type { LeaderWait } from "./leaderWait.ts";
import type { WallClock } from "./pacer.ts";

/** Takes items now, delivers them after the next commit. */
export interface Outbox<Item> extends Disposable {
  put(item: Item): void;
}

export class CommitGate {
  private readonly outboxes = new Set<{ flush(): void }>();
  private waiting: (() => void)[] = [];

  constructor(
    private readonly durability: Durability,
    private readonly leaders: LeaderWait,
    private readonly wall: Pick<WallClock, "soon">,
  ) {}

  /** `deliver` gets the items of one commit together, in order. */
  outbox<Item>(deliver: (batch: readonly Item[]) => void): Outbox<Item> {
    const pending = new PendingItems(deliver);
    this.outboxes.add(pending);
    const closing = disposable(() => this.outboxes.delete(pending));
    return { put: (item) => pending.put(item), dispose: () => closing.dispose() };
  }

  /**
   * Asks for the answer once etcd has a leader, or will not have one soon.
   * @returns what a client may hear of it, after the commit of this turn's writes
   */
  async answer(
    request: ApiRequest,
    ask: () => ApiResponse | Promise<ApiResponse>,
  ): Promise<ApiResponse> {
    await this.leaders.wait(request);
    const answer = await ask();
    await this.turn();
    return this.durability.tellable(request, answer);
  }

  /** Resolves after a commit was tried; all who ask within one turn share it. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      if (this.waiting.push(resolve) === 1) this.wall.soon(() => this.open());
    });
  }

  /** Commits, then lets out what waited for it. While that cannot be done, events stay. */
  open(): void {
    if (this.durability.commit()) for (const outbox of this.outboxes) outbox.flush();
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}

class PendingItems<Item> {
  private items: Item[] = [];

  constructor(private readonly deliver: (batch: readonly Item[]) => void) {}

  put(item: Item): void {
    this.items.push(item);
  }

  flush(): void {
    if (this.items.length === 0) return;
    const batch = this.items;
    this.items = [];
    this.deliver(batch);
  }
}
