// A request and its answer as HTTP sees them, without a socket: what the handler gets and returns.
import type { Disposable } from "../../base/disposable.ts";

export interface HttpRequest {
  readonly method: string;
  /** Path and query as they came: "/api/v1/pods?limit=500". */
  readonly target: string;
  /** Values by lower-case name, in the order in which they came. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  /** What the client showed of itself in the TLS handshake; absent if it showed nothing. */
  readonly certificate?: ClientCertificate;
  /** Resolves to the whole body. @throws BodyTooLarge, BodyAborted (as rejections) */
  readBody(limitBytes: number): Promise<Uint8Array>;
}

/** The subject of a client's certificate. */
export interface ClientCertificate {
  /** Signed by the cluster's authority and within its time. */
  readonly isTrusted: boolean;
  readonly commonName: string;
  readonly organizations: readonly string[];
  /** SHA-256 of the certificate, in lower-case hexadecimal digits. */
  readonly fingerprint: string;
}

export class BodyTooLarge extends Error {}

/** The client went away before its body was complete. */
export class BodyAborted extends Error {}

export interface HttpResponse {
  readonly status: number;
  /** A name with several values becomes several lines. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** An upgraded one comes with status 101 and in answer to an upgrade only. */
  readonly body: string | Uint8Array | StreamedBody | UpgradedBody;
}

/** What goes on where HTTP ends. */
export interface UpgradedBody {
  readonly upgraded: (connection: Connection) => void;
}

/** A connection that HTTP was left for: messages of a WebSocket, or bytes as they come. */
export interface Connection {
  /** Does nothing once the connection is closed. */
  send(bytes: Uint8Array): void;
  /** What comes before somebody listens waits. */
  onMessage(listener: (bytes: Uint8Array) => void): void;
  /** Called once, whoever closes. */
  onClose(listener: () => void): void;
  /** Closes once all that was sent is out. */
  close(): void;
}

/** Starts to write a body that has no known end; disposed when the client goes away. */
export type StreamedBody = (sink: ByteSink) => Disposable;

/** Where a streamed body goes. */
export interface ByteSink {
  /** False if the client is slow: wait for `onDrain` before writing more. */
  write(chunk: string): boolean;
  /** Called each time when everything written has gone out after `write` had said false. */
  onDrain(listener: () => void): void;
  /** Ends the body cleanly; a client that does not read it in time is cut off. */
  end(): void;
}

/** The first value of a header; undefined if it is absent. */
export function headerOf({ headers }: HttpRequest, name: string): string | undefined {
  return headers[name]?.[0];
}
