// Requests for certificates are refused unless whoever asks has the key.
import assert from "node:assert/strict";
import {
  constants,
  generateKeyPairSync,
  type KeyObject,
  type SignKeyObjectInput,
  sign,
} from "node:crypto";
import { CertificateSigningRequest } from "../../../src/api/kinds/certificateSigningRequest.ts";
import { der, derOid, derTag } from "../../../src/base/der.ts";
import { Engine } from "../../../src/engine/engine.ts";
import { nodeCertificateRequests } from "../../../src/engine/host/nodeCertificateRequests.ts";
import { nodeRequestSignatures } from "../../../src/engine/host/nodeRequestSignatures.ts";
import { requestOf } from "../controllers/certificates/requestOf.ts";

const sequence = (...parts: readonly Uint8Array[]) => der(derTag.sequence, ...parts);

const oids = {
  "ECDSA-SHA256": "1.2.840.10045.4.3.2",
  "SHA256-RSA": "1.2.840.113549.1.1.11",
  "MD5-RSA": "1.2.840.113549.1.1.4",
  "DSA-SHA256": "2.16.840.1.101.3.4.3.2",
  "RSA-PSS": "1.2.840.113549.1.1.10",
  Ed25519: "1.3.101.112",
  unknown: "1.2.3.4",
} as const;

const keys = {
  p256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  secp256k1: generateKeyPairSync("ec", { namedCurve: "secp256k1" }),
  rsa: generateKeyPairSync("rsa", { modulusLength: 2048 }),
  shortRsa: generateKeyPairSync("rsa", { modulusLength: 512 }),
  ed25519: generateKeyPairSync("ed25519"),
  ed448: generateKeyPairSync("ed448"),
};

interface Signing {
  readonly algorithm: keyof typeof oids;
  readonly publicKey: KeyObject;
  readonly by: KeyObject | SignKeyObjectInput;
  readonly digest: string | null;
  /** Of the algorithm, as DER. */
  readonly parameters?: Uint8Array;
}

/** A request without a name, as base64 of its PEM text. */
function signedRequest({ algorithm, publicKey, by, digest, parameters }: Signing): string {
  const info = sequence(
    der(derTag.integer, Uint8Array.of(0)),
    sequence(),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa0),
  );
  const signature = der(derTag.bitString, Uint8Array.of(0), sign(digest, info, by));
  const request = sequence(info, algorithmOf(oids[algorithm], parameters), signature);
  return pem(Buffer.from(request).toString("base64"));
}

function algorithmOf(oid: string, parameters: Uint8Array = der(0x05)): Uint8Array {
  return sequence(derOid(oid), parameters);
}

/** Of RSASSA-PSS with SHA-256 (RFC 4055). */
function pssParameters(saltLength: number): Uint8Array {
  const sha256 = algorithmOf("2.16.840.1.101.3.4.2.1");
  return sequence(
    der(0xa0, sha256),
    der(0xa1, algorithmOf("1.2.840.113549.1.1.8", sha256)),
    der(0xa2, der(derTag.integer, Uint8Array.of(saltLength))),
  );
}

function pem(body: string): string {
  const label = "CERTIFICATE REQUEST";
  return Buffer.from(`-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`).toString(
    "base64",
  );
}

describe("the signature of a certificate request", () => {
  const engine = new Engine({
    now: Date.UTC(2026, 0, 31),
    seed: 1,
    spec: { machines: [] },
    requestSignatures: nodeRequestSignatures,
  });
  engine.clock.run(1_000);
  let count = 0;

  const ask = (request: string): unknown =>
    engine.client("kubernetes-admin").create(CertificateSigningRequest, {
      apiVersion: CertificateSigningRequest.apiVersion,
      kind: CertificateSigningRequest.gvk.kind,
      metadata: { name: `r-${count++}` },
      spec: {
        request,
        signerName: "kubernetes.io/kube-apiserver-client",
        usages: ["client auth"],
      },
    });

  it("is right in what clients and machines make", async () => {
    ask(await requestOf("CN=jane"));
    const machine = nodeCertificateRequests({ commonName: "system:node:a", organization: "x" });
    ask(Buffer.from(machine).toString("base64"));
  });

  for (const [algorithm, key, digest] of [
    ["SHA256-RSA", "rsa", "sha256"],
    ["ECDSA-SHA256", "p256", "sha256"],
    ["Ed25519", "ed25519", null],
  ] as const) {
    const { publicKey, privateKey } = keys[key];
    it(`of ${algorithm} is taken`, () =>
      void ask(signedRequest({ algorithm, publicKey, by: privateKey, digest })));
  }

  const other = {
    p256: generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey,
    rsa: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey,
    ed25519: generateKeyPairSync("ed25519").privateKey,
  };
  const cannot = "x509: cannot verify signature:";
  const mismatch = "x509: signature algorithm specifies an";
  for (const [claim, algorithm, key, by, message] of [
    ["another ECDSA key", "ECDSA-SHA256", "p256", other.p256, "x509: ECDSA verification failure"],
    ["another RSA key", "SHA256-RSA", "rsa", other.rsa, "crypto/rsa: verification error"],
    [
      "another Ed25519 key",
      "Ed25519",
      "ed25519",
      other.ed25519,
      "x509: Ed25519 verification failure",
    ],
    ["MD5", "MD5-RSA", "rsa", other.rsa, `${cannot} insecure algorithm MD5-RSA`],
    ["what nobody knows", "unknown", "rsa", other.rsa, `${cannot} algorithm unimplemented`],
    [
      "a key that Go cannot use",
      "Ed25519",
      "ed448",
      other.ed25519,
      `${cannot} algorithm unimplemented`,
    ],
    [
      "RSA with an ECDSA key",
      "SHA256-RSA",
      "p256",
      other.rsa,
      `${mismatch} RSA public key, but have public key of type *ecdsa.PublicKey`,
    ],
    [
      "DSA with an RSA key",
      "DSA-SHA256",
      "rsa",
      other.rsa,
      `${mismatch} DSA public key, but have public key of type *rsa.PublicKey`,
    ],
    [
      "a curve of its own",
      "ECDSA-SHA256",
      "secp256k1",
      other.p256,
      "x509: unsupported elliptic curve",
    ],
    [
      "a short RSA key",
      "SHA256-RSA",
      "shortRsa",
      keys.shortRsa.privateKey,
      "crypto/rsa: 512-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)",
    ],
  ] as const)
    it(`of ${claim} is refused`, () => {
      const { publicKey } = keys[key];
      const digest = by.asymmetricKeyType === "ed25519" ? null : "sha256";
      const request = signedRequest({ algorithm, publicKey, by, digest });
      assert.throws(
        () => ask(request),
        (error: Error) => error.message.endsWith(`": ${message}`),
      );
    });

  for (const [claim, saltLength, isTaken] of [
    ["with a salt as long as the digest is taken", 32, true],
    ["with another salt is refused", 20, false],
  ] as const)
    it(`of RSA-PSS ${claim}`, () => {
      const { publicKey, privateKey } = keys.rsa;
      const by = { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
      const parameters = pssParameters(saltLength);
      const algorithm = "RSA-PSS";
      const request = signedRequest({ algorithm, publicKey, by, digest: "sha256", parameters });
      if (isTaken) ask(request);
      else assert.throws(() => ask(request), /algorithm unimplemented$/);
    });
});
