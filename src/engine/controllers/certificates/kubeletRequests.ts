// What certificates of kubelets must look like.
// Source: pkg/apis/certificates/helpers.go ValidateKubelet{Client,Serving}CSR, kubernetes v1.34.
import type { CertificateRequest } from "../../../api/kinds/certificateSigningRequest/certificateRequest.ts";

const clientUsages = ["client auth", "digital signature", "key encipherment"];
const servingUsages = ["digital signature", "key encipherment", "server auth"];
/** Keys that are not RSA's encipher no keys. */
const optionalUsage = "key encipherment";

/** @returns why this is no request for a kubelet's certificate as a client; undefined if it is one */
export function kubeletClientError(
  request: CertificateRequest,
  usages: readonly string[],
): string | undefined {
  const { dnsNames, emailAddresses, ipAddresses, uris } = request;
  if (!isOfNodes(request)) return "subject organization is not system:nodes";
  if (dnsNames.length > 0) return "DNS subjectAltNames are not allowed";
  if (emailAddresses.length > 0) return "Email subjectAltNames are not allowed";
  if (ipAddresses > 0) return "IP subjectAltNames are not allowed";
  if (uris.length > 0) return "URI subjectAltNames are not allowed";
  return nameError(request) ?? usagesError(usages, clientUsages);
}

/** @returns why this is no request for the certificate that a kubelet serves with */
export function kubeletServingError(
  request: CertificateRequest,
  usages: readonly string[],
): string | undefined {
  const { dnsNames, emailAddresses, ipAddresses, uris } = request;
  if (!isOfNodes(request)) return "subject organization is not system:nodes";
  if (dnsNames.length + ipAddresses === 0) return "DNS or IP subjectAltName is required";
  if (emailAddresses.length > 0) return "Email subjectAltNames are not allowed";
  if (uris.length > 0) return "URI subjectAltNames are not allowed";
  return usagesError(usages, servingUsages) ?? nameError(request);
}

function isOfNodes({ organizations }: CertificateRequest): boolean {
  return organizations.length === 1 && organizations[0] === "system:nodes";
}

function nameError({ commonName }: CertificateRequest): string | undefined {
  return commonName.startsWith("system:node:")
    ? undefined
    : "subject common name does not begin with system:node:";
}

function usagesError(usages: readonly string[], wanted: readonly string[]): string | undefined {
  const given = new Set(usages);
  const least = wanted.filter((usage) => usage !== optionalUsage);
  const isRight = [wanted, least].some(
    (exact) => exact.length === given.size && exact.every((usage) => given.has(usage)),
  );
  return isRight ? undefined : `usages did not match [${wanted.join(" ")}]`;
}
