// What a certificate request (PKCS #10, RFC 2986) asks for. Whether its signature is right is for the
// platform to say, which knows keys. Source: crypto/x509 ParseCertificateRequest, as Go 1.24 has it.
import { decodeBase64Bytes } from "../../../base/base64.ts";
import { type DerElement, derTag, oidText, readDer } from "../../../base/der.ts";
import { utf8Text } from "../../../base/utf8.ts";
import { certificateRequestError, pemBlocks } from "./pem.ts";

export interface CertificateRequest {
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly dnsNames: readonly string[];
  readonly emailAddresses: readonly string[];
  readonly uris: readonly string[];
  /** How many addresses it names. */
  readonly ipAddresses: number;
  /** The name as DER. */
  readonly subject: Uint8Array;
  /** The SubjectPublicKeyInfo as DER. */
  readonly publicKey: Uint8Array;
  /** The GeneralNames of the alternative names as DER. */
  readonly alternativeNames?: Uint8Array;
  /** The part that is signed as DER. */
  readonly signed: Uint8Array;
  /** What an AlgorithmIdentifier holds, as DER: the name and what belongs to it. */
  readonly signatureAlgorithm: Uint8Array;
  readonly signature: Uint8Array;
}

/** What is wrong with the signature of a request, in Go's words; undefined if nothing is. A port. */
export type RequestSignatureCheck = (request: CertificateRequest) => string | undefined;

const oid = {
  commonName: "2.5.4.3",
  organization: "2.5.4.10",
  alternativeNames: "2.5.29.17",
  extensionRequest: "1.2.840.113549.1.9.14",
};
const nameTag = { email: 0x81, dns: 0x82, uri: 0x86, ip: 0x87 };
const attributesTag = 0xa0;
const bmpString = 0x1e;

/** @param base64 of a PEM text. @returns the reason, in words, if it is no request */
export function parseCertificateRequest(base64: string): CertificateRequest | string {
  const problem = certificateRequestError(base64);
  if (problem !== undefined) return problem;
  const [block] = pemBlocks(base64);
  const [request] = readDer(decodeBase64Bytes(block?.body ?? "")) ?? [];
  const [info, algorithm, signature] = childrenOf(request);
  const [version, subject, publicKey, attributes] = childrenOf(info);
  if (
    !info ||
    version?.tag !== derTag.integer ||
    !subject ||
    !publicKey ||
    !algorithm ||
    !signature
  )
    return "asn1: syntax error: data truncated";
  return {
    ...subjectOf(subject),
    ...alternativesOf(attributes),
    subject: subject.bytes,
    publicKey: publicKey.bytes,
    signed: info.bytes,
    signatureAlgorithm: algorithm.content,
    // The first byte of a BIT STRING counts the bits that its last leaves unused: none.
    signature: signature.content.subarray(1),
  };
}

function childrenOf(element: DerElement | undefined): readonly DerElement[] {
  return (element && readDer(element.content)) ?? [];
}

function subjectOf(subject: DerElement): Pick<CertificateRequest, "commonName" | "organizations"> {
  const parts = childrenOf(subject)
    .flatMap(childrenOf)
    .map((part) => {
      const [type, value] = childrenOf(part);
      return { type: type ? oidText(type.content) : "", value: value ? textOf(value) : "" };
    });
  const valuesOf = (wanted: string) =>
    parts.filter(({ type }) => type === wanted).map(({ value }) => value);
  return {
    commonName: valuesOf(oid.commonName).at(-1) ?? "",
    organizations: valuesOf(oid.organization),
  };
}

function textOf({ tag, content }: DerElement): string {
  if (tag !== bmpString) return utf8Text(content) ?? latin(content);
  const units = Array.from(
    { length: content.length >> 1 },
    (_, i) => ((content[2 * i] ?? 0) << 8) | (content[2 * i + 1] ?? 0),
  );
  return String.fromCharCode(...units);
}

function latin(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

type Alternatives = Pick<
  CertificateRequest,
  "dnsNames" | "emailAddresses" | "uris" | "ipAddresses" | "alternativeNames"
>;

function alternativesOf(attributes: DerElement | undefined): Alternatives {
  const content = alternativeNamesOf(attributes);
  const [list] = (content && readDer(content)) ?? [];
  const names = childrenOf(list);
  const textsOf = (wanted: number) =>
    names.filter(({ tag }) => tag === wanted).map((name) => latin(name.content));
  return {
    dnsNames: textsOf(nameTag.dns),
    emailAddresses: textsOf(nameTag.email),
    uris: textsOf(nameTag.uri),
    ipAddresses: textsOf(nameTag.ip).length,
    ...(content && names.length > 0 ? { alternativeNames: content } : {}),
  };
}

/** What the extension of that name holds, of those that are asked for. */
function alternativeNamesOf(attributes: DerElement | undefined): Uint8Array | undefined {
  if (attributes?.tag !== attributesTag) return undefined;
  for (const attribute of childrenOf(attributes)) {
    const [type, values] = childrenOf(attribute);
    if (!type || oidText(type.content) !== oid.extensionRequest) continue;
    for (const extension of childrenOf(values).flatMap(childrenOf)) {
      const [id, ...rest] = childrenOf(extension);
      if (id && oidText(id.content) === oid.alternativeNames) return rest.at(-1)?.content;
    }
  }
  return undefined;
}
