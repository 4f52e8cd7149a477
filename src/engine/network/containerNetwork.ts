// What a process in a container sees of the network: its addresses, names, connections and listeners.
import type { Disposable } from "../../base/disposable.ts";
import type { Millis } from "../../base/time.ts";
import type { Steps } from "../node/steps.ts";
import type { DnsAnswer, DnsType } from "./dns/dnsRecord.ts";

export type Protocol = "TCP" | "UDP" | "SCTP";

export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

/** Where a process wants to connect to; `address` is an IPv4 address, never a name. */
export interface Destination extends SocketAddress {
  readonly protocol: Protocol;
  /** How long the process waits; as long as Linux does if absent (127 s for TCP). */
  readonly timeoutMs?: Millis;
}

/** Why there is no connection. Programs turn it into their own words. */
export interface NetworkFailure {
  /**
   * "refused": the target answers that nobody listens (ECONNREFUSED). "timeout": nothing answers
   * (ETIMEDOUT). "noRoute": the way to the target's machine is gone (EHOSTUNREACH). "unreachable": no
   * network has the address (ENETUNREACH).
   */
  readonly failure: "refused" | "timeout" | "noRoute" | "unreachable";
}

/** Why a name has no address. */
export interface LookupFailure {
  /** "notFound": the name does not exist or has no address (EAI_NONAME). "tryAgain": no server answered (EAI_AGAIN). */
  readonly failure: "notFound" | "tryAgain";
}

/**
 * A stream of bytes between two sockets, in order and without loss. Over UDP each write is a datagram
 * and each read returns one.
 */
export interface Connection {
  readonly local: SocketAddress;
  /** Who is at the other end as this one sees it: behind a Service, a client goes on seeing its address. */
  readonly peer: SocketAddress;
  /** The next bytes; undefined once the other end has finished, or the connection is gone. */
  read(): Steps<Uint8Array | undefined>;
  /** What is written after `end` or `close`, or to who is gone, is lost. */
  write(bytes: Uint8Array): void;
  /** Nothing more will be written; reading goes on. */
  end(): void;
  close(): void;
  /** True once it broke off, rather than the other end having finished (ECONNRESET, or UDP's ECONNREFUSED). */
  readonly isReset: boolean;
}

export interface DnsQuestion {
  /** Taken as it is: search domains are for `resolve`. A final dot makes no difference. */
  readonly name: string;
  readonly type: DnsType;
  /** The first server of /etc/resolv.conf if absent. */
  readonly server?: SocketAddress;
  readonly protocol?: "TCP" | "UDP";
  readonly timeoutMs?: Millis;
}

export interface ContainerNetwork {
  /** The Pod's own; with host networking, the node's. Without the loopback addresses. */
  readonly addresses: readonly string[];
  /**
   * Asks the servers of /etc/resolv.conf for a name as libc does: by search and ndots, with its time
   * limits and attempts. The answer is that of the first name which exists, or of the last that was tried.
   */
  resolve(name: string, type: DnsType): Steps<DnsAnswer>;
  /** One question to one server, without search: what dig and nslookup send. */
  query(question: DnsQuestion): Steps<DnsAnswer>;
  /** getaddrinfo for IPv4: an address as it is, then /etc/hosts, then `resolve`. Never empty. */
  lookup(name: string): Steps<readonly string[] | LookupFailure>;
  connect(to: Destination): Steps<Connection | NetworkFailure>;
  /**
   * Accepts connections to a port of all the addresses; for UDP, one for each peer that sends something.
   * @param port 0 for any that is free
   * @returns undefined if the address is in use
   */
  listen(
    protocol: Protocol,
    port: number,
    accept: (connection: Connection) => void,
  ): Listening | undefined;
}

/** Disposed to stop listening; connections that were accepted go on. */
export interface Listening extends Disposable {
  readonly port: number;
}

export function isNetworkFailure(result: Connection | NetworkFailure): result is NetworkFailure {
  return "failure" in result;
}
