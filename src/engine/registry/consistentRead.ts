// Which reads kube-apiserver does not answer from its watch cache alone: it asks etcd, which asks a
// majority of its members. Source: apiserver pkg/storage/cacher/{delegator.go,cacher.go}, 1.34, where
// ConsistentListFromCache and ListFromCacheSnapshot are on.
import type { RequestOptions } from "../../api/request.ts";
import { requestTimeoutError } from "../../api/status.ts";
import { EtcdError } from "../store/etcdError.ts";
import type { Store } from "../store/store.ts";

/**
 * Makes sure that a read without a resourceVersion sees the newest state.
 * @throws ApiError Timeout: etcd's client tries reads again for as long as the request has time
 */
export function confirmConsistentRead(
  store: Store,
  verb: "get" | "list" | "watch",
  { resourceVersion, continue: token, sendInitialEvents }: RequestOptions,
): void {
  if (resourceVersion || token || (verb === "watch" && !sendInitialEvents)) return;
  try {
    store.confirmRead();
  } catch (error) {
    if (!(error instanceof EtcdError)) throw error;
    throw requestTimeoutError();
  }
}
