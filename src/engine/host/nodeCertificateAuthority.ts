// The cluster's authority, whose key lies in the data folder, for certificates that are asked for through
// the API.
import "reflect-metadata";
import { createPrivateKey, sign } from "node:crypto";
import { X509Certificate } from "@peculiar/x509";
import { der, derOid, derTag } from "../../base/der.ts";
import type { CertificateAuthority } from "../certificateAuthority.ts";
import type { CertificateAndKey } from "./nodeCertificates.ts";

const ecdsaWithSha256 = "1.2.840.10045.4.3.2";

export function nodeCertificateAuthority(authority: CertificateAndKey): CertificateAuthority {
  const certificate = new X509Certificate(authority.certificate);
  const key = createPrivateKey(authority.key);
  return {
    subject: new Uint8Array(certificate.subjectName.toArrayBuffer()),
    notAfter: certificate.notAfter.getTime(),
    signatureAlgorithm: der(derTag.sequence, derOid(ecdsaWithSha256)),
    sign: (data) => sign("sha256", data, key),
    now: () => Date.now(),
  };
}
