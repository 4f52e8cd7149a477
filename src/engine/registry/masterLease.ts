// The API server's sign of life beside those of its peers: who holds one is an endpoint of the Service
// "kubernetes". Source: pkg/controlplane/reconcilers/lease.go, pkg/controlplane/instance.go, 1.34.

import { type Disposable, disposable } from "../../base/disposable.ts";
import { freeze } from "../../base/draft.ts";
import { second } from "../../base/time.ts";
import type { Clock } from "../clock.ts";
import { EtcdError } from "../store/etcdError.ts";
import type { Store } from "../store/store.ts";

/** Source: DefaultEndpointReconcilerTTL. */
const ttlSeconds = 15;
/** Source: DefaultEndpointReconcilerInterval. */
const renewMs = 10 * second;

interface MasterLease {
  readonly metadata: { readonly generation?: number };
}

/** Keeps `/registry/masterleases/ADDRESS` alive until it is disposed. */
export function keepMasterLease(store: Store, clock: Clock, address: string): Disposable {
  const key = `/registry/masterleases/${address}`;
  const renew = (): void => {
    const found = store.get<MasterLease>(key);
    const value = {
      kind: "Endpoints",
      apiVersion: "v1",
      // A changed field makes it a write, and only a write renews the lease.
      metadata: { generation: (found?.value.metadata.generation ?? 0) + 1 },
      subsets: [{ addresses: [{ ip: address }] }],
    };
    const { id: lease } = store.grantLease(ttlSeconds);
    store.put(key, freeze(value), { expected: found?.modRevision ?? 0, lease });
  };
  return renewing(clock, renew);
}

/** A renewal that fails is followed by the next one. */
function renewing(clock: Clock, renew: () => void): Disposable {
  const tryIt = (): void => {
    try {
      renew();
    } catch (error) {
      if (!(error instanceof EtcdError)) throw error;
    }
  };
  tryIt();
  const ticking = clock.every(renewMs, "renew the API server's lease", tryIt);
  return disposable(() => ticking.dispose());
}
