// The world outside of the cluster, as far as it is simulated: a name server at the machines' gateway and a
// few well-known sites. Nothing here reaches the real internet.
import { utf8Bytes } from "../../base/utf8.ts";
import { pause, runSteps, type Steps } from "../node/steps.ts";
import type { DnsMessage } from "./dns/dnsMessage.ts";
import type { DnsType } from "./dns/dnsRecord.ts";
import { serveDns } from "./dns/serveDns.ts";
import { type HttpRequest, type HttpResponse, serveHttp } from "./http1.ts";
import type { Network } from "./network.ts";
import { gatewayAddress } from "./podNetwork.ts";

/** Sites by name, at addresses that are for documentation (RFC 5737). */
const worldSites: Readonly<Record<string, string>> = {
  "example.com.": "203.0.113.10",
  "www.example.com.": "203.0.113.10",
  "example.net.": "203.0.113.11",
  "example.org.": "203.0.113.12",
  "kubernetes.io.": "203.0.113.20",
  "www.kubernetes.io.": "203.0.113.20",
  "registry.k8s.io.": "203.0.113.21",
  "github.com.": "203.0.113.30",
  "google.com.": "203.0.113.40",
  "www.google.com.": "203.0.113.40",
};

const ttlSeconds = 300;
/** How long the gateway's server takes to find an answer. Ours. */
const lookupMs = 8;

export function openWorld(network: Network): void {
  const { clock } = network;
  const gateway = network.outsideNamespace(gatewayAddress);
  for (const protocol of ["UDP", "TCP"] as const)
    gateway.listen(protocol, 53, (socket) =>
      runSteps(clock, serveDns(socket, worldReply), () => undefined),
    );
  for (const address of new Set(Object.values(worldSites)))
    network
      .outsideNamespace(address)
      .listen("TCP", 80, (socket) => runSteps(clock, serveHttp(socket, sitePage), () => undefined));
}

function* worldReply(query: DnsMessage): Steps<DnsMessage> {
  yield pause(lookupMs, "look a name up");
  return { ...query, isAnswer: true, isRecursionAvailable: true, ...worldAnswer(query.question) };
}

/** What the world's name server says. */
export function worldAnswer({
  name,
  type,
}: {
  readonly name: string;
  readonly type: DnsType;
}): Pick<DnsMessage, "status" | "records"> {
  const address = worldSites[name.toLowerCase()];
  if (address === undefined) return { status: "NXDOMAIN", records: [] };
  const isAsked = type === "A" || type === "ANY";
  return {
    status: "NOERROR",
    records: isAsked ? [{ name, type: "A", ttlSeconds, data: address }] : [],
  };
}

function* sitePage({ headers }: HttpRequest): Steps<HttpResponse> {
  yield pause(1, "serve a page");
  const host = headers.find(([name]) => name.toLowerCase() === "host")?.[1] ?? "";
  return {
    status: 200,
    headers: [["Content-Type", "text/html"]],
    body: utf8Bytes(
      `<!doctype html>\n<html><head><title>${escaped(host)}</title></head>\n` +
        `<body><h1>${escaped(host)}</h1><p>A simulated site outside of the cluster.</p></body></html>\n`,
    ),
  };
}

function escaped(text: string): string {
  return text.replace(/[^\w.:-]/g, "");
}
