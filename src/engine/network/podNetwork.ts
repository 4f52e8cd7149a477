// Addresses of one node's Pods, out of the node's Pod range: what the bridge and host-local plugins do.
import ipaddr from "ipaddr.js";
import { assert } from "../../base/assert.ts";

/** The network, the gateway and the broadcast address are not for Pods. */
const firstOffset = 2;

export class PodNetwork {
  private range: { readonly first: number; readonly last: number } | undefined;
  private readonly byPod = new Map<string, string>();
  private readonly taken = new Set<string>();
  private next = 0;

  /** False until the node has its range: without one no Pod gets a network. */
  get isReady(): boolean {
    return this.range !== undefined;
  }

  /** Sets the node's range, e.g. "10.244.1.0/24". @throws if it is no IPv4 range */
  setRange(cidr: string): void {
    const [address, length] = ipaddr.IPv4.parseCIDR(cidr);
    const base = numberOf(address) - (numberOf(address) % 2 ** (32 - length));
    this.range = { first: base + firstOffset, last: base + 2 ** (32 - length) - 2 };
    this.next = this.range.first;
  }

  /** The address of a Pod, the same one if it has one; undefined if none is left. */
  allocate(podUid: string): string | undefined {
    const known = this.byPod.get(podUid);
    if (known) return known;
    assert(this.range, "Pods get addresses only once the node has a range");
    const { first, last } = this.range;
    for (let tried = first; tried <= last; tried++) {
      const address = textOf(this.next);
      // Addresses go round, so that one that was just released is not given out at once.
      this.next = this.next === last ? first : this.next + 1;
      if (!this.taken.has(address)) return this.reserve(podUid, address);
    }
    return undefined;
  }

  /** Marks an address as a Pod's that has it already. */
  reserve(podUid: string, address: string): string {
    this.byPod.set(podUid, address);
    this.taken.add(address);
    return address;
  }

  release(podUid: string): void {
    const address = this.byPod.get(podUid);
    if (address === undefined) return;
    this.byPod.delete(podUid);
    this.taken.delete(address);
  }

  /** "10.244.1.2-10.244.1.254", for messages. */
  rangeText(): string {
    return this.range ? `${textOf(this.range.first)}-${textOf(this.range.last)}` : "";
  }
}

/** The address of the cluster's machine number `index`, from 0: 172.18.0.2, … */
export function machineAddress(index: number): string {
  return textOf(numberOf(ipaddr.IPv4.parse("172.18.0.2")) + index);
}

function numberOf(address: ipaddr.IPv4): number {
  return address.octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

function textOf(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}
