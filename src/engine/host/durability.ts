// Durable first, then told: whether the outside may hear of what was written. While the disk is full
// etcd's alarm NOSPACE stands, and what could not be stored waits for space.
import type { ApiRequest, ApiResponse } from "../../api/request.ts";
import { type Millis, second } from "../../base/time.ts";
import { etcdFailure } from "../registry/etcdFailure.ts";
import { noSpace, requestTimedOut } from "../store/etcdError.ts";
import type { Store } from "../store/store.ts";
import { type DurableLog, StorageRefused } from "./durableLog.ts";

/** While the disk is full it is tried again this often. */
const retryMs: Millis = second;

const reads: ReadonlySet<string> = new Set(["get", "list", "watch"]);

export class Durability {
  private refusedAt: Millis | undefined;

  constructor(
    private readonly log: DurableLog,
    private readonly store: Store,
    private readonly now: () => Millis,
  ) {}

  /** Stores what was written. @returns false if it could not be: nobody may be told of it yet */
  commit(): boolean {
    const now = this.now();
    if (this.refusedAt !== undefined && now - this.refusedAt < retryMs) return false;
    try {
      this.log.commit();
    } catch (error) {
      if (!(error instanceof StorageRefused)) throw error;
      this.refusedAt = now;
      this.store.refuseWrites(noSpace());
      return false;
    }
    if (this.refusedAt !== undefined) this.store.refuseWrites(undefined);
    this.refusedAt = undefined;
    return true;
  }

  /** What a client may hear: of a write that is not stored, only that its outcome is not known. */
  tellable({ verb }: ApiRequest, answer: ApiResponse): ApiResponse {
    if (this.commit() || reads.has(verb) || answer.code >= 400) return answer;
    const { code, status } = etcdFailure(requestTimedOut());
    return { code, body: status, warnings: [] };
  }
}
