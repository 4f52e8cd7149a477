// The server's side of DNS over connections of the simulated network.
import type { Steps } from "../../node/steps.ts";
import type { Connection } from "../containerNetwork.ts";
import { type DnsMessage, decodeMessage, encodeMessage } from "./dnsMessage.ts";

/** Answers one question after the other until the client is gone. What is no question gets no answer. */
export function* serveDns(
  connection: Connection,
  reply: (query: DnsMessage) => Steps<DnsMessage>,
): Steps {
  for (;;) {
    const bytes = yield* connection.read();
    if (!bytes) break;
    const query = decodeMessage(bytes);
    if (query && !query.isAnswer) connection.write(encodeMessage(yield* reply(query)));
  }
  connection.close();
}
