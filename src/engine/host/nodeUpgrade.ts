// Connections that leave HTTP behind: WebSockets, and SPDY on the bare socket.
import { type IncomingMessage, ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { Connection, HttpResponse, UpgradedBody } from "../http/exchange.ts";

/** Whether a request asks for something that is spoken here. */
export function asksForUpgrade({ headers }: IncomingMessage): boolean {
  return /^(websocket|spdy\/3\.1)$/i.test(headers.upgrade ?? "");
}

export interface UpgradeRequest {
  readonly message: IncomingMessage;
  readonly socket: Duplex;
  /** What came behind the request already. */
  readonly head: Buffer;
}

/**
 * Goes on as the answer says: `response` has status 101 and an upgraded body. A defect of ours ends the
 * connection and is reported.
 */
export function upgrade(
  request: UpgradeRequest,
  response: HttpResponse,
  onDefect: (error: unknown) => void,
): void {
  const body = response.body as UpgradedBody;
  const { headers } = response;
  const upgraded: UpgradedBody["upgraded"] = (connection) => {
    const guarded = <T>(act: (value: T) => void): ((value: T) => void) => {
      return (value) => {
        try {
          act(value);
        } catch (error) {
          onDefect(error);
          connection.close();
        }
      };
    };
    guarded(body.upgraded)({
      ...connection,
      onMessage: (listener) => connection.onMessage(guarded(listener)),
      onClose: (listener) => connection.onClose(() => guarded(listener)(undefined)),
    });
  };
  if (headers.Upgrade === "websocket") upgradeToWebSocket(request, headers, upgraded);
  else upgradeToBytes(request, headers, upgraded);
}

/** An ordinary answer to a request that wanted more. */
export function plainResponse({ message, socket }: UpgradeRequest): ServerResponse {
  const response = new ServerResponse(message);
  response.assignSocket(socket as Parameters<ServerResponse["assignSocket"]>[0]);
  response.shouldKeepAlive = false;
  response.on("finish", () => socket.end());
  return response;
}

type Headers = HttpResponse["headers"];

const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
const protocolHeader = "sec-websocket-protocol";
const normalClosure = 1000;

function upgradeToWebSocket(
  { message, socket, head }: UpgradeRequest,
  headers: Headers,
  upgraded: UpgradedBody["upgraded"],
): void {
  // The library refuses names like "SPDY/3.1+portforward.k8s.io", so it gets to see none.
  delete message.headers[protocolHeader];
  const own = Object.entries(headers).filter(
    ([name]) => name !== "Connection" && name !== "Upgrade",
  );
  const addHeaders = (lines: string[], asked: IncomingMessage): void => {
    if (asked === message) lines.push(...own.map(([name, value]) => `${name}: ${value}`));
  };
  webSockets.on("headers", addHeaders);
  webSockets.handleUpgrade(message, socket, head, (webSocket) =>
    upgraded(webSocketConnection(webSocket)),
  );
  webSockets.off("headers", addHeaders);
}

function webSocketConnection(webSocket: WebSocket): Connection {
  webSocket.on("error", () => webSocket.terminate());
  return {
    send: (bytes) => {
      if (webSocket.readyState === webSocket.OPEN) webSocket.send(bytes);
    },
    onMessage: (listener) => webSocket.on("message", (data) => listener(bytesOf(data))),
    onClose: (listener) => webSocket.once("close", () => listener()),
    close: () => webSocket.close(normalClosure),
  };
}

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}

function upgradeToBytes(
  { socket, head }: UpgradeRequest,
  headers: Headers,
  upgraded: UpgradedBody["upgraded"],
): void {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.write(`HTTP/1.1 101 ${STATUS_CODES[101]}\r\n${lines.join("\r\n")}\r\n\r\n`);
  socket.on("error", () => socket.destroy());
  if (head.length > 0) socket.unshift(head);
  upgraded({
    send: (bytes) => {
      if (socket.writable) socket.write(bytes);
    },
    onMessage: (listener) => socket.on("data", listener),
    onClose: (listener) => socket.once("close", () => listener()),
    close: () => socket.end(),
  });
}
