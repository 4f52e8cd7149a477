// HMAC with SHA-256 (RFC 2104), for keys of at most a block.
import { sha256Bytes } from "./sha256.ts";

const blockBytes = 64;

/** @param key of at most 64 bytes */
export function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array {
  const block = new Uint8Array(blockBytes);
  block.set(key);
  const inner = sha256Bytes(joined(masked(block, 0x36), data));
  return sha256Bytes(joined(masked(block, 0x5c), inner));
}

function masked(key: Uint8Array, mask: number): Uint8Array {
  return key.map((byte) => byte ^ mask);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  return Uint8Array.from([...first, ...second]);
}
