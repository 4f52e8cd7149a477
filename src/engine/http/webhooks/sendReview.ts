// Sends a review to a webhook, by its URL or to its Service. Source: apiserver pkg/util/webhook/client.go
// and client-go rest/request.go, kubernetes v1.34.
import { decodeBase64 } from "../../../api/kinds/secret/base64.ts";
import type { WebhookClientConfig } from "../../../api/types.ts";
import type { LocalClient } from "../../localClient.ts";
import type { ServiceAnswer } from "../../serviceCalls.ts";
import { JsonError, parseJson } from "../jsonText.ts";
import { serviceRoute } from "./serviceRoute.ts";
import {
  type ServiceTransport,
  TransportError,
  type WebhookAnswer,
  type WebhookPost,
  type WebhookTransport,
} from "./webhookTransport.ts";

export interface WebhookCallerWorld {
  /** Reads what the server itself may read. */
  readonly client: LocalClient;
  readonly transport: WebhookTransport;
  readonly services: ServiceTransport;
  uuid(): string;
}

export interface ReviewLetter {
  readonly client: WebhookClientConfig;
  /** JSON. */
  readonly body: string;
  readonly timeoutSeconds: number;
}

/** The answer as JSON has it, or what went wrong in client-go's words. */
export type Sent = { readonly value: unknown } | { readonly failure: string };

/** Never rejects for what a webhook does. */
export async function sendReview(
  { client, body, timeoutSeconds }: ReviewLetter,
  world: WebhookCallerWorld,
): Promise<Sent> {
  const url = `${addressOf(client)}?timeout=${timeoutSeconds}s`;
  const posting = `Post ${JSON.stringify(url)}`;
  const { service, caBundle } = client;
  const timeoutMs = timeoutSeconds * 1_000;
  const authorities = caBundle ? { authorities: decodeBase64(caBundle) } : {};
  if (service) {
    const answer = await postToService({ service, url, body, timeoutMs, ...authorities }, world);
    return "failure" in answer ? { failure: `${posting}: ${answer.failure}` } : read(answer);
  }
  try {
    return read(await world.transport.post({ url, body, timeoutMs, ...authorities }));
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return { failure: `${posting}: ${error.message}` };
  }
}

interface ServiceLetter extends WebhookPost {
  readonly service: NonNullable<WebhookClientConfig["service"]>;
}

function postToService(
  { service, url, body, timeoutMs, authorities }: ServiceLetter,
  { client, services, transport }: WebhookCallerWorld,
): Promise<ServiceAnswer> {
  const { namespace, name, port = 443 } = service;
  const route = serviceRoute({ namespace, name, port }, client);
  if (typeof route === "string") return Promise.resolve({ failure: route });
  const serverName = `${name}.${namespace}.svc`;
  const trusted = { serverName, ...(authorities === undefined ? {} : { authorities }) };
  return services.post({
    address: route.address,
    port,
    serverName,
    path: url.slice(url.indexOf("/", "https://".length)),
    body,
    timeoutMs,
    distrusts: (certificate) => transport.distrusts({ certificate, ...trusted }),
  });
}

function addressOf({ url = "", service }: WebhookClientConfig): string {
  if (!service) return url;
  const { namespace, name, port = 443, path = "" } = service;
  const slash = path.startsWith("/") || path === "" ? "" : "/";
  return `https://${name}.${namespace}.svc:${port}${slash}${path}`;
}

function read({ status, body }: WebhookAnswer): Sent {
  if (status < 200 || status > 206) return { failure: statusFailure(status, body) };
  try {
    return { value: parseJson(body).value };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return { failure: `couldn't get version/kind; json parse error: ${error.message}` };
  }
}

const said: Readonly<Record<number, string>> = {
  400: "the server rejected our request for an unknown reason",
  401: "the server has asked for the client to provide credentials",
  404: "the server could not find the requested resource",
  405: "the server does not allow this method on the requested resource",
  406: "the server was unable to respond with a content type that the client supports",
  409: "the server reported a conflict",
  415: "the server was unable to respond with a content type that the client supports",
  422: "the server rejected our request due to an error in our request",
  429: "the server has received too many requests and has asked us to try again later",
  503: "the server is currently unable to handle the request",
  504: "the server was unable to return a response in the time allotted, but may still be processing the request",
};

/** Source: apimachinery pkg/api/errors NewGenericServerResponse, 1.34. */
function statusFailure(status: number, body: string): string {
  const text = body.trim() || "unknown";
  if (status === 403) return text;
  const known = said[status];
  if (known !== undefined) return known;
  return status >= 500
    ? `an error on the server (${JSON.stringify(text)}) has prevented the request from succeeding`
    : `the server responded with the status code ${status} but did not return more information`;
}
