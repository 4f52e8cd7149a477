// A connection into a Pod whose other end is not a process: somebody outside of the cluster's time.
import type { Disposable } from "../../base/disposable.ts";
import type { Clock } from "../clock.ts";
import {
  type Connection,
  type ContainerNetwork,
  type Destination,
  isNetworkFailure,
  type NetworkFailure,
} from "../network/containerNetwork.ts";
import { runSteps, type Steps } from "./steps.ts";

export type PortDestination = Omit<Destination, "protocol">;

export interface PortOutput {
  data(bytes: Uint8Array): void;
  /** The server has finished; nothing follows. */
  closed(): void;
  /** There is no connection; nothing else is called. */
  failed(failure: NetworkFailure["failure"]): void;
}

export class PortConnection implements Disposable {
  private connection: Connection | undefined;
  private readonly waiting: Uint8Array[] = [];
  private isEnded = false;
  private readonly running: Disposable;

  /** @param network from where it connects, and what is disposed with it */
  constructor(
    clock: Clock,
    private readonly network: ContainerNetwork & Disposable,
    to: PortDestination,
    private readonly output: PortOutput,
  ) {
    this.running = runSteps(clock, this.pump(to), () => network.dispose());
  }

  write(bytes: Uint8Array): void {
    if (this.connection) this.connection.write(bytes);
    else this.waiting.push(bytes);
  }

  /** The client writes no more. */
  end(): void {
    this.isEnded = true;
    this.connection?.end();
  }

  dispose(): void {
    this.running.dispose();
    this.network.dispose();
  }

  private *pump(to: PortDestination): Steps {
    const connection = yield* this.network.connect({ ...to, protocol: "TCP" });
    if (isNetworkFailure(connection)) {
      this.output.failed(connection.failure);
      return;
    }
    this.connection = connection;
    for (const bytes of this.waiting.splice(0)) connection.write(bytes);
    if (this.isEnded) connection.end();
    for (let bytes = yield* connection.read(); bytes; bytes = yield* connection.read())
      this.output.data(bytes);
    connection.close();
    this.output.closed();
  }
}
