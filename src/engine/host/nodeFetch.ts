// A `fetch` that trusts a cluster's own authority and shows a certificate: the platform's can do neither.
import { Agent, request } from "node:https";
import { Readable } from "node:stream";
import type { ReadableStream as NodeStream } from "node:stream/web";
import type { Fetch } from "../../client/httpClient.ts";

/** All in PEM. */
export interface TlsIdentity {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/** How to reach a server, and who asks. */
export interface ServerAccess {
  readonly ca?: string | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  /** A bearer token, for those without a certificate. */
  readonly token?: string | undefined;
  /** Trusts whoever answers. */
  readonly skipsVerification?: boolean;
}

export function nodeFetch(access: ServerAccess): Fetch {
  const { ca, certificate, key, token, skipsVerification = false } = access;
  const rejectUnauthorized = !skipsVerification;
  const agent = new Agent({ ca, cert: certificate, key, rejectUnauthorized, keepAlive: true });
  return (url, init) =>
    new Promise((resolve, reject) => {
      const { method = "GET", body, signal } = init;
      const headers = new Headers(init.headers);
      if (token !== undefined) headers.set("Authorization", `Bearer ${token}`);
      // Without a length, Node sends the body of a DELETE so that nobody can tell where it ends.
      if (typeof body === "string") headers.set("Content-Length", `${Buffer.byteLength(body)}`);
      const sent = request(url, {
        agent,
        method,
        headers: Object.fromEntries(headers),
        ...(signal ? { signal } : {}),
      });
      sent.on("error", reject);
      sent.on("response", (received) => {
        // An aborted body is told by its reader, not by an event that nobody hears.
        received.on("error", () => undefined);
        const stream = Readable.toWeb(received) as NodeStream<Uint8Array>;
        resolve(
          new Response(stream as ReadableStream<Uint8Array>, {
            status: received.statusCode ?? 500,
            headers: { "Content-Type": received.headers["content-type"] ?? "" },
          }),
        );
      });
      sent.end(typeof body === "string" ? body : undefined);
    });
}
