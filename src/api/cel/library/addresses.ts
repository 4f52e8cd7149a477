// IP addresses and CIDR ranges in expressions. Source: apiserver pkg/cel/library/{ip,cidr}.go and Go's
// net/netip, which is strict about leading zeros, kubernetes v1.34.
import { type AddressBytes, parseAddress } from "../../validation/addresses.ts";
import { type CelLibrary, declare, overload } from "../declaration.ts";
import { CelError, type CelValue, type OpaqueValue } from "../value.ts";

const ipType = "net.IP";
const cidrType = "net.CIDR";

class IpValue implements OpaqueValue {
  readonly opaqueType = ipType;

  constructor(readonly bytes: AddressBytes) {}

  equals(other: CelValue): boolean {
    return other instanceof IpValue && sameBytes(this.bytes, other.bytes);
  }
}

class CidrValue implements OpaqueValue {
  readonly opaqueType = cidrType;

  constructor(
    readonly address: IpValue,
    readonly prefix: number,
  ) {}

  equals(other: CelValue): boolean {
    return (
      other instanceof CidrValue &&
      this.prefix === other.prefix &&
      this.address.equals(other.address)
    );
  }

  contains({ bytes }: IpValue, prefix = bytes.length * 8): boolean {
    const own = this.address.bytes;
    return (
      own.length === bytes.length &&
      prefix >= this.prefix &&
      sameBytes(masked(own, this.prefix), masked(bytes, this.prefix))
    );
  }
}

function sameBytes(a: AddressBytes, b: AddressBytes): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function masked(bytes: AddressBytes, prefix: number): AddressBytes {
  return bytes.map((byte, i) => {
    const bits = Math.max(0, Math.min(8, prefix - 8 * i));
    return byte & (0xff << (8 - bits)) & 0xff;
  });
}

/** The address, or Go's words for what is wrong. */
function parseIp(text: string): AddressBytes | string {
  const quoted = JSON.stringify(text);
  const failure = `IP Address ${quoted} parse error during conversion from string: ParseAddr(${quoted}): `;
  if (text.includes("%")) return `IP address ${quoted} with zone value is not allowed`;
  const bytes = parseAddress(text);
  if (!bytes || /(?:^|\.)0\d/.test(text.slice(text.lastIndexOf(":") + 1)))
    return failure + (/[.:]/.test(text) ? "unexpected character" : "unable to parse IP");
  if (bytes.length === 4 && text.includes(":"))
    return `IPv4-mapped IPv6 address ${quoted} is not allowed`;
  return bytes;
}

function ip(text: string): IpValue {
  const parsed = parseIp(text);
  if (typeof parsed === "string") throw new CelError(parsed);
  return new IpValue(parsed);
}

function parseCidr(text: string): CidrValue | string {
  const quoted = JSON.stringify(text);
  const failure = `CIDR ${quoted} parse error during conversion from string: `;
  const slash = text.lastIndexOf("/");
  if (slash < 0) return `${failure}netip.ParsePrefix(${quoted}): no '/'`;
  const bytes = parseIp(text.slice(0, slash));
  const length = text.slice(slash + 1);
  if (typeof bytes === "string")
    return bytes.includes("not allowed")
      ? bytes
      : `${failure}netip.ParsePrefix(${quoted}): bad address`;
  if (!/^(?:0|[1-9]\d{0,2})$/.test(length))
    return `${failure}netip.ParsePrefix(${quoted}): bad bits after slash: ${JSON.stringify(length)}`;
  if (Number(length) > bytes.length * 8)
    return `${failure}netip.ParsePrefix(${quoted}): prefix length out of range`;
  return new CidrValue(new IpValue(bytes), Number(length));
}

function cidr(text: string): CidrValue {
  const parsed = parseCidr(text);
  if (typeof parsed === "string") throw new CelError(parsed);
  return parsed;
}

/** As Go prints it: IPv6 in lower case with the longest run of zeros left out. */
export function addressText(bytes: AddressBytes): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  const runs = [...groups.join(":").matchAll(/\b0(?::0)+\b/g)].map(([run]) => run);
  const longest = runs.sort((a, b) => b.length - a.length)[0];
  const text = groups.join(":");
  if (longest === undefined) return text;
  const at = text.search(new RegExp(`\\b${longest}\\b`));
  return `${text.slice(0, at).replace(/:$/, "")}::${text.slice(at + longest.length).replace(/^:/, "")}`;
}

function cidrText({ address, prefix }: CidrValue): string {
  return `${addressText(address.bytes)}/${prefix}`;
}

const isV6 = ({ bytes }: IpValue) => bytes.length === 16;
const first = ({ bytes }: IpValue) => bytes[0] ?? 0;
const second = ({ bytes }: IpValue) => bytes[1] ?? 0;

