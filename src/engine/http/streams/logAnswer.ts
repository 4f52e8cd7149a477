// pods/log: what a container has written, and what it goes on writing.
// Source: pkg/registry/core/pod/rest/log.go, pkg/apis/core/validation ValidatePodLogOptions, kubelet
// pkg/kubelet/kubelet_pods.go validateContainerLogStatus, kuberuntime/logs, 1.34.
import { type FieldError, forbidden, invalid } from "../../../api/fieldError.ts";
import { FieldPath } from "../../../api/fieldPath.ts";
import { badRequestError, genericError, invalidError } from "../../../api/status.ts";
import type { ContainerStatus, Pod } from "../../../api/types.ts";
import { formatMicroTime, type Instant, parseTime, second } from "../../../base/time.ts";
import { type HttpRequest, type HttpResponse, headerOf } from "../exchange.ts";
import { isTrue } from "../requestInfo.ts";
import type { ContainerTarget, KubeletStreams, LogLine, LogSource } from "./kubeletStreams.ts";
import { LogFollower } from "./logFollower.ts";
import { containerTarget, type StreamWorld, unreachable } from "./podTarget.ts";
import type { StreamRequest } from "./streamRequest.ts";
import { agreedProtocol, carrierOf, noAgreement, protocolsOf, switchProtocols } from "./upgrade.ts";

interface LogOptions {
  readonly container: string;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly sinceSeconds?: number;
  readonly sinceTime?: Instant;
  readonly tailLines?: number;
  readonly limitBytes?: number;
}

const headers = { "Content-Type": "text/plain" };
const toUtf8 = new TextEncoder();
const utf8 = new TextDecoder();

/** @throws ApiError */
export function logAnswer(
  { request, key, query }: StreamRequest,
  world: StreamWorld & { now(): Instant },
): HttpResponse {
  const options = readOptions(query);
  const errors = optionErrors(options);
  if (errors.length > 0)
    throw invalidError({ group: "", kind: "PodLogOptions", name: key.name }, errors);
  const target = containerTarget(key, options.container, world);
  const { nodeName } = target.pod.spec;
  // Who is nowhere has written nothing.
  if (!nodeName) return { status: 200, headers, body: "" };
  const kubelet = world.kubelet(nodeName);
  if (!kubelet?.isOn) throw unreachableLogs(target, kubelet);
  checkStatus(target, options.previous);
  const write = lineWriter(options, world.now());
  const source = kubelet.log(target, options.previous);
  if (!source) throw badRequestError(unavailable(target));
  const isOver = source.isOver();
  const lines = source.since(0);
  const skipped = Math.max(0, lines.length - (options.tailLines ?? lines.length));
  const text = lines.slice(skipped).map(write).join("");
  const from = (lines.at(-1)?.number ?? -1) + 1;
  const isFollowed = options.follow && !isOver;
  if (isWebSocket(request))
    return overWebSocket(request, text, isFollowed, { source, from, write });
  if (!isFollowed) return { status: 200, headers, body: text };
  return {
    status: 200,
    headers,
    body: (sink) => {
      if (text !== "") sink.write(text);
      const follower = new LogFollower({
        source,
        from,
        lines: (fresh) => {
          const more = fresh.map(write).join("");
          return more === "" || sink.write(more);
        },
        ended: () => sink.end(),
      });
      sink.onDrain(() => follower.resume());
      return follower;
    },
  };
}

const webSocketProtocols = ["", "binary.k8s.io"];

function isWebSocket(request: HttpRequest): boolean {
  return headerOf(request, "upgrade")?.toLowerCase() === "websocket";
}

interface Following {
  readonly source: LogSource;
  readonly from: number;
  write(line: LogLine): string;
}

/** Each piece is a binary message. Source: apiserver pkg/util/wsstream/stream.go Reader. */
function overWebSocket(
  request: HttpRequest,
  text: string,
  isFollowed: boolean,
  { source, from, write }: Following,
): HttpResponse {
  const carrier = carrierOf(request);
  const protocol = agreedProtocol(request, carrier, webSocketProtocols);
  if (protocol === undefined) return noAgreement(protocolsOf(request, carrier), webSocketProtocols);
  return switchProtocols(carrier, protocol, (connection) => {
    if (text !== "") connection.send(toUtf8.encode(text));
    if (!isFollowed) {
      connection.close();
      return;
    }
    const follower = new LogFollower({
      source,
      from,
      lines: (fresh) => {
        const more = fresh.map(write).join("");
        if (more !== "") connection.send(toUtf8.encode(more));
        return true;
      },
      ended: () => connection.close(),
    });
    connection.onClose(() => follower.dispose());
  });
}

