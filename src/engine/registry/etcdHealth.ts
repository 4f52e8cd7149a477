// What kube-apiserver finds when it asks etcd for its health: it reads a key, and needs a majority for it.
// Source: apiserver pkg/storage/storagebackend/factory/etcd3.go newETCD3Check and Probe, 1.34.
import { EtcdError } from "../store/etcdError.ts";
import type { Store } from "../store/store.ts";

/** @returns what is wrong; undefined if nothing is */
export function etcdHealth(store: Store): string | undefined {
  try {
    store.confirmRead();
    return undefined;
  } catch (error) {
    if (!(error instanceof EtcdError)) throw error;
    return "error getting data from etcd: context deadline exceeded";
  }
}
