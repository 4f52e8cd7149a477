// IP addresses and ranges. Source: apimachinery pkg/util/validation/ip.go and
// pkg/apis/core/validation ValidateNonSpecialIP, kubernetes v1.34.
import { type FieldError, invalid } from "../fieldError.ts";
import type { FieldPath } from "../fieldPath.ts";

/** 4 bytes of an IPv4 address, or 16 of an IPv6 one. */
export type AddressBytes = readonly number[];

/**
 * Reads an address as Go's ParseIPSloppy does: leading zeros are decimal and harmless, zones are not
 * allowed. An IPv4 address written as IPv6 (::ffff:1.2.3.4) is an IPv4 address.
 */
export function parseAddress(text: string): AddressBytes | undefined {
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

export function isIpv6(text: string): boolean {
  return parseAddress(text)?.length === 16;
}

function parseIpv4(text: string): AddressBytes | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d+$/.test(part))) return undefined;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

function parseIpv6(text: string): AddressBytes | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, i) => parseGroups(half, i === halves.length - 1));
  if (!head || (halves.length === 2 && !tail)) return undefined;
  const bytes = [...head];
  if (tail) {
    const missing = 16 - head.length - tail.length;
    if (missing < 1) return undefined;
    bytes.push(...new Array<number>(missing).fill(0), ...tail);
  }
  if (bytes.length !== 16) return undefined;
  const isMapped =
    bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  return isMapped ? bytes.slice(12) : bytes;
}

function parseGroups(text: string, mayEndInIpv4: boolean): number[] | undefined {
  if (text === "") return [];
  const bytes: number[] = [];
  const groups = text.split(":");
  for (const [i, group] of groups.entries()) {
    if (mayEndInIpv4 && i === groups.length - 1 && group.includes(".")) {
      const last = parseIpv4(group);
      if (!last) return undefined;
      bytes.push(...last);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined;
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 255);
    }
  }
  return bytes;
}

export function isRange(text: string): boolean {
  const slash = text.indexOf("/");
  if (slash < 0) return false;
  const address = text.slice(0, slash);
  const bits = text.slice(slash + 1);
  const bytes = parseAddress(address);
  if (!bytes || !/^\d+$/.test(bits)) return false;
  return Number(bits) <= (address.includes(":") ? 128 : 32);
}

export function validateAddress(text: string, path: FieldPath): FieldError[] {
  return parseAddress(text)
    ? []
    : [invalid(path, text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")];
}

export function validateRange(text: string, path: FieldPath): FieldError[] {
  return isRange(text)
    ? []
    : [invalid(path, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")];
}

/** True if the two addresses are one of each family. */
export function isDualStack(addresses: readonly string[]): boolean {
  const lengths = new Set(addresses.map((address) => parseAddress(address)?.length));
  return addresses.length > 1 && lengths.has(4) && lengths.has(16);
}

/** Refuses addresses that cannot name an endpoint of one's own. */
export function validateNonSpecialAddress(text: string, path: FieldPath): FieldError[] {
  const bytes = parseAddress(text);
  if (!bytes) return [invalid(path, text, "must be a valid IP address")];
  return specialUses
    .filter(({ includes }) => includes(bytes))
    .map(({ words }) => invalid(path, text, words(text)));
}

const specialUses: readonly {
  includes(bytes: AddressBytes): boolean;
  words(text: string): string;
}[] = [
  {
    includes: (bytes) => bytes.every((byte) => byte === 0),
    words: (text) => `may not be unspecified (${text})`,
  },
  {
    includes: (bytes) =>
      bytes.length === 4
        ? bytes[0] === 127
        : bytes[15] === 1 && bytes.slice(0, 15).every((byte) => byte === 0),
    words: () => "may not be in the loopback range (127.0.0.0/8, ::1/128)",
  },
  {
    includes: ([first = 0, second = 0, ...rest]) =>
      rest.length === 2
        ? first === 169 && second === 254
        : first === 0xfe && (second & 0xc0) === 0x80,
    words: () => "may not be in the link-local range (169.254.0.0/16, fe80::/10)",
  },
  {
    includes: ([first = 0, second = 0, third = 0, ...rest]) =>
      rest.length === 1
        ? first === 224 && second === 0 && third === 0
        : first === 0xff && (second & 0x0f) === 0x02,
    words: () => "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)",
  },
];

/** True if `inner` is a smaller part of `outer`. Both must be ranges. */
export function isStrictSubset(inner: string, outer: string): boolean {
  const [innerText = "", innerBits = ""] = inner.split("/");
  const [outerText = "", outerBits = ""] = outer.split("/");
  const [a, b] = [parseAddress(innerText), parseAddress(outerText)];
  const bits = Number(outerBits);
  if (!a || !b || a.length !== b.length || bits >= Number(innerBits)) return false;
  return a.every((byte, i) => {
    const shared = Math.min(Math.max(bits - 8 * i, 0), 8);
    const mask = (0xff << (8 - shared)) & 0xff;
    return (byte & mask) === ((b[i] ?? 0) & mask);
  });
}
