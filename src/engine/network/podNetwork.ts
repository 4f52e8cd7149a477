// Addresses of one node's Pods, out of the node's Pod range: what the bridge and host-local plugins do.
import { assert } from "../../base/assert.ts";
import { addressText, parseCidr, sizeOfCidr } from "./addresses.ts";

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
    const range = parseCidr(cidr);
    const last = range.network + sizeOfCidr(range) - 2;
    this.range = { first: range.network + firstOffset, last };
    this.next = this.range.first;
  }

  /** The address of a Pod, the same one if it has one; undefined if none is left. */
  allocate(podUid: string): string | undefined {
    const known = this.byPod.get(podUid);
    if (known) return known;
    assert(this.range, "Pods get addresses only once the node has a range");
    const { first, last } = this.range;
    for (let tried = first; tried <= last; tried++) {
      const address = addressText(this.next);
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
    return this.range ? `${addressText(this.range.first)}-${addressText(this.range.last)}` : "";
  }
}

/** The network of the machines themselves, with its gateway at .1. */
const machineNetwork = parseCidr("172.18.0.0/16");

/** The address of the cluster's machine number `index`, from 0: 172.18.0.2, … */
export function machineAddress(index: number): string {
  return addressText(machineNetwork.network + firstOffset + index);
}
