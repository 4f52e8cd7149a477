// Signs with a secret alone, for engines that no platform gives a key pair: tests, benchmarks, the
// browser. Nobody else can check such tokens.
import { utf8Bytes } from "../../../base/utf8.ts";
import { hmacSha256 } from "../../network/hmacSha256.ts";
import { sha256Bytes } from "../../network/sha256.ts";
import type { TokenSigner } from "./tokenSigner.ts";

export function hmacSigner(secret: string): TokenSigner {
  const key = sha256Bytes(utf8Bytes(secret));
  const sign = (text: string): Uint8Array => hmacSha256(key, utf8Bytes(text));
  return {
    algorithm: "HS256",
    keyId: "engine",
    sign,
    verify: (text, signature) => sign(text).join() === signature.join(),
  };
}
