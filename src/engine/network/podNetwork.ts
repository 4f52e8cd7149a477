// Addresses of one node's Pods, out of the node's Pod range: what the bridge and host-local plugins do.
import { assert } from "../../base/assert.ts";
import { addressText, type Cidr, cidrContains, parseCidr, sizeOfCidr } from "./addresses.ts";

/** The network, the gateway and the broadcast address are not for Pods. */
const firstOffset = 2;

export class PodNetwork {
  private range: (Cidr & { readonly first: number; readonly last: number }) | undefined;
  private readonly byPod = new Map<string, string>();
  private readonly byAddress = new Map<string, string>();
  private next = 0;

  /** @param released called when a Pod's network is taken down */
  constructor(private readonly released: (podUid: string) => void = () => undefined) {}

  /** False until the node has its range: without one no Pod gets a network. */
  get isReady(): boolean {
    return this.range !== undefined;
  }

  /** Sets the node's range, e.g. "10.244.1.0/24". @throws if it is no IPv4 range */
  setRange(cidr: string): void {
    const range = parseCidr(cidr);
    const last = range.network + sizeOfCidr(range) - 2;
    this.range = { ...range, first: range.network + firstOffset, last };
    this.next = this.range.first;
  }

  /** Whether an address is one of this node's Pods', given out or not. */
  contains(address: number): boolean {
    return this.range !== undefined && cidrContains(this.range, address);
  }

  /** The Pod that has an address now. */
  podAt(address: string): string | undefined {
    return this.byAddress.get(address);
  }

  addressOf(podUid: string): string | undefined {
    return this.byPod.get(podUid);
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
      if (!this.byAddress.has(address)) return this.reserve(podUid, address);
    }
    return undefined;
  }

  /** Marks an address as a Pod's that has it already. */
  reserve(podUid: string, address: string): string {
    this.byPod.set(podUid, address);
    this.byAddress.set(address, podUid);
    return address;
  }

  release(podUid: string): void {
    const address = this.byPod.get(podUid);
    this.released(podUid);
    if (address === undefined) return;
    this.byPod.delete(podUid);
    this.byAddress.delete(address);
  }

  /** "10.244.1.2-10.244.1.254", for messages. */
  rangeText(): string {
    return this.range ? `${addressText(this.range.first)}-${addressText(this.range.last)}` : "";
  }
}

/** The network of the machines themselves, with its gateway at .1. */
const machineNetwork = parseCidr("172.18.0.0/16");

/** What lies between the machines and the world: it answers for names outside of the cluster. */
export const gatewayAddress = addressText(machineNetwork.network + 1);

/** The address of the cluster's machine number `index`, from 0: 172.18.0.2, … */
export function machineAddress(index: number): string {
  return addressText(machineNetwork.network + firstOffset + index);
}