/** @throws ApiError BadRequest in the words of Go's parsers */
function readOptions(query: URLSearchParams): LogOptions {
  const sinceTime = query.get("sinceTime");
  return {
    container: query.get("container") ?? "",
    follow: isTrue(query.get("follow")),
    previous: isTrue(query.get("previous")),
    timestamps: isTrue(query.get("timestamps")),
    ...integer(query, "sinceSeconds"),
    ...integer(query, "tailLines"),
    ...integer(query, "limitBytes"),
    ...(sinceTime ? { sinceTime: time(sinceTime) } : {}),
  };
}

function integer<Name extends string>(
  query: URLSearchParams,
  name: Name,
): { readonly [K in Name]?: number } {
  const text = query.get(name);
  if (text === null || text === "") return {};
  if (!/^[+-]?\d+$/.test(text))
    throw badRequestError(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return { [name]: Number(text) } as { readonly [K in Name]?: number };
}

function time(text: string): Instant {
  const at = parseTime(text);
  if (at !== undefined) return at;
  const layout = '"2006-01-02T15:04:05Z07:00"';
  const quoted = JSON.stringify(text);
  throw badRequestError(`parsing time ${quoted} as ${layout}: cannot parse ${quoted} as "2006"`);
}

function optionErrors(options: LogOptions): readonly FieldError[] {
  const { tailLines = 0, limitBytes = 1, sinceSeconds, sinceTime } = options;
  const at = (name: string): FieldPath => FieldPath.of(name);
  return [
    ...(tailLines < 0
      ? [invalid(at("tailLines"), tailLines, "must be greater than or equal to 0")]
      : []),
    ...(limitBytes < 1 ? [invalid(at("limitBytes"), limitBytes, "must be greater than 0")] : []),
    ...(sinceSeconds !== undefined && sinceTime !== undefined
      ? [forbidden(FieldPath.root, "at most one of `sinceTime` or `sinceSeconds` may be specified")]
      : sinceSeconds !== undefined && sinceSeconds < 1
        ? [invalid(at("sinceSeconds"), sinceSeconds, "must be greater than 0")]
        : []),
  ];
}

function unreachableLogs(
  { pod: { metadata, spec }, container }: ContainerTarget,
  kubelet: KubeletStreams | undefined,
): Error {
  const path = `containerLogs/${metadata.namespace}/${metadata.name}/${container}`;
  const host = kubelet?.address ?? spec.nodeName ?? "";
  const why = unreachable(kubelet, spec.nodeName ?? "");
  return genericError(500, "", `Get "https://${host}:10250/${path}": ${why}`);
}

/** Whether there can be logs, by what the kubelet has reported. @throws ApiError BadRequest */
function checkStatus(target: ContainerTarget, previous: boolean): void {
  const { pod, container } = target;
  const named = `container ${JSON.stringify(container)} in pod ${JSON.stringify(pod.metadata.name)}`;
  const status = statusOf(pod, container);
  if (!status) throw badRequestError(unavailable(target));
  const { state = {}, lastState = {} } = status;
  if (previous) {
    if (!lastState.terminated?.containerID)
      throw badRequestError(`previous terminated ${named} not found`);
    return;
  }
  if (state.running) return;
  const ended = state.terminated ?? lastState.terminated;
  if (ended) {
    if (!ended.containerID && !lastState.terminated?.containerID)
      throw badRequestError(`${named} is terminated`);
    return;
  }
  if (!state.waiting) throw badRequestError(`${named} is waiting to start - no logs yet`);
  throw badRequestError(`${named} is waiting to start: ${waitText(state.waiting.reason ?? "")}`);
}

function waitText(reason: string): string {
  if (reason === "ErrImagePull") return "image can't be pulled";
  return reason === "ImagePullBackOff" ? "trying and failing to pull image" : reason;
}

function unavailable({ pod, container }: ContainerTarget): string {
  return `container ${JSON.stringify(container)} in pod ${JSON.stringify(pod.metadata.name)} is not available`;
}

function statusOf({ status = {} }: Pod, name: string): ContainerStatus | undefined {
  const {
    containerStatuses = [],
    initContainerStatuses = [],
    ephemeralContainerStatuses = [],
  } = status;
  return [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses].find(
    (each) => each.name === name,
  );
}

/** Writes lines that are recent enough, up to the limit. */
function lineWriter(options: LogOptions, now: Instant): (line: LogLine) => string {
  const { sinceSeconds, timestamps, limitBytes = Number.POSITIVE_INFINITY } = options;
  const since =
    options.sinceTime ?? (sinceSeconds === undefined ? undefined : now - sinceSeconds * second);
  let left = limitBytes;
  return ({ at, text }) => {
    if (left <= 0 || (since !== undefined && at < since)) return "";
    const line = `${timestamps ? `${nanoTime(at)} ` : ""}${text}\n`;
    const bytes = toUtf8.encode(line);
    left -= bytes.length;
    return left >= 0 ? line : utf8.decode(bytes.subarray(0, left));
  };
}

/** With nine digits of fraction. */
function nanoTime(at: Instant): string {
  return formatMicroTime(at).replace("Z", "000Z");
}
