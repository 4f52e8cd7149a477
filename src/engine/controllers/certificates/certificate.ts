// An X.509 certificate (RFC 5280), as Go's x509.CreateCertificate lays it out.
import { encodeBase64Bytes } from "../../../base/base64.ts";
import { der, derOid, derTag } from "../../../base/der.ts";
import { formatTime, type Instant } from "../../../base/time.ts";
import { utf8Bytes } from "../../../base/utf8.ts";
import type { CertificateAuthority } from "../../certificateAuthority.ts";
import { extendedUsages, keyUsageBits } from "./usages.ts";

export interface CertificateTemplate {
  readonly serialNumber: Uint8Array;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  /** As a CertificateSigningRequest names them: "client auth". */
  readonly usages: readonly string[];
  /** As DER, as are the key and the alternative names. */
  readonly subject: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly alternativeNames?: Uint8Array;
}

/** @returns the signed certificate as PEM */
export function signCertificate(
  template: CertificateTemplate,
  authority: CertificateAuthority,
): string {
  const { signatureAlgorithm } = authority;
  const content = der(
    derTag.sequence,
    der(explicit(0), der(derTag.integer, Uint8Array.of(versionThree))),
    positiveInteger(template.serialNumber),
    signatureAlgorithm,
    authority.subject,
    der(derTag.sequence, time(template.notBefore), time(template.notAfter)),
    template.subject,
    template.publicKey,
    der(explicit(3), der(derTag.sequence, ...extensions(template))),
  );
  const signature = bitString(authority.sign(content));
  return pem("CERTIFICATE", der(derTag.sequence, content, signatureAlgorithm, signature));
}

const versionThree = 2;
const yes = der(derTag.boolean, Uint8Array.of(0xff));
/** From here on times have four digits for the year. */
const lastShortYear = 2049;
const lineLength = 64;

function explicit(number: number): number {
  return 0xa0 | number;
}

function extensions({ usages, subject, alternativeNames }: CertificateTemplate): Uint8Array[] {
  const bits = keyUsageBits(usages);
  const extended = extendedUsages(usages).map(derOid);
  const isNamed = subject.length > 2;
  return [
    ...(bits.length === 0 ? [] : [extension("2.5.29.15", true, namedBits(bits))]),
    ...(extended.length === 0
      ? []
      : [extension("2.5.29.37", false, der(derTag.sequence, ...extended))]),
    // Not an authority itself.
    extension("2.5.29.19", true, der(derTag.sequence)),
    ...(alternativeNames ? [extension("2.5.29.17", !isNamed, alternativeNames)] : []),
  ];
}

function extension(oid: string, isCritical: boolean, value: Uint8Array): Uint8Array {
  return der(
    derTag.sequence,
    derOid(oid),
    ...(isCritical ? [yes] : []),
    der(derTag.octetString, value),
  );
}

/** A BIT STRING of the bits of those numbers, without zeros at its end. */
function namedBits(numbers: readonly number[]): Uint8Array {
  const last = Math.max(...numbers);
  const bytes = new Uint8Array(Math.floor(last / 8) + 1);
  for (const number of numbers) {
    const at = Math.floor(number / 8);
    bytes[at] = (bytes[at] ?? 0) | (0x80 >> (number % 8));
  }
  return der(derTag.bitString, Uint8Array.of(7 - (last % 8)), bytes);
}

function bitString(bytes: Uint8Array): Uint8Array {
  return der(derTag.bitString, Uint8Array.of(0), bytes);
}

/** A first bit that is set would mean a negative number. */
function positiveInteger(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = bytes.subarray(Math.max(0, start));
  const sign = (digits[0] ?? 0) & 0x80 ? Uint8Array.of(0) : Uint8Array.of();
  return der(derTag.integer, sign, digits);
}

function time(instant: Instant): Uint8Array {
  const digits = `${formatTime(instant).replace(/\D/g, "")}Z`;
  return Number(digits.slice(0, 4)) <= lastShortYear
    ? der(derTag.utcTime, utf8Bytes(digits.slice(2)))
    : der(derTag.generalizedTime, utf8Bytes(digits));
}

function pem(type: string, bytes: Uint8Array): string {
  const text = encodeBase64Bytes(bytes);
  const lines = text.match(new RegExp(`.{1,${lineLength}}`, "g")) ?? [];
  return `-----BEGIN ${type}-----\n${lines.join("\n")}\n-----END ${type}-----\n`;
}
