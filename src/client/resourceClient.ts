// The one door to a cluster. Views, deploy and lessons talk to this interface and cannot tell whether
// the cluster behind it is the embedded one or a remote one.
import type { Kind } from "../api/kind.ts";
import type { KubeObject, ObjectKey } from "../api/object.ts";
import type { ObjectList, PatchType, RequestOptions, WatchEvent } from "../api/request.ts";

export interface ListQuery {
  /** All namespaces if absent. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly resourceVersion?: string;
  readonly limit?: number;
  readonly continue?: string;
}

export type WriteOptions = Pick<
  RequestOptions,
  "dryRun" | "fieldManager" | "fieldValidation" | "force"
>;

export type DeleteOptions = Pick<
  RequestOptions,
  "dryRun" | "gracePeriodSeconds" | "propagationPolicy" | "preconditions"
>;

/** All methods reject with ApiError when the server refuses. */
export interface ResourceClient {
  get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Promise<T>;
  list<T extends KubeObject>(kind: Kind<T>, query?: ListQuery): Promise<ObjectList<T>>;
  /** Changes after `query.resourceVersion`. Ends when `signal` aborts; rejects with 410 Expired. */
  watch<T extends KubeObject>(
    kind: Kind<T>,
    query: ListQuery,
    signal: AbortSignal,
  ): AsyncIterable<readonly WatchEvent<T>[]>;
  create<T extends KubeObject>(kind: Kind<T>, object: T, options?: WriteOptions): Promise<T>;
  update<T extends KubeObject>(kind: Kind<T>, object: T, options?: WriteOptions): Promise<T>;
  patch<T extends KubeObject>(
    kind: Kind<T>,
    key: ObjectKey,
    patch: { readonly type: PatchType; readonly body: unknown },
    options?: WriteOptions,
  ): Promise<T>;
  delete<T extends KubeObject>(
    kind: Kind<T>,
    key: ObjectKey,
    options?: DeleteOptions,
  ): Promise<void>;
}
