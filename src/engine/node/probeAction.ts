// One probe, carried out over the network or in the container, and the words of a failure.
// Source: pkg/kubelet/prober/prober.go and pkg/probe, kubernetes v1.34.
import type { Container, HTTPGetAction, IntOrString, Pod, Probe } from "../../api/types.ts";
import { second } from "../../base/time.ts";
import {
  type Connection,
  isNetworkFailure,
  type NetworkFailure,
} from "../network/containerNetwork.ts";
import {
  exchangeHttp,
  type HttpHeaders,
  type HttpMalformed,
  type HttpResponse,
  headerOf,
} from "../network/http1.ts";
import { connectTls } from "../network/tlsClient.ts";
import { within } from "../network/within.ts";
import { execSync } from "./containerExec.ts";
import { healthStatus } from "./grpcHealth.ts";
import type { NodeServices } from "./nodeServices.ts";
import { openNodeNetwork } from "./processNetworks.ts";
import type { Steps } from "./steps.ts";

export type ProbeResult =
  | { readonly outcome: "success" }
  /** `Readiness probe failed: …`. */
  | { readonly outcome: "failure"; readonly message: string }
  /** The probe itself could not be carried out: its result does not count. */
  | { readonly outcome: "error"; readonly message: string };

const success: ProbeResult = { outcome: "success" };
const userAgent = "kube-probe/1.34";
/** Of an answer; more is cut off. pkg/probe/http maxRespBodyLength, exec maxReadLength. */
const longestOutput = 10 * 1_024;

export interface ProbeTarget {
  readonly container: Container;
  readonly probe: Probe;
}

export function* runProbe(
  services: NodeServices,
  pod: Pod,
  target: ProbeTarget,
): Steps<ProbeResult> {
  const { exec, httpGet, tcpSocket, grpc } = target.probe;
  if (exec) return yield* execProbe(services, pod, target, exec.command ?? []);
  if (httpGet) return yield* httpProbe(services, pod, target, httpGet);
  const { container, probe } = target;
  if (tcpSocket) {
    const port = portNumber(container, tcpSocket.port);
    return yield* tcpProbe(services, hostOf(services, pod, tcpSocket.host), port, limitOf(probe));
  }
  if (grpc) return yield* grpcProbe(services, pod, target, grpc);
  return success;
}

function* execProbe(
  { clock, runtime }: NodeServices,
  pod: Pod,
  { container, probe }: ProbeTarget,
  command: readonly string[],
): Steps<ProbeResult> {
  const run = execSync(runtime, pod.metadata.uid ?? "", container.name, command);
  const ended = yield* within(clock, limitOf(probe), run);
  if (ended === "late")
    return failed(
      `command timed out: ${JSON.stringify(command.join(" "))} timed out after ${limitOf(probe) / second}s`,
    );
  const { value: result } = ended;
  if ("error" in result)
    return { outcome: "error", message: `rpc error: code = Unknown desc = ${result.error}` };
  return result.exitCode === 0
    ? success
    : failed((result.stdout + result.stderr).slice(0, longestOutput));
}

function* httpProbe(
  services: NodeServices,
  pod: Pod,
  { container, probe }: ProbeTarget,
  action: HTTPGetAction,
): Steps<ProbeResult> {
  const url = httpUrl(services, pod, container, action);
  const ask = httpGet(services, url, action.httpHeaders ?? [], userAgent);
  const ended = yield* within(services.clock, limitOf(probe), ask);
  const late = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
  if (ended === "late") return failed(`Get "${url.text}": ${late}`);
  const { value: result } = ended;
  if ("error" in result) return failed(result.error);
  const isGood = result.status >= 200 && result.status < 400;
  return isGood ? success : failed(`HTTP probe failed with statuscode: ${result.status}`);
}

export interface HttpUrl {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly text: string;
}

/** Where an HTTP probe or hook goes. */
export function httpUrl(
  services: NodeServices,
  pod: Pod,
  container: Container,
  { host: given, path: asked = "/", port: wanted, scheme: kind = "HTTP" }: HTTPGetAction,
): HttpUrl {
  const host = hostOf(services, pod, given);
  const port = portNumber(container, wanted);
  const path = asked.startsWith("/") ? asked : `/${asked}`;
  const scheme = kind.toLowerCase();
  return { scheme, host, port, path, text: `${scheme}://${host}:${port}${path}` };
}

const mostRedirects = 10;

/** A GET from the node; redirects to the same host are followed. @returns errors as Go says them */
export function* httpGet(
  services: NodeServices,
  url: HttpUrl,
  given: readonly { readonly name: string; readonly value: string }[],
  agent: string,
): Steps<HttpResponse | { readonly error: string }> {
  let target = url.path;
  for (let redirects = 0; ; redirects++) {
    const headers = requestHeaders(url, given, agent);
    const answer = yield* exchange(services, url, { target, headers });
    if ("error" in answer) return answer;
    const location = headerOf(answer.headers, "location");
    const next = location === undefined ? undefined : pathOnSameHost(url, location);
    const isRedirect = answer.status >= 301 && answer.status <= 308 && answer.status !== 304;
    // What points elsewhere is good enough: a warning, not a failure.
    if (!isRedirect || next === undefined) return answer;
    if (redirects === mostRedirects)
      return { error: `Get "${next}": stopped after ${mostRedirects} redirects` };
    target = next;
  }
}

