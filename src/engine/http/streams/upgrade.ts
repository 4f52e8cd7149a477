// Requests that leave HTTP behind: what the client can speak, and the answer that agrees to it.
// Source: apimachinery pkg/util/httpstream, apiserver pkg/util/wsstream, 1.34.
import { badRequestError } from "../../../api/status.ts";
import { type HttpRequest, type HttpResponse, headerOf, type UpgradedBody } from "../exchange.ts";

export type Carrier = "websocket" | "spdy";

/** @throws ApiError BadRequest for a request that asks for no such thing */
export function carrierOf(request: HttpRequest): Carrier {
  const connection = headerOf(request, "connection")?.toLowerCase() ?? "";
  const upgrade = headerOf(request, "upgrade")?.toLowerCase() ?? "";
  if (connection.split(",").some((token) => token.trim() === "upgrade")) {
    if (upgrade === "websocket") return "websocket";
    if (upgrade === "spdy/3.1") return "spdy";
  }
  throw badRequestError("Upgrade request required");
}

/** What the client can speak over the carrier, the best first. */
export function protocolsOf(request: HttpRequest, carrier: Carrier): readonly string[] {
  const header = carrier === "websocket" ? "sec-websocket-protocol" : "x-stream-protocol-version";
  return (request.headers[header] ?? [])
    .flatMap((value) => value.split(","))
    .map((protocol) => protocol.trim())
    .filter((protocol) => protocol !== "");
}

/** The first of the client's protocols that the server speaks too; "" if the client names none. */
export function agreedProtocol(
  request: HttpRequest,
  carrier: Carrier,
  spoken: readonly string[],
): string | undefined {
  const protocols = protocolsOf(request, carrier);
  if (protocols.length === 0)
    return carrier === "websocket" && spoken.includes("") ? "" : spoken[0];
  return protocols.find((protocol) => spoken.includes(protocol));
}

/** Source: httpstream.Handshake. */
export function noAgreement(asked: readonly string[], spoken: readonly string[]): HttpResponse {
  const list = (protocols: readonly string[]) =>
    protocols.map((each) => JSON.stringify(each)).join(", ");
  return {
    status: 403,
    headers: { "X-Accepted-Stream-Protocol-Versions": spoken },
    body: `unable to upgrade: unable to negotiate protocol: client supports [${list(asked)}], server accepts [${list(spoken)}]`,
  };
}

/** Agrees to leave HTTP behind. */
export function switchProtocols(
  carrier: Carrier,
  protocol: string,
  upgraded: UpgradedBody["upgraded"],
): HttpResponse {
  const isWebSocket = carrier === "websocket";
  const header = isWebSocket ? "Sec-WebSocket-Protocol" : "X-Stream-Protocol-Version";
  return {
    status: 101,
    headers: {
      Connection: "Upgrade",
      Upgrade: isWebSocket ? "websocket" : "SPDY/3.1",
      ...(protocol === "" ? {} : { [header]: protocol }),
    },
    body: { upgraded },
  };
}
