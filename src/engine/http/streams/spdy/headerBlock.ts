// Headers of SPDY/3.1 frames: pairs of texts, compressed as one zlib stream per direction.
// Source: SPDY Protocol, draft 3.1, section 2.6.10.
import { Inflate, InflateError } from "./inflate.ts";

/** Names are in lower case on the wire. */
export type SpdyHeaders = ReadonlyMap<string, string>;

const mostBytes = 64 * 1024;
const utf8 = new TextDecoder();
const toUtf8 = new TextEncoder();

/** Words of the dictionary that have their length before them. */
const words =
  "options head post put delete trace accept accept-charset accept-encoding accept-language " +
  "accept-ranges age allow authorization cache-control connection content-base content-encoding " +
  "content-language content-length content-location content-md5 content-range content-type date etag " +
  "expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since " +
  "last-modified location max-forwards pragma proxy-authenticate proxy-authorization range referer " +
  "retry-after server te trailer transfer-encoding upgrade user-agent vary via warning " +
  "www-authenticate method get status 200_OK version HTTP/1.1 url public set-cookie keep-alive origin";

/** The rest of it. */
const tail =
  "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505" +
  "203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request" +
  "401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented" +
  "503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 " +
  "Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif," +
  "application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip," +
  "deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.";

export const headerDictionary: Uint8Array = concat([
  ...words.split(" ").map((word) => sized(word.replace("_", " "))),
  toUtf8.encode(tail),
]);

export class HeaderReader {
  private readonly inflate = new Inflate(headerDictionary);

  /** The headers of the connection's next block. @throws InflateError */
  read(block: Uint8Array): SpdyHeaders {
    const bytes = this.inflate.push(block, mostBytes);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = 0;
    const number = (): number => {
      if (at + 4 > bytes.length) throw new InflateError("the headers are cut off");
      at += 4;
      return view.getUint32(at - 4);
    };
    const text = (): string => {
      const length = number();
      if (length > bytes.length - at) throw new InflateError("the headers are cut off");
      at += length;
      return utf8.decode(bytes.subarray(at - length, at));
    };
    const headers = new Map<string, string>();
    for (let left = number(); left > 0; left--) headers.set(text().toLowerCase(), text());
    return headers;
  }
}

const zlibHeader = [0x78, 0x01];
const mostStored = 0xffff;

/** Writes blocks that are not compressed, which readers of compressed ones understand as well. */
export class HeaderWriter {
  private hasBegun = false;

  write(headers: SpdyHeaders): Uint8Array {
    const parts = [uint32(headers.size)];
    for (const [name, value] of headers) parts.push(sized(name.toLowerCase()), sized(value));
    const bytes = concat(parts);
    const blocks: Uint8Array[] = this.hasBegun ? [] : [Uint8Array.from(zlibHeader)];
    this.hasBegun = true;
    for (let at = 0; at < bytes.length; at += mostStored)
      blocks.push(...stored(bytes.subarray(at, at + mostStored)));
    return concat([...blocks, ...stored(new Uint8Array())]);
  }
}

function stored(bytes: Uint8Array): readonly Uint8Array[] {
  const { length } = bytes;
  const sizes = [length & 0xff, length >> 8, ~length & 0xff, (~length >> 8) & 0xff];
  return [Uint8Array.of(0, ...sizes), bytes];
}

function sized(text: string): Uint8Array {
  const bytes = toUtf8.encode(text);
  return concat([uint32(bytes.length), bytes]);
}

export function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
