// A client's UDP socket: who takes its datagrams is found when it first sends one, and anew once that one
// is gone. Nobody hears of a socket that is opened, and nothing is sent again.
import type { SocketAddress } from "./containerNetwork.ts";
import { Socket } from "./socket.ts";

/**
 * Finds the other end and attaches it to the client, as connection tracking remembers it from then on.
 * Undefined if nobody takes the datagram.
 */
export type OpenFlow = (client: Socket) => Socket | undefined;

export class DatagramSocket extends Socket {
  private server: Socket | undefined;

  constructor(
    local: SocketAddress,
    peer: SocketAddress,
    private readonly open: OpenFlow,
  ) {
    super(local, peer);
  }

  override write(bytes: Uint8Array): void {
    if (this.isShut) return;
    if (!this.server || this.server.isShut) this.server = this.open(this);
    if (this.server) super.write(bytes);
  }
}
