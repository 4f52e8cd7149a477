// How the API server reaches webhooks outside of the cluster: the port between the HTTP edge and the platform.

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

export interface WebhookTransport {
  /** Rejects with a TransportError. */
  post(request: WebhookPost): Promise<WebhookAnswer>;
}
