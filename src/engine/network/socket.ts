// The two ends of a connection. Bytes travel as tasks of the clock, as long as the way between the two
// machines lets them.
import { type Disposable, disposable } from "../../base/disposable.ts";
import type { Millis } from "../../base/time.ts";
import type { Clock } from "../clock.ts";
import type { Steps } from "../node/steps.ts";
import type { Connection, SocketAddress } from "./containerNetwork.ts";

/** The way between two sockets. */
export interface Carrier {
  readonly clock: Clock;
  /** How long what is sent now takes; undefined if it never arrives. */
  travelMs(): Millis | undefined;
}

export class Socket implements Connection {
  private readonly inbox: Uint8Array[] = [];
  private readonly readers = new Set<() => void>();
  private readonly closeListeners = new Set<() => void>();
  private other: Socket | undefined;
  private carrier: Carrier | undefined;
  private hasEnded = false;
  private hasPeerEnded = false;
  private isClosed = false;
  isReset = false;

  constructor(
    readonly local: SocketAddress,
    readonly peer: SocketAddress,
  ) {}

  /** Gone, or told to write no more. */
  get isShut(): boolean {
    return this.hasEnded;
  }

  /** What this one writes arrives at `other` from now on, by `carrier`. */
  attach(other: Socket, carrier: Carrier): void {
    this.other = other;
    this.carrier = carrier;
  }

  *read(): Steps<Uint8Array | undefined> {
    while (this.inbox.length === 0 && !this.isOver)
      yield {
        until: (resume) => {
          const once = (): void => {
            this.readers.delete(once);
            resume();
          };
          this.readers.add(once);
          return disposable(() => this.readers.delete(once));
        },
      };
    return this.inbox.shift();
  }

  write(bytes: Uint8Array): void {
    if (bytes.length > 0 && !this.hasEnded) this.send((other) => other.receive(bytes));
  }

  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.send((other) => other.peerEnds());
  }

  close(): void {
    if (this.isClosed) return;
    this.end();
    this.isClosed = true;
    this.wake();
    for (const listener of this.closeListeners) listener();
  }

  /** The process is gone, or its machine's kernel tells the other end that nobody knows it. */
  reset(): void {
    if (this.isClosed) return;
    this.hasEnded = true;
    this.send((other) => other.breakOff());
    this.breakOff();
  }

  /** Ends at once and silently: what the other end sends from now on is answered by nobody. */
  vanish(): void {
    this.hasEnded = true;
    this.breakOff();
  }

  /** Nobody takes what it sends. */
  refuse(): void {
    this.breakOff();
  }

  private breakOff(): void {
    if (this.isClosed) return;
    this.isReset = true;
    this.hasEnded = true;
    this.close();
  }

  onClose(listener: () => void): Disposable {
    this.closeListeners.add(listener);
    return disposable(() => this.closeListeners.delete(listener));
  }

  private receive(bytes: Uint8Array): void {
    // Who sends to a closed socket hears of it.
    if (this.isClosed) this.send((other) => other.breakOff());
    else {
      this.inbox.push(bytes);
      this.wake();
    }
  }

  private get isOver(): boolean {
    return this.isClosed || this.hasPeerEnded;
  }

  private peerEnds(): void {
    this.hasPeerEnded = true;
    this.wake();
  }

  private send(arrive: (other: Socket) => void): void {
    const { other, carrier } = this;
    const travelMs = carrier?.travelMs();
    if (!other || !carrier || travelMs === undefined) return;
    carrier.clock.after(travelMs, `packet to ${this.peer.address}`, () => arrive(other));
  }

  private wake(): void {
    for (const resume of [...this.readers]) resume();
  }
}
