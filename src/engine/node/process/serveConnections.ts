// A server's loop: each connection is served beside the others, as a thread or a goroutine would.
import { type Disposable, disposable } from "../../../base/disposable.ts";
import type { Connection, Protocol } from "../../network/containerNetwork.ts";
import type { Steps } from "../steps.ts";
import type { ProcessContext } from "./process.ts";

/**
 * Listens until it is disposed.
 * @returns nothing to dispose of if the port is taken
 */
export function serveConnections(
  process: ProcessContext,
  port: number,
  serve: (connection: Connection) => Steps,
  protocol: Protocol = "TCP",
): Disposable {
  const listening = process.network.listen(protocol, port, (connection) =>
    process.thread(serve(connection)),
  );
  return listening ?? disposable(() => undefined);
}
