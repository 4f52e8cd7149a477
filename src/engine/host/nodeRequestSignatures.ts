// Whether whoever asks for a certificate has the key, in the words of Go's crypto/x509.
// Source: go1.24 crypto/x509/x509.go checkSignature, getSignatureAlgorithmFromAI, parser.go parsePublicKey.
import { constants, createPublicKey, type KeyObject, verify } from "node:crypto";
import type {
  CertificateRequest,
  RequestSignatureCheck,
} from "../../api/kinds/certificateSigningRequest/certificateRequest.ts";
import { type DerElement, derTag, oidText, readDer } from "../../base/der.ts";

interface Algorithm {
  readonly keyType: string;
  /** How the platform names the digest; undefined where the algorithm has its own. */
  readonly digest?: string;
  readonly isPss?: true;
}

const insecureMd5 = "1.2.840.113549.1.1.4";
const rsaPss = "1.2.840.113549.1.1.10";
const maskGeneration = "1.2.840.113549.1.1.8";
const algorithms: Readonly<Record<string, Algorithm>> = {
  "1.2.840.113549.1.1.5": { keyType: "RSA", digest: "sha1" },
  "1.3.14.3.2.29": { keyType: "RSA", digest: "sha1" },
  "1.2.840.113549.1.1.11": { keyType: "RSA", digest: "sha256" },
  "1.2.840.113549.1.1.12": { keyType: "RSA", digest: "sha384" },
  "1.2.840.113549.1.1.13": { keyType: "RSA", digest: "sha512" },
  "1.2.840.10040.4.3": { keyType: "DSA", digest: "sha1" },
  "2.16.840.1.101.3.4.3.2": { keyType: "DSA", digest: "sha256" },
  "1.2.840.10045.4.1": { keyType: "ECDSA", digest: "sha1" },
  "1.2.840.10045.4.3.2": { keyType: "ECDSA", digest: "sha256" },
  "1.2.840.10045.4.3.3": { keyType: "ECDSA", digest: "sha384" },
  "1.2.840.10045.4.3.4": { keyType: "ECDSA", digest: "sha512" },
  "1.3.101.112": { keyType: "Ed25519" },
};
const saltLengths: Readonly<Record<string, number>> = { sha256: 32, sha384: 48, sha512: 64 };
const digests: Readonly<Record<string, string>> = {
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};
/** By what the platform calls a key: the algorithm and the Go type of such keys. */
const keyTypes: Readonly<Record<string, readonly [algorithm: string, goType: string]>> = {
  rsa: ["RSA", "*rsa.PublicKey"],
  ec: ["ECDSA", "*ecdsa.PublicKey"],
  ed25519: ["Ed25519", "ed25519.PublicKey"],
};
const curves = ["secp224r1", "prime256v1", "secp384r1", "secp521r1"];
const failures: Readonly<Record<string, string>> = {
  RSA: "crypto/rsa: verification error",
  ECDSA: "x509: ECDSA verification failure",
  Ed25519: "x509: Ed25519 verification failure",
};
const unimplemented = "x509: cannot verify signature: algorithm unimplemented";
const shortestRsaBits = 1024;

export const nodeRequestSignatures: RequestSignatureCheck = (request) => {
  const key = publicKeyOf(request);
  const { namedCurve, modulusLength = 0 } = key?.asymmetricKeyDetails ?? {};
  if (namedCurve !== undefined && !curves.includes(namedCurve))
    return "x509: unsupported elliptic curve";
  const [oid, parameters] = readDer(request.signatureAlgorithm) ?? [];
  const name = oid ? oidText(oid.content) : "";
  if (name === insecureMd5) return "x509: cannot verify signature: insecure algorithm MD5-RSA";
  const algorithm = name === rsaPss ? pssAlgorithm(parameters) : algorithms[name];
  const [keyType, goType] = keyTypes[key?.asymmetricKeyType ?? ""] ?? [];
  if (!algorithm || !key || keyType === undefined) return unimplemented;
  if (algorithm.keyType !== keyType)
    return `x509: signature algorithm specifies an ${algorithm.keyType} public key, but have public key of type ${goType}`;
  if (keyType === "RSA" && modulusLength < shortestRsaBits)
    return `crypto/rsa: ${modulusLength}-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)`;
  return isSigned(request, key, algorithm) ? undefined : failures[keyType];
};

/** Undefined for a key of a sort that the platform does not know. */
function publicKeyOf({ publicKey }: CertificateRequest): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(publicKey), format: "der", type: "spki" });
  } catch {
    return undefined;
  }
}

/** Go takes the combinations that are usual: one digest throughout, and a salt of its length. */
function pssAlgorithm(parameters: DerElement | undefined): Algorithm | undefined {
  const [hash, mask, salt] = childrenOf(parameters).map((part) => childrenOf(part)[0]);
  const [maskName, maskHash] = childrenOf(mask);
  const digest = digestOf(hash);
  const saltLength = salt?.tag === derTag.integer ? salt.content.at(-1) : undefined;
  const isUsual =
    maskName !== undefined &&
    oidText(maskName.content) === maskGeneration &&
    digestOf(maskHash) === digest &&
    saltLength === saltLengths[digest ?? ""];
  return isUsual && digest !== undefined ? { keyType: "RSA", digest, isPss: true } : undefined;
}

function digestOf(algorithm: DerElement | undefined): string | undefined {
  const [oid] = childrenOf(algorithm);
  return oid && digests[oidText(oid.content)];
}

function childrenOf(element: DerElement | undefined): readonly DerElement[] {
  return (element && readDer(element.content)) ?? [];
}

function isSigned(
  { signed, signature }: CertificateRequest,
  key: KeyObject,
  { digest, isPss }: Algorithm,
): boolean {
  const padding = isPss ? constants.RSA_PKCS1_PSS_PADDING : undefined;
  const options = padding && { padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  return verify(digest, signed, { key, ...options }, signature);
}
