// A connection of which some bytes have been read already.
import type { Connection } from "./containerNetwork.ts";

/** As `connection`, but its first read gives `first`, if that is not empty. */
export function withFirst(connection: Connection, first: Uint8Array): Connection {
  let pending: Uint8Array | undefined = first.length > 0 ? first : undefined;
  return {
    local: connection.local,
    peer: connection.peer,
    get isReset() {
      return connection.isReset;
    },
    *read() {
      const bytes = pending;
      pending = undefined;
      return bytes ?? (yield* connection.read());
    },
    write: (bytes) => connection.write(bytes),
    end: () => connection.end(),
    close: () => connection.close(),
  };
}
