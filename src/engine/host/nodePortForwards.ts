// Ports of the loopback address that lead to Pods and Services of the cluster, as kubectl port-forward
// opens them. Behind a Service each connection finds a Pod anew.
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { ForwardTarget } from "../../api/forwardTarget.ts";
import type { PortConnection, PortOutput } from "../node/portConnection.ts";

/** Connects to a target; undefined if there is no such target. */
export type Connect = (
  target: ForwardTarget,
  output: PortOutput,
) => Pick<PortConnection, "write" | "end" | "dispose"> | undefined;

export class PortForwards {
  private readonly servers = new Map<string, Promise<Server>>();
  private readonly sockets = new Set<Socket>();

  constructor(private readonly connect: Connect) {}

  /** The port that leads to the target, the same one as long as the cluster is open. */
  async open(target: ForwardTarget): Promise<number> {
    const key = JSON.stringify(target);
    const server = this.servers.get(key) ?? this.listen(target);
    this.servers.set(key, server);
    return ((await server).address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    for (const server of this.servers.values()) (await server).close();
    this.servers.clear();
  }

  private async listen(target: ForwardTarget): Promise<Server> {
    const server = createServer({ allowHalfOpen: true }, (socket) => this.join(socket, target));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return server;
  }

  private join(socket: Socket, target: ForwardTarget): void {
    this.sockets.add(socket);
    const connection = this.connect(target, {
      data: (bytes) => socket.write(bytes),
      closed: () => socket.end(),
      failed: () => socket.destroy(),
    });
    socket.on("close", () => {
      this.sockets.delete(socket);
      connection?.dispose();
    });
    // Whoever hung up needs no answer.
    socket.on("error", () => undefined);
    if (!connection) socket.destroy();
    socket.on("data", (bytes) => connection?.write(bytes));
    socket.on("end", () => connection?.end());
  }
}
