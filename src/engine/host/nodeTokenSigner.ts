// Signs ServiceAccount tokens with a key of the cluster's own, kept beside its certificates.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TokenSigner } from "../registry/tokens/tokenSigner.ts";

/** kubeadm's name for it. */
const keyFile = "sa.key";
/** RFC 7518 §3.4: the two numbers one after the other, not in ASN.1. */
const dsaEncoding = "ieee-p1363";

/** Reads the key in `folder`, or makes one that only the owner can read. */
export function nodeTokenSigner(folder: string): TokenSigner {
  const key = keyIn(folder);
  const publicKey = createPublicKey(key);
  return {
    algorithm: "ES256",
    keyId: keyIdOf(publicKey),
    publicKey: publicKey.export({ format: "jwk" }) as Readonly<Record<string, string>>,
    sign: (text) => sign("sha256", Buffer.from(text), { key, dsaEncoding }),
    verify: (text, signature) =>
      verify("sha256", Buffer.from(text), { key: publicKey, dsaEncoding }, signature),
  };
}

function keyIn(folder: string): KeyObject {
  const path = join(folder, keyFile);
  if (existsSync(path)) return createPrivateKey(readFileSync(path, "utf8"));
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(path, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  return privateKey;
}

/** Source: pkg/serviceaccount/jwt.go keyIDFromPublicKey, 1.34. */
function keyIdOf(key: KeyObject): string {
  const der = key.export({ type: "spki", format: "der" });
  return createHash("sha256").update(der).digest("base64url");
}
