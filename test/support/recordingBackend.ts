// A store's backend that keeps what it is given in memory, as a disk would.
import type { StoreEvent } from "../../src/engine/store/entry.ts";
import type { StoreBackend } from "../../src/engine/store/storeBackend.ts";

export interface RecordingBackend extends StoreBackend {
  readonly events: StoreEvent[];
  readonly leases: Map<number, number>;
}

export function recordingBackend(): RecordingBackend {
  const events: StoreEvent[] = [];
  const leases = new Map<number, number>();
  return {
    events,
    leases,
    append: (event) => events.push(event),
    compact: () => undefined,
    grantLease: (id, ttl) => leases.set(id, ttl),
    revokeLease: (id) => leases.delete(id),
  };
}
