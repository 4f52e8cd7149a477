// The client's end of TLS as Go's crypto/tls and net/http have it. Whom to trust is the caller's affair.
import { latin1Text } from "../../base/bytes.ts";
import type { Steps } from "../node/steps.ts";
import type { Connection } from "./containerNetwork.ts";
import { encodeHello, HelloReader, type ServerHello } from "./tlsRecords.ts";
import { withFirst } from "./withFirst.ts";

export type TlsOutcome =
  | { readonly connection: Connection; readonly certificate: string }
  /** In Go's words. */
  | { readonly failure: string };

/** @param serverName "" for who connects to an address */
export function* connectTls(connection: Connection, serverName: string): Steps<TlsOutcome> {
  connection.write(encodeHello({ serverName }));
  const reader = new HelloReader<ServerHello>();
  for (let bytes = yield* connection.read(); bytes; bytes = yield* connection.read()) {
    const read = reader.push(bytes);
    if (!read) continue;
    if ("hello" in read)
      return {
        connection: withFirst(connection, read.rest),
        certificate: read.hello.certificate,
      };
    connection.close();
    const isHttp = latin1Text(read.notTls).startsWith("HTTP/");
    return {
      failure: isHttp
        ? "http: server gave HTTP response to HTTPS client"
        : "tls: first record does not look like a TLS handshake",
    };
  }
  connection.close();
  return { failure: connection.isReset ? "read: connection reset by peer" : "EOF" };
}
