// A TLS Secret whose key and certificate cannot go together is kept, and warned of.
// Source: pkg/api/secret warningsForSecret, Go crypto/tls X509KeyPair; kubernetes v1.34.
import type { Secret } from "../../types.ts";
import { pemBlocks } from "../certificateSigningRequest/pem.ts";

export function secretWarnings({ type, data = {} }: Secret): readonly string[] {
  if (type !== "kubernetes.io/tls") return [];
  const problem =
    certificateProblem(blockTypes(data["tls.crt"])) ?? keyProblem(blockTypes(data["tls.key"]));
  return problem === undefined ? [] : [`tls: ${problem}`];
}

function blockTypes(base64 = ""): readonly string[] {
  return pemBlocks(base64).map(({ type }) => type);
}

function certificateProblem(types: readonly string[]): string | undefined {
  if (types.includes("CERTIFICATE")) return undefined;
  if (types.length === 0) return "failed to find any PEM data in certificate input";
  if (types.length === 1 && isKey(types[0]))
    return "failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched";
  return `failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${types.join(" ")}]`;
}

function keyProblem(types: readonly string[]): string | undefined {
  if (types.some(isKey)) return undefined;
  if (types.length === 0) return "failed to find any PEM data in key input";
  if (types.length === 1 && types[0] === "CERTIFICATE")
    return "found a certificate rather than a key in the PEM for the private key";
  return `failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${types.join(" ")}]`;
}

function isKey(type: string | undefined): boolean {
  return type === "PRIVATE KEY" || (type?.endsWith(" PRIVATE KEY") ?? false);
}
