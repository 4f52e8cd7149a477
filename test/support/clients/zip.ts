// Reads files out of a zip archive, for machines that have no program for it.
// Source: PKWARE APPNOTE.TXT 4.3.
import { inflateRawSync } from "node:zlib";

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const endBytes = 22;
const entryBytes = 46;
const localBytes = 30;
const deflated = 8;

/** The content of the file called `name`. @throws Error if the archive has no such file */
export function readZipEntry(archive: Buffer, name: string): Buffer {
  const end = endOfDirectory(archive);
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (archive.readUInt32LE(at) !== entrySignature) throw new Error("the archive is damaged");
    const nameBytes = archive.readUInt16LE(at + 28);
    const found = archive.toString("utf8", at + entryBytes, at + entryBytes + nameBytes);
    if (found === name) return content(archive, at);
    at += entryBytes + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  throw new Error(`the archive has no ${name}`);
}

/** It is followed by a comment of unknown length. */
function endOfDirectory(archive: Buffer): number {
  for (let at = archive.length - endBytes; at >= 0; at--)
    if (archive.readUInt32LE(at) === endSignature) return at;
  throw new Error("this is no zip archive");
}

function content(archive: Buffer, entry: number): Buffer {
  const method = archive.readUInt16LE(entry + 10);
  const packedBytes = archive.readUInt32LE(entry + 20);
  const local = archive.readUInt32LE(entry + 42);
  const start =
    local + localBytes + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(start, start + packedBytes);
  return method === deflated ? inflateRawSync(packed) : packed;
}
