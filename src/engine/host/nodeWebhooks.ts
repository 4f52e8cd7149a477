// Calls webhooks with Node's TLS, and says what went wrong as Go does.
import { request } from "node:https";
import {
  TransportError,
  type WebhookAnswer,
  type WebhookPost,
  type WebhookTransport,
} from "../http/webhooks/webhookTransport.ts";
import { certificateProblem } from "./nodeCertificateCheck.ts";

/** No answer is larger. Source: the limit of the API server's own bodies. */
const longestAnswer = 3 * 1024 * 1024;

export const nodeWebhooks: WebhookTransport = {
  distrusts: certificateProblem,
  post: ({ url, body, authorities, timeoutMs }: WebhookPost) =>
    new Promise<WebhookAnswer>((resolve, reject) => {
      const target = new URL(url);
      const sent = request(target, {
        method: "POST",
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          accept: "application/json, */*",
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
          "user-agent": "kube-apiserver-admission",
        },
        ...(authorities === undefined ? {} : { ca: authorities }),
      });
      const fail = (error: Error): void => reject(new TransportError(goText(error, target)));
      sent.on("error", fail);
      sent.on("response", (received) => {
        const chunks: Buffer[] = [];
        let length = 0;
        received.on("error", fail);
        received.on("data", (chunk: Buffer) => {
          length += chunk.length;
          if (length > longestAnswer) sent.destroy(new Error("the answer is too long"));
          chunks.push(chunk);
        });
        received.on("end", () =>
          resolve({
            status: received.statusCode ?? 0,
            body: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      });
      sent.end(body);
    }),
};

/** Errors of Node's that have a counterpart in Go. */
function goText(error: Error & { readonly code?: string }, { hostname, port }: URL): string {
  const address = `${hostname}:${port || 443}`;
  const certificate = "tls: failed to verify certificate: x509:";
  switch (error.code) {
    case "ECONNREFUSED":
      return `dial tcp ${address}: connect: connection refused`;
    case "EHOSTUNREACH":
      return `dial tcp ${address}: connect: no route to host`;
    case "ENETUNREACH":
      return `dial tcp ${address}: connect: network is unreachable`;
    case "ETIMEDOUT":
      return `dial tcp ${address}: i/o timeout`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `dial tcp: lookup ${hostname}: no such host`;
    case "ECONNRESET":
      return "EOF";
    case "ABORT_ERR":
      return "context deadline exceeded";
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
      return `${certificate} certificate signed by unknown authority`;
    case "CERT_HAS_EXPIRED":
    case "CERT_NOT_YET_VALID":
      return `${certificate} certificate has expired or is not yet valid`;
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return `${certificate} certificate is not valid for ${hostname}`;
    case "EPROTO":
    case "ERR_SSL_WRONG_VERSION_NUMBER":
    case "ERR_SSL_PACKET_LENGTH_TOO_LONG":
      return "http: server gave HTTP response to HTTPS client";
    default:
      return error.message;
  }
}
