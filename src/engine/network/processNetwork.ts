// The network as the processes of one container have it: what they open closes with them.
import { type Disposable, disposable } from "../../base/disposable.ts";
import type { Random } from "../../base/random.ts";
import { second } from "../../base/time.ts";
import type { Steps } from "../node/steps.ts";
import type {
  Connection,
  ContainerNetwork,
  Destination,
  DnsQuestion,
  Listening,
  LookupFailure,
  NetworkFailure,
  Protocol,
} from "./containerNetwork.ts";
import { isNetworkFailure } from "./containerNetwork.ts";
import { decodeMessage, encodeQuery } from "./dns/dnsMessage.ts";
import type { DnsAnswer, DnsType } from "./dns/dnsRecord.ts";
import { hostsAddresses, parseResolvConf } from "./dns/resolvConf.ts";
import { resolveName } from "./dns/resolver.ts";
import type { Network } from "./network.ts";
import type { NetworkNamespace } from "./networkNamespace.ts";
import type { Socket } from "./socket.ts";
import { within } from "./within.ts";

export interface NetworkFiles {
  /** What /etc/resolv.conf says now. */
  resolvConf(): string;
  /** What /etc/hosts says now. */
  hosts(): string;
}

export interface ProcessNetworkWorld {
  readonly network: Network;
  readonly random: Random;
  readonly files: NetworkFiles;
  /** Undefined while the Pod has no network. */
  namespace(): NetworkNamespace | undefined;
}

const addressPattern = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

export class ProcessNetwork implements ContainerNetwork, Disposable {
  private readonly listening = new Set<Listening>();
  private readonly sockets = new Set<Socket>();

  constructor(private readonly world: ProcessNetworkWorld) {}

  get addresses(): readonly string[] {
    const namespace = this.world.namespace();
    return namespace ? [namespace.address] : [];
  }

  /** The processes are gone: their connections and listeners are closed. */
  dispose(): void {
    for (const each of this.listening) each.dispose();
    for (const socket of [...this.sockets]) socket.close();
  }

  *resolve(name: string, type: DnsType): Steps<DnsAnswer> {
    const resolvConf = this.world.files.resolvConf();
    const send = (question: DnsQuestion) => this.query(question);
    return yield* resolveName({ name, type }, { resolvConf, send });
  }

  *query(question: DnsQuestion): Steps<DnsAnswer> {
    const [address = "127.0.0.1"] = parseResolvConf(this.world.files.resolvConf()).servers;
    const { name, type, server = { address, port: 53 }, protocol = "UDP" } = question;
    const { timeoutMs = 5 * second } = question;
    const id = this.world.random.below(65_536);
    const failed = (status: "TIMEOUT" | "UNREACHABLE"): DnsAnswer => ({
      status,
      question: { name, type },
      records: [],
      authority: [],
      isAuthoritative: false,
      isRecursionAvailable: false,
      id,
      server,
    });
    const connection = yield* this.connect({ ...server, protocol, timeoutMs });
    if (isNetworkFailure(connection))
      return failed(connection.failure === "timeout" ? "TIMEOUT" : "UNREACHABLE");
    connection.write(encodeQuery(id, name, type));
    const read = yield* within(this.world.network.clock, timeoutMs, connection.read());
    connection.close();
    if (read === "late") return failed("TIMEOUT");
    const message = read.value && decodeMessage(read.value);
    return message ? { ...message, question: { name, type }, server } : failed("UNREACHABLE");
  }

  *lookup(name: string): Steps<readonly string[] | LookupFailure> {
    if (addressPattern.test(name)) return [name];
    const known = hostsAddresses(this.world.files.hosts(), name);
    if (known.length > 0) return known;
    const { status, records } = yield* this.resolve(name, "A");
    const found = records.flatMap(({ type, data }) => (type === "A" ? [data] : []));
    if (found.length > 0) return found;
    return { failure: status === "NOERROR" || status === "NXDOMAIN" ? "notFound" : "tryAgain" };
  }

  *connect(to: Destination): Steps<Connection | NetworkFailure> {
    const namespace = this.world.namespace();
    if (!namespace) return { failure: "unreachable" };
    const connection = yield* this.world.network.connect(namespace, to);
    return isNetworkFailure(connection) ? connection : this.own(connection);
  }

  listen(
    protocol: Protocol,
    port: number,
    accept: (connection: Connection) => void,
  ): Listening | undefined {
    const opened = this.world
      .namespace()
      ?.listen(protocol, port, (socket) => accept(this.own(socket)));
    if (!opened) return undefined;
    const listening: Listening = {
      port: opened.port,
      ...disposable(() => {
        opened.dispose();
        this.listening.delete(listening);
      }),
    };
    this.listening.add(listening);
    return listening;
  }

  private own(socket: Socket): Socket {
    this.sockets.add(socket);
    socket.onClose(() => this.sockets.delete(socket));
    return socket;
  }
}
