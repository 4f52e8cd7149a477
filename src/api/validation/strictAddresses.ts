// Addresses and ranges as newer fields want them, and what older fields warn of.
// Source: apimachinery pkg/util/validation/ip.go, kubernetes v1.34.
import { type FieldError, invalid } from "../fieldError.ts";
import type { FieldPath } from "../fieldPath.ts";
import { type AddressBytes, parseAddress, validateRange } from "./addresses.ts";
import type { TextRule } from "./texts.ts";

/** RFC 5952 for IPv6, dotted decimals for IPv4. */
export function canonicalAddress(bytes: AddressBytes): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from(
    { length: 8 },
    (_, i) => (bytes[2 * i] ?? 0) * 256 + (bytes[2 * i + 1] ?? 0),
  );
  const { start, length } = longestZeros(groups);
  const text = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(":");
  return length < 2 ? text(0, 8) : `${text(0, start)}::${text(start + length, 8)}`;
}

function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [i, group] of groups.entries())
    if (group !== 0) start = i + 1;
    else if (i + 1 - start > best.length) best = { start, length: i + 1 - start };
  return best;
}

/** An address in its one canonical spelling. Source: IsValidIP. */
export const strictAddress: TextRule = (text) => {
  const bytes = parseAddress(text);
  if (!bytes) return ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"];
  if (hasLeadingZeros(text)) return ["must not have leading 0s"];
  if (isMapped(text, bytes)) return ["must not be an IPv4-mapped IPv6 address"];
  const canonical = canonicalAddress(bytes);
  return text === canonical ? [] : [canonicalWords(canonical)];
};

/** A network, without bits beyond its prefix. Source: IsValidCIDR. */
export function checkStrictRange(text: string, path: FieldPath): FieldError[] {
  const errors = validateRange(text, path);
  if (errors.length > 0) return errors;
  const { address, bits, bytes } = parseRange(text);
  if (hasLeadingZeros(address) || /^0\d/.test(bits))
    return [invalid(path, text, "must not have leading 0s in IP or prefix length")];
  if (isMapped(address, bytes))
    return [invalid(path, text, "must not have an IPv4-mapped IPv6 address")];
  const network = masked(bytes, Number(bits));
  if (network.some((byte, i) => byte !== bytes[i]))
    return [invalid(path, text, "must not have bits set beyond the prefix length")];
  const canonical = `${canonicalAddress(network)}/${Number(bits)}`;
  return text === canonical ? [] : [invalid(path, text, canonicalWords(canonical))];
}

/** What a field that takes every spelling says of an unusual one. Source: GetWarningsForIP. */
export function addressWarnings(text: string, path: FieldPath): readonly string[] {
  const bytes = parseAddress(text);
  if (!bytes) return [];
  const canonical = canonicalAddress(bytes);
  const [shown, wanted] = [JSON.stringify(text), JSON.stringify(canonical)];
  if (hasLeadingZeros(text) || isMapped(text, bytes))
    return [
      `${path}: non-standard IP address ${shown} will be considered invalid in a future Kubernetes release: use ${wanted}`,
    ];
  if (canonical !== text)
    return [`${path}: IPv6 address ${shown} should be in RFC 5952 canonical format (${wanted})`];
  return [];
}

/** The same for ranges. Source: GetWarningsForCIDR. */
export function rangeWarnings(text: string, path: FieldPath): readonly string[] {
  const { address, bits, bytes } = parseRange(text);
  if (bytes.length === 0) return [];
  const network = masked(bytes, Number(bits));
  const canonical = `${canonicalAddress(network)}/${Number(bits)}`;
  const [shown, wanted] = [JSON.stringify(text), JSON.stringify(canonical)];
  const warnings: string[] = [];
  if (network.some((byte, i) => byte !== bytes[i])) {
    const single = JSON.stringify(`${canonicalAddress(bytes)}/${bytes.length * 8}`);
    warnings.push(
      `${path}: CIDR value ${shown} is ambiguous in this context (should be ${wanted} or ${single}?)`,
    );
  }
  if (hasLeadingZeros(address) || /^0\d/.test(bits) || isMapped(address, bytes))
    warnings.push(
      `${path}: non-standard CIDR value ${shown} will be considered invalid in a future Kubernetes release: use ${wanted}`,
    );
  if (warnings.length === 0 && canonical !== text)
    return [`${path}: IPv6 CIDR value ${shown} should be in RFC 5952 canonical format (${wanted})`];
  return warnings;
}

function canonicalWords(canonical: string): string {
  return `must be in canonical form (${JSON.stringify(canonical)})`;
}

/** IPv4 decimals with zeros before them: some programs take them for octal. */
function hasLeadingZeros(address: string): boolean {
  const parts = address.slice(address.lastIndexOf(":") + 1).split(".");
  return parts.length === 4 && parts.some((part) => /^0\d/.test(part));
}

function isMapped(text: string, bytes: AddressBytes): boolean {
  return text.includes(":") && bytes.length === 4;
}

function masked(bytes: AddressBytes, bits: number): AddressBytes {
  return bytes.map((byte, i) => byte & (0xff << (8 - Math.min(Math.max(bits - 8 * i, 0), 8))));
}

function parseRange(text: string): { address: string; bits: string; bytes: AddressBytes } {
  const slash = text.indexOf("/");
  const [address, bits] = [text.slice(0, slash), text.slice(slash + 1)];
  return { address, bits, bytes: parseAddress(address) ?? [] };
}
