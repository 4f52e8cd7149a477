// Addresses of the cluster's own networks: Pods' ranges per node, and Services' cluster IPs. Pure.
// Source: pkg/controller/nodeipam/ipam/cidrset and pkg/registry/core/service/ipallocator, 1.34.
import ipaddr from "ipaddr.js";
import { assert } from "../../base/assert.ts";

/** An IPv4 network, its address as an unsigned integer. */
export interface Cidr {
  readonly network: number;
  readonly prefix: number;
}

/** kubeadm's Pod network with flannel's default, and the part of it that each node gets. */
export const clusterCidr = parseCidr("10.244.0.0/16");
export const nodePrefix = 24;

/** @throws Error if the text is not an IPv4 CIDR: the texts are the cluster's own settings. */
export function parseCidr(text: string): Cidr {
  const [address, prefix] = ipaddr.IPv4.parseCIDR(text);
  return { network: (toNumber(address.toByteArray()) & mask(prefix)) >>> 0, prefix };
}

export function cidrText({ network, prefix }: Cidr): string {
  return `${addressText(network)}/${prefix}`;
}

/** "10.0.0.1" for 0x0a000001. */
export function addressText(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join(".");
}

/** The unsigned integer of an IPv4 address; undefined if the text is none. */
export function addressOf(text: string): number | undefined {
  return ipaddr.IPv4.isValidFourPartDecimal(text)
    ? toNumber(ipaddr.IPv4.parse(text).toByteArray())
    : undefined;
}

/** Addresses in the network, all of them. */
export function sizeOfCidr({ prefix }: Cidr): number {
  return 2 ** (32 - prefix);
}

export function cidrContains({ network, prefix }: Cidr, address: number): boolean {
  return (address & mask(prefix)) >>> 0 === network;
}

/** Whether a range holds an address, both as texts; false for what is not IPv4. */
export function isAddressIn(cidr: string, text: string): boolean {
  const address = addressOf(text);
  return address !== undefined && ipaddr.IPv4.isValidCIDR(cidr)
    ? cidrContains(parseCidr(cidr), address)
    : false;
}

/** The address `index` places into the network, e.g. 1 for a node's gateway. */
export function addressIn(cidr: Cidr, index: number): string {
  assert(index >= 0 && index < sizeOfCidr(cidr), `${index} lies in ${cidrText(cidr)}`);
  return addressText(cidr.network + index);
}

/**
 * The next free range of a node: after the one given last, around the whole, as the real allocator
 * goes. Undefined once the cluster's range is used up.
 * @param taken ranges in use, as texts
 * @param after the index of the range given last; -1 for the first time
 */
export function nextNodeCidr(
  taken: ReadonlySet<string>,
  after: number,
  { cidr = clusterCidr, prefix = nodePrefix } = {},
): { readonly text: string; readonly index: number } | undefined {
  const count = 2 ** (prefix - cidr.prefix);
  for (let step = 1; step <= count; step++) {
    const index = (after + step) % count;
    const network = cidr.network + index * 2 ** (32 - prefix);
    const text = cidrText({ network, prefix });
    if (!taken.has(text)) return { text, index };
  }
  return undefined;
}

function toNumber(bytes: readonly number[]): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

function mask(prefix: number): number {
  return prefix === 0 ? 0 : (-1 << (32 - prefix)) >>> 0;
}
