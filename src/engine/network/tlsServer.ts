// The server's end of TLS as Go's net/http has it.
import { utf8Bytes } from "../../base/utf8.ts";
import type { Steps } from "../node/steps.ts";
import type { Connection } from "./containerNetwork.ts";
import { type ClientHello, encodeHello, HelloReader } from "./tlsRecords.ts";
import { withFirst } from "./withFirst.ts";

/** Source: net/http server.go, for a client that speaks HTTP to a server of HTTPS. */
const plainHttp =
  "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";

/**
 * Shows the certificate to whoever connects.
 * @returns the connection within, or undefined: the other end does not speak TLS, and is gone
 */
export function* acceptTls(
  connection: Connection,
  certificate: string,
): Steps<Connection | undefined> {
  const reader = new HelloReader<ClientHello>();
  for (let bytes = yield* connection.read(); bytes; bytes = yield* connection.read()) {
    const read = reader.push(bytes);
    if (!read) continue;
    if ("hello" in read) {
      connection.write(encodeHello({ certificate }));
      return withFirst(connection, read.rest);
    }
    connection.write(utf8Bytes(plainHttp));
    break;
  }
  connection.close();
  return undefined;
}
