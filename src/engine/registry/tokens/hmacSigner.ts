// Signs with a secret alone (RFC 2104), for engines that no platform gives a key pair: tests,
// benchmarks, the browser. Nobody else can check such tokens.
import { utf8Bytes } from "../../../base/utf8.ts";
import { sha256Bytes } from "../../network/sha256.ts";
import type { TokenSigner } from "./tokenSigner.ts";

const blockBytes = 64;

export function hmacSigner(secret: string): TokenSigner {
  const key = new Uint8Array(blockBytes);
  key.set(sha256Bytes(utf8Bytes(secret)));
  const sign = (text: string): Uint8Array => {
    const inner = sha256Bytes(joined(masked(key, 0x36), utf8Bytes(text)));
    return sha256Bytes(joined(masked(key, 0x5c), inner));
  };
  return {
    algorithm: "HS256",
    keyId: "engine",
    sign,
    verify: (text, signature) => sign(text).join() === signature.join(),
  };
}

function masked(key: Uint8Array, mask: number): Uint8Array {
  return key.map((byte) => byte ^ mask);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  return Uint8Array.from([...first, ...second]);
}