function* exchange(
  services: NodeServices,
  { host: address, port, text, scheme }: HttpUrl,
  { target, headers }: { readonly target: string; readonly headers: HttpHeaders },
): Steps<HttpResponse | { readonly error: string }> {
  const node = openNodeNetwork(services);
  try {
    const connection = yield* node.connect({ address, port, protocol: "TCP" });
    if (isNetworkFailure(connection))
      return { error: `Get "${text}": ${dialError(address, port, connection)}` };
    const request = { method: "GET", target, headers, body: new Uint8Array() };
    if (scheme !== "https") return answerOf(yield* exchangeHttp(connection, request), text);
    // Certificates of probed servers are not looked at.
    const secured = yield* connectTls(connection, "");
    if ("failure" in secured) return { error: `Get "${text}": ${secured.failure}` };
    return answerOf(yield* exchangeHttp(secured.connection, request), text);
  } finally {
    node.dispose();
  }
}

function answerOf(
  answer: HttpResponse | HttpMalformed | undefined,
  text: string,
): HttpResponse | { readonly error: string } {
  if (!answer) return { error: `Get "${text}": EOF` };
  if ("malformed" in answer)
    return {
      error: `Get "${text}": net/http: HTTP/1.x transport connection broken: ${answer.malformed}`,
    };
  return answer;
}

function requestHeaders(
  { host, port }: HttpUrl,
  given: readonly { readonly name: string; readonly value: string }[],
  agent: string,
): HttpHeaders {
  const own: [string, string][] = given
    .filter(({ name }) => name.toLowerCase() !== "host")
    .map(({ name, value }) => [name, value]);
  const names = new Set(own.map(([name]) => name.toLowerCase()));
  const wanted = given.find(({ name }) => name.toLowerCase() === "host")?.value;
  return [
    ["Host", wanted ?? `${host}:${port}`],
    ...(names.has("user-agent") ? [] : [["User-Agent", agent] as const]),
    ...own,
    ...(names.has("accept") ? [] : [["Accept", "*/*"] as const]),
    ["Connection", "close"],
  ];
}

function pathOnSameHost({ host, port }: HttpUrl, location: string): string | undefined {
  const parts = /^(?:https?:\/\/([^/]*))?(\/.*)?$/.exec(location);
  if (!parts) return `/${location}`;
  const [, authority, path = "/"] = parts;
  const isSame = authority === undefined || authority.split(":")[0] === host;
  return isSame || authority === `${host}:${port}` ? path : undefined;
}

function* tcpProbe(
  services: NodeServices,
  address: string,
  port: number,
  limit: number,
): Steps<ProbeResult> {
  const node = openNodeNetwork(services);
  const connect = node.connect({ address, port, protocol: "TCP" });
  const ended = yield* within(services.clock, limit, connect);
  node.dispose();
  if (ended === "late") return failed(`dial tcp ${address}:${port}: i/o timeout`);
  if (isNetworkFailure(ended.value)) return failed(dialError(address, port, ended.value));
  return success;
}

function* grpcProbe(
  services: NodeServices,
  pod: Pod,
  { probe }: ProbeTarget,
  { port, service = "" }: { readonly port: number; readonly service?: string },
): Steps<ProbeResult> {
  const { clock } = services;
  const address = hostOf(services, pod, undefined);
  const limit = limitOf(probe);
  const node = openNodeNetwork(services);
  const ask = function* (): Steps<string | undefined> {
    const connection: Connection | NetworkFailure = yield* node.connect({
      address,
      port,
      protocol: "TCP",
    });
    return isNetworkFailure(connection) ? undefined : yield* healthStatus(connection, service);
  };
  const ended = yield* within(clock, limit, ask());
  node.dispose();
  const status = ended === "late" ? undefined : ended.value;
  if (status === "SERVING") return success;
  if (status !== undefined) return failed(`service unhealthy (responded with "${status}")`);
  return failed(
    `timeout: failed to connect service "${address}:${port}" within ${limit / second}s: context deadline exceeded`,
  );
}

/** A port by number, or by the name that the container gives it; 0 if there is no such name. */
export function portNumber({ ports = [] }: Container, port: IntOrString): number {
  if (typeof port === "number") return port;
  const named = ports.find(({ name }) => name === port)?.containerPort;
  return named ?? (Number(port) || 0);
}

function hostOf(services: NodeServices, pod: Pod, given: string | undefined): string {
  if (given) return given;
  return services.factsOf(pod).podIp ?? services.nodeAddress;
}

/** As Go's net package says it. */
export function dialError(address: string, port: number, { failure }: NetworkFailure): string {
  const words = {
    refused: "connect: connection refused",
    timeout: "i/o timeout",
    noRoute: "connect: no route to host",
    unreachable: "connect: network is unreachable",
  };
  return `dial tcp ${address}:${port}: ${words[failure]}`;
}

function limitOf({ timeoutSeconds = 1 }: Probe): number {
  return timeoutSeconds * second;
}

function failed(message: string): ProbeResult {
  return { outcome: "failure", message };
}
