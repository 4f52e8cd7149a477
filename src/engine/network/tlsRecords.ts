// TLS without its cryptography: two hellos in TLS records, in which the server shows its certificate, then
// the plain bytes. What can go wrong before the first byte of HTTP goes wrong as it does for real: who is
// trusted, for which name, and who doesn't speak TLS at all. Source of the records: RFC 8446 §5.1.
import { concatBytes } from "../../base/bytes.ts";
import { utf8Bytes, utf8Text } from "../../base/utf8.ts";

export interface ClientHello {
  /** The name that the client wants to talk to (SNI); "" for an address. */
  readonly serverName: string;
}

export interface ServerHello {
  /** The server's certificate and those above it, as PEM. */
  readonly certificate: string;
}

/** ContentType handshake, legacy_record_version 3.1. */
const start = [0x16, 0x03, 0x01] as const;
const headerLength = 5;
/** A server of plain HTTP takes the hello for a request that it does not understand, and says so. */
const lineEnds = "\r\n\r\n";
/** A record's length has two bytes. */
const longest = 0xffff;

export function encodeHello(hello: ClientHello | ServerHello): Uint8Array {
  const body = utf8Bytes(JSON.stringify(hello) + lineEnds);
  const length = Math.min(body.length, longest);
  return concatBytes([
    Uint8Array.of(...start, length >> 8, length & 0xff),
    body.subarray(0, length),
  ]);
}

/** Gathers the bytes of the other end's hello. */
export class HelloReader<Hello extends ClientHello | ServerHello> {
  private bytes: Uint8Array = new Uint8Array();

  /** @returns undefined while more has to come; "notTls" with what came instead */
  push(
    bytes: Uint8Array,
  ):
    | { readonly hello: Hello; readonly rest: Uint8Array }
    | { readonly notTls: Uint8Array }
    | undefined {
    this.bytes = concatBytes([this.bytes, bytes]);
    const { bytes: all } = this;
    if (start.some((byte, i) => i < all.length && all[i] !== byte)) return { notTls: all };
    if (all.length < headerLength) return undefined;
    const end = headerLength + (((all[3] ?? 0) << 8) | (all[4] ?? 0));
    if (all.length < end) return undefined;
    const hello = parsed(all.subarray(headerLength, end));
    return hello ? { hello: hello as Hello, rest: all.subarray(end) } : { notTls: all };
  }
}

/** A hello of real TLS, from outside of the simulation, is none that is understood. */
function parsed(body: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(utf8Text(body) ?? "");
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
