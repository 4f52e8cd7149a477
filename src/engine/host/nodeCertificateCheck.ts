// Whether a server's certificate is to be trusted, in the words of Go's crypto/x509.
// Source: go1.24 crypto/x509/verify.go, crypto/tls/common.go CertificateVerificationError.
import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import type { ShownCertificate } from "../http/webhooks/webhookTransport.ts";

const prefix = "tls: failed to verify certificate: x509: ";
const longestChain = 8;

/** Undefined if it is. */
export function certificateProblem({
  certificate,
  serverName,
  authorities,
}: ShownCertificate): string | undefined {
  const [leaf, ...intermediates] = readCertificates(certificate);
  if (!leaf) return "tls: failed to parse certificate from server";
  const roots =
    authorities === undefined
      ? rootCertificates.flatMap(readCertificates)
      : readCertificates(authorities);
  const problem = timeProblem(leaf) ?? nameProblem(leaf, serverName);
  if (problem !== undefined) return prefix + problem;
  return isSignedBy(leaf, { roots, intermediates }, 0)
    ? undefined
    : `${prefix}certificate signed by unknown authority`;
}

function readCertificates(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return [];
  }
}

/** Certificates follow the wall's clock. */
function timeProblem({ validFromDate, validToDate }: X509Certificate): string | undefined {
  const now = new Date();
  const text = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, "Z");
  const said = "certificate has expired or is not yet valid: current time";
  if (now < validFromDate) return `${said} ${text(now)} is before ${text(validFromDate)}`;
  if (now > validToDate) return `${said} ${text(now)} is after ${text(validToDate)}`;
  return undefined;
}

/** Go looks at the alternative names only. */
function nameProblem(leaf: X509Certificate, serverName: string): string | undefined {
  const alternatives = leaf.subjectAltName?.split(", ") ?? [];
  if (alternatives.length === 0)
    return leaf.checkHost(serverName) === undefined
      ? `certificate is not valid for any names, but wanted to match ${serverName}`
      : "certificate relies on legacy Common Name field, use SANs instead";
  if (leaf.checkHost(serverName, { subject: "never" }) !== undefined) return undefined;
  const names = alternatives.flatMap((each) => (each.startsWith("DNS:") ? [each.slice(4)] : []));
  return names.length === 0
    ? `certificate is not valid for any names, but wanted to match ${serverName}`
    : `certificate is valid for ${names.join(", ")}, not ${serverName}`;
}

interface Authorities {
  readonly roots: readonly X509Certificate[];
  readonly intermediates: readonly X509Certificate[];
}

function isSignedBy(certificate: X509Certificate, known: Authorities, depth: number): boolean {
  const { roots, intermediates } = known;
  // A certificate that is trusted itself needs nobody above it.
  if (roots.some(({ fingerprint256 }) => fingerprint256 === certificate.fingerprint256))
    return true;
  const signs = (issuer: X509Certificate): boolean =>
    certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  if (roots.some(signs)) return true;
  return (
    depth < longestChain &&
    intermediates.some((issuer) => signs(issuer) && isSignedBy(issuer, known, depth + 1))
  );
}