function isUnspecified({ bytes }: IpValue): boolean {
  return bytes.every((byte) => byte === 0);
}

function isLoopback(address: IpValue): boolean {
  return isV6(address)
    ? sameBytes(address.bytes, [...new Array<number>(15).fill(0), 1])
    : first(address) === 127;
}

function isLinkLocalMulticast(address: IpValue): boolean {
  if (isV6(address)) return first(address) === 0xff && (second(address) & 0x0f) === 2;
  return first(address) === 224 && second(address) === 0 && address.bytes[2] === 0;
}

function isLinkLocalUnicast(address: IpValue): boolean {
  return isV6(address)
    ? first(address) === 0xfe && (second(address) & 0xc0) === 0x80
    : first(address) === 169 && second(address) === 254;
}

function isGlobalUnicast(address: IpValue): boolean {
  const isMulticast = isV6(address) ? first(address) === 0xff : first(address) >> 4 === 14;
  const isBroadcast = sameBytes(address.bytes, [255, 255, 255, 255]);
  return !(
    isBroadcast ||
    isUnspecified(address) ||
    isLoopback(address) ||
    isMulticast ||
    isLinkLocalUnicast(address)
  );
}

function question(name: string, id: string, test: (address: IpValue) => boolean) {
  return declare(name, overload(id, `${ipType}.${name}() -> bool`, test));
}

export const addressesLibrary: CelLibrary = {
  functions: [
    declare(
      "ip",
      overload("string_to_ip", `(string) -> ${ipType}`, ip),
      overload("cidr_ip", `${cidrType}.ip() -> ${ipType}`, ({ address }: CidrValue) => address),
    ),
    declare(
      "isIP",
      overload("is_ip", "(string) -> bool", (text: string) => typeof parseIp(text) !== "string"),
    ),
    declare(
      "ip.isCanonical",
      overload(
        "ip_is_canonical",
        "(string) -> bool",
        (text: string) => addressText(ip(text).bytes) === text,
      ),
    ),
    declare(
      "family",
      overload("ip_family", `${ipType}.family() -> int`, (address: IpValue) =>
        isV6(address) ? 6n : 4n,
      ),
    ),
    question("isUnspecified", "ip_is_unspecified", isUnspecified),
    question("isLoopback", "ip_is_loopback", isLoopback),
    question("isLinkLocalMulticast", "ip_is_link_local_multicast", isLinkLocalMulticast),
    question("isLinkLocalUnicast", "ip_is_link_local_unicast", isLinkLocalUnicast),
    question("isGlobalUnicast", "ip_is_global_unicast", isGlobalUnicast),
    declare(
      "string",
      overload("ip_to_string", `(${ipType}) -> string`, ({ bytes }: IpValue) => addressText(bytes)),
      overload("cidr_to_string", `(${cidrType}) -> string`, cidrText),
    ),
    declare("cidr", overload("string_to_cidr", `(string) -> ${cidrType}`, cidr)),
    declare(
      "isCIDR",
      overload(
        "is_cidr",
        "(string) -> bool",
        (text: string) => typeof parseCidr(text) !== "string",
      ),
    ),
    declare(
      "containsIP",
      overload(
        "cidr_contains_ip_string",
        `${cidrType}.containsIP(string) -> bool`,
        (range: CidrValue, text: string) => range.contains(ip(text)),
      ),
      overload(
        "cidr_contains_ip_ip",
        `${cidrType}.containsIP(${ipType}) -> bool`,
        (range: CidrValue, address: IpValue) => range.contains(address),
      ),
    ),
    declare(
      "containsCIDR",
      overload(
        "cidr_contains_cidr_string",
        `${cidrType}.containsCIDR(string) -> bool`,
        (range: CidrValue, text: string) => containsRange(range, cidr(text)),
      ),
      overload(
        "cidr_contains_cidr",
        `${cidrType}.containsCIDR(${cidrType}) -> bool`,
        containsRange,
      ),
    ),
    declare(
      "prefixLength",
      overload("cidr_prefix_length", `${cidrType}.prefixLength() -> int`, ({ prefix }: CidrValue) =>
        BigInt(prefix),
      ),
    ),
    declare(
      "masked",
      overload(
        "cidr_masked",
        `${cidrType}.masked() -> ${cidrType}`,
        ({ address, prefix }: CidrValue) =>
          new CidrValue(new IpValue(masked(address.bytes, prefix)), prefix),
      ),
    ),
  ],
};

function containsRange(range: CidrValue, other: CidrValue): boolean {
  return range.contains(other.address, other.prefix);
}
