// What a certificate may be used for, as CertificateSigningRequests name it and as X.509 does.
// Source: pkg/controller/certificates/authority/policies.go, kubernetes v1.34.

/** Numbers of the bits of a KeyUsage. */
const bits: Readonly<Record<string, number>> = {
  signing: 0,
  "digital signature": 0,
  "content commitment": 1,
  "key encipherment": 2,
  "data encipherment": 3,
  "key agreement": 4,
  "cert sign": 5,
  "crl sign": 6,
  "encipher only": 7,
  "decipher only": 8,
};

/** In the order of Go's x509.ExtKeyUsage. */
const extended: readonly (readonly [string, string])[] = [
  ["any", "2.5.29.37.0"],
  ["server auth", "1.3.6.1.5.5.7.3.1"],
  ["client auth", "1.3.6.1.5.5.7.3.2"],
  ["code signing", "1.3.6.1.5.5.7.3.3"],
  ["email protection", "1.3.6.1.5.5.7.3.4"],
  ["s/mime", "1.3.6.1.5.5.7.3.4"],
  ["ipsec end system", "1.3.6.1.5.5.7.3.5"],
  ["ipsec tunnel", "1.3.6.1.5.5.7.3.6"],
  ["ipsec user", "1.3.6.1.5.5.7.3.7"],
  ["timestamping", "1.3.6.1.5.5.7.3.8"],
  ["ocsp signing", "1.3.6.1.5.5.7.3.9"],
  ["microsoft sgc", "1.3.6.1.4.1.311.10.3.3"],
  ["netscape sgc", "2.16.840.1.113730.4.1"],
];

export function keyUsageBits(usages: readonly string[]): readonly number[] {
  return usages.flatMap((usage) => bits[usage] ?? []);
}

/** Object identifiers of the extended usages, each once. */
export function extendedUsages(usages: readonly string[]): readonly string[] {
  const wanted = extended.filter(([usage]) => usages.includes(usage)).map(([, oid]) => oid);
  return [...new Set(wanted)];
}
