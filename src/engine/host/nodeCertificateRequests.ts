// Requests for certificates of the simulated machines (PKCS #10, RFC 2986), each with a key of its own that
// nobody keeps: no connection is ever made with it.
import { generateKeyPairSync, sign } from "node:crypto";
import { der, derOid, derTag } from "../../base/der.ts";
import { utf8Bytes } from "../../base/utf8.ts";
import type { CertificateRequests } from "../certificateRequests.ts";

const commonNameOid = "2.5.4.3";
const organizationOid = "2.5.4.10";
const ecdsaWithSha256 = "1.2.840.10045.4.3.2";
const utf8String = 0x0c;
const attributes = 0xa0;
const noUnusedBits = Uint8Array.of(0);
const lineLength = 64;

export const nodeCertificateRequests: CertificateRequests = ({ commonName, organization }) => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const info = der(
    derTag.sequence,
    der(derTag.integer, Uint8Array.of(0)),
    der(derTag.sequence, part(organizationOid, organization), part(commonNameOid, commonName)),
    publicKey.export({ type: "spki", format: "der" }),
    der(attributes),
  );
  const request = der(
    derTag.sequence,
    info,
    der(derTag.sequence, derOid(ecdsaWithSha256)),
    der(derTag.bitString, noUnusedBits, sign("sha256", info, privateKey)),
  );
  return pem(request);
};

function part(type: string, text: string): Uint8Array {
  const attribute = der(derTag.sequence, derOid(type), der(utf8String, utf8Bytes(text)));
  return der(derTag.set, attribute);
}

function pem(request: Uint8Array): string {
  const body = Buffer.from(request).toString("base64");
  const lines = body.match(new RegExp(`.{1,${lineLength}}`, "g")) ?? [];
  const label = "CERTIFICATE REQUEST";
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
