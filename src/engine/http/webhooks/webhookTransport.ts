// How the API server reaches webhooks, and judges whom it reaches: ports between the HTTP edge, the platform
// and the cluster's network.
import type { ServiceAnswer, ServicePost } from "../../serviceCalls.ts";

export interface WebhookPost {
  readonly url: string;
  /** JSON. */
  readonly body: string;
  /** The authorities to trust, as PEM; the platform's if absent. */
  readonly authorities?: string;
  readonly timeoutMs: number;
}

export interface WebhookAnswer {
  readonly status: number;
  readonly body: string;
}

/** Nobody answered; the text is Go's: "dial tcp 127.0.0.1:1: connect: connection refused". */
export class TransportError extends Error {}

/** What a server showed of itself, and who was expected. */
export interface ShownCertificate {
  /** With those above it, as PEM. */
  readonly certificate: string;
  readonly serverName: string;
  /** The authorities to trust, as PEM; the platform's if absent. */
  readonly authorities?: string;
}

export interface WebhookTransport {
  /** Rejects with a TransportError. */
  post(request: WebhookPost): Promise<WebhookAnswer>;
  /** Why a server is not trusted, as Go says it; undefined if it is. */
  distrusts(shown: ShownCertificate): string | undefined;
}

/** How the API server reaches Services of the cluster. */
export interface ServiceTransport {
  post(request: ServicePost): Promise<ServiceAnswer>;
}
