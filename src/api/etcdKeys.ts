// What etcd holds, for people who look into it.
import type { Instant } from "../base/time.ts";

/** The members that etcd can have. */
export type EtcdMemberCount = 1 | 3 | 5;

/** A folder of keys, such as all of a kind. */
export interface EtcdFolder {
  /** Ends in a slash: "/registry/pods/". */
  readonly prefix: string;
  readonly count: number;
}

export interface EtcdKeyQuery {
  readonly prefix: string;
  /** Only keys behind this one. */
  readonly after?: string;
  readonly limit: number;
}

export interface EtcdKeyPage {
  /** The store's revision when it answered. */
  readonly revision: number;
  readonly keys: readonly EtcdKey[];
  /** Keys behind `after`, on this page or not. */
  readonly count: number;
}

/** A key as it is now. */
export interface EtcdKey {
  readonly key: string;
  readonly createRevision: number;
  readonly modRevision: number;
  /** Writes since it was created. */
  readonly version: number;
  /** About the bytes of its value as JSON. */
  readonly size: number;
  /** In hexadecimal digits, as etcdctl prints it; absent without one. */
  readonly lease?: string;
}

/** A change of one key. */
export interface EtcdRevision {
  readonly revision: number;
  readonly type: "create" | "update" | "delete";
  /** Absent if the change itself is compacted and only its outcome is kept. */
  readonly at?: Instant;
  /** 0 for a deletion. */
  readonly version: number;
  readonly size: number;
}
