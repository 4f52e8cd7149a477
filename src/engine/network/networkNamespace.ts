// One network namespace: a Pod's, or that of a machine itself, with the sockets that are open in it.
import { disposable } from "../../base/disposable.ts";
import type { Listening, Protocol } from "./containerNetwork.ts";
import type { NetworkMachine } from "./network.ts";
import type { Socket } from "./socket.ts";

export type Accept = (socket: Socket) => void;

/** Where a namespace is. Without a machine it is outside of the cluster. */
export interface Place {
  readonly address: string;
  readonly machine?: NetworkMachine;
  /** The Pod that has it for itself; absent for machines. */
  readonly podUid?: string;
}

/** Linux' net.ipv4.ip_local_port_range. */
const firstEphemeral = 32_768;
const lastEphemeral = 60_999;

export class NetworkNamespace {
  private readonly listeners = new Map<string, Accept>();
  private readonly sockets = new Set<Socket>();
  private nextPort = firstEphemeral;
  isGone = false;

  constructor(readonly place: Place) {}

  get address(): string {
    return this.place.address;
  }

  /** @returns undefined if the port is in use */
  listen(protocol: Protocol, port: number, accept: Accept): Listening | undefined {
    const taken = port === 0 ? this.freePort(protocol) : port;
    const key = `${protocol} ${taken}`;
    if (this.listeners.has(key)) return undefined;
    this.listeners.set(key, accept);
    const { dispose } = disposable(() => {
      if (this.listeners.get(key) === accept) this.listeners.delete(key);
    });
    return { port: taken, dispose };
  }

  listener(protocol: Protocol, port: number): Accept | undefined {
    return this.listeners.get(`${protocol} ${port}`);
  }

  /** A port for a client, or for a server that takes any. */
  freePort(protocol: Protocol): number {
    do this.nextPort = this.nextPort === lastEphemeral ? firstEphemeral : this.nextPort + 1;
    while (this.listeners.has(`${protocol} ${this.nextPort}`));
    return this.nextPort;
  }

  own(socket: Socket): void {
    this.sockets.add(socket);
    socket.onClose(() => this.sockets.delete(socket));
  }

  /** The namespace is taken down; who talks to it hears so. */
  remove(): void {
    this.isGone = true;
    this.listeners.clear();
    for (const socket of [...this.sockets]) socket.reset();
  }

  /** The machine lost power: nobody hears of anything. */
  vanish(): void {
    this.isGone = true;
    this.listeners.clear();
    for (const socket of [...this.sockets]) socket.vanish();
  }
}
