// The cluster's own authority and what it signs for its door and its administrator, kept in the data
// folder. Certificates follow the wall clock: clients check them against theirs.
import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const yearsValid = 10;
/** Clocks differ a little. */
const backdatedMs = 60 * 60 * 1_000;
const serialBytes = 8;
const ownerOnly = 0o600;

/** Both as PEM. */
export interface CertificateAndKey {
  readonly certificate: string;
  readonly key: string;
}

/** The names are those of kubeadm's files. */
export interface ClusterCertificates {
  readonly ca: CertificateAndKey;
  readonly apiserver: CertificateAndKey;
  /** Of `kubernetes-admin` in system:masters. */
  readonly admin: CertificateAndKey;
}

const names = ["ca", "apiserver", "admin"] as const;

/** Reads the certificates in `folder`, or makes them all; the files are readable for the owner alone. */
export async function clusterCertificates(folder: string): Promise<ClusterCertificates> {
  const paths = names.flatMap((name) => [join(folder, `${name}.crt`), join(folder, `${name}.key`)]);
  if (paths.every((path) => existsSync(path))) return readAll(folder);
  const made = await makeAll();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of names) {
    const { certificate, key } = made[name];
    writeFileSync(join(folder, `${name}.crt`), certificate, { mode: ownerOnly });
    writeFileSync(join(folder, `${name}.key`), key, { mode: ownerOnly });
  }
  return made;
}

function readAll(folder: string): ClusterCertificates {
  const read = (name: string): CertificateAndKey => ({
    certificate: readFileSync(join(folder, `${name}.crt`), "utf8"),
    key: readFileSync(join(folder, `${name}.key`), "utf8"),
  });
  return { ca: read("ca"), apiserver: read("apiserver"), admin: read("admin") };
}

async function makeAll(): Promise<ClusterCertificates> {
  const authority = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const ca = await X509CertificateGenerator.createSelfSigned({
    ...validity(),
    name: "CN=kubernetes",
    keys: authority,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(
        KeyUsageFlags.digitalSignature | KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign,
        true,
      ),
    ],
  });
  return {
    ca: { certificate: ca.toString("pem"), key: await pemOf(authority.privateKey) },
    apiserver: await signed(authority, {
      subject: "CN=kube-apiserver",
      usage: ExtendedKeyUsage.serverAuth,
      alternativeNames,
    }),
    admin: await signed(authority, {
      subject: "O=system:masters, CN=kubernetes-admin",
      usage: ExtendedKeyUsage.clientAuth,
      alternativeNames: [],
    }),
  };
}

type AlternativeName = { readonly type: "dns" | "ip"; readonly value: string };

const alternativeNames: readonly AlternativeName[] = [
  { type: "dns", value: "kubernetes" },
  { type: "dns", value: "kubernetes.default" },
  { type: "dns", value: "kubernetes.default.svc" },
  { type: "dns", value: "kubernetes.default.svc.cluster.local" },
  { type: "dns", value: "localhost" },
  { type: "ip", value: "127.0.0.1" },
  { type: "ip", value: "10.96.0.1" },
];

interface Signing {
  readonly subject: string;
  readonly usage: ExtendedKeyUsage;
  readonly alternativeNames: readonly AlternativeName[];
}

async function signed(
  authority: webcrypto.CryptoKeyPair,
  { subject, usage, alternativeNames: alternatives }: Signing,
): Promise<CertificateAndKey> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.create({
    ...validity(),
    subject,
    issuer: "CN=kubernetes",
    publicKey: keys.publicKey,
    signingKey: authority.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
      new ExtendedKeyUsageExtension([usage]),
      ...(alternatives.length === 0
        ? []
        : [new SubjectAlternativeNameExtension(alternatives.map((name) => ({ ...name })))]),
    ],
  });
  return { certificate: certificate.toString("pem"), key: await pemOf(keys.privateKey) };
}

function validity() {
  const notBefore = new Date(Date.now() - backdatedMs);
  const notAfter = new Date(notBefore);
  notAfter.setFullYear(notAfter.getFullYear() + yearsValid);
  return { notBefore, notAfter, serialNumber: randomBytes(serialBytes).toString("hex") };
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}
