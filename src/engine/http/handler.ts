// kube-apiserver's chain of filters around its routes: who asks, for what, and may they.
// Source: apiserver pkg/server/config.go DefaultBuildHandlerChain, 1.34.
import type { ComponentStatuses } from "../../api/clusterStatus.ts";
import type { KindRegistry } from "../../api/kind.ts";
import type { Documentation } from "../../api/openapi/documentation.ts";
import { ApiError, badRequestError, genericError, unauthorizedError } from "../../api/status.ts";
import type { UserInfo } from "../../api/user.ts";
import { disposable } from "../../base/disposable.ts";
import type { Instant, Millis } from "../../base/time.ts";
import type { CommitGate } from "../host/commitGate.ts";
import type { SocketAddress } from "../network/containerNetwork.ts";
import type { PortConnection, PortOutput } from "../node/portConnection.ts";
import { accessError } from "../registry/access.ts";
import type { ApiServer } from "../registry/apiServer.ts";
import type { Authenticator } from "../registry/authenticator.ts";
import type { AuthorizerAttributes } from "../registry/authorizer.ts";
import { type FlowClass, flowClassOf } from "../registry/flowControl.ts";
import { refusalText } from "../registry/transportErrors.ts";
import { errorAnswer, pathOf, queryOf, textAnswer } from "./answers.ts";
import { authenticate } from "./authentication.ts";
import type { Controls } from "./controls.ts";
import { type HttpRequest, type HttpResponse, headerOf } from "./exchange.ts";
import { IncompleteImpersonation, impersonated } from "./impersonation.ts";
import { RequestMetrics } from "./metrics/requestMetrics.ts";
import { Paths } from "./paths.ts";
import { type RequestInfo, requestInfo } from "./requestInfo.ts";
import { answerResource } from "./resources.ts";
import type { KubeletStreams } from "./streams/kubeletStreams.ts";
import type { ServiceTransport, WebhookTransport } from "./webhooks/webhookTransport.ts";

export interface HandlerWorld {
  readonly apiServer: ApiServer;
  readonly kinds: KindRegistry;
  readonly tokens: Authenticator;
  readonly gate: CommitGate;
  /** The cluster's clock. */
  now(): Instant;
  readonly documentation: Documentation;
  /** Of the simulator; absent if the cluster is not to be controlled from outside. */
  readonly controls?: Controls;
  /** The SHA-512 of a text in upper-case hexadecimal digits. */
  digest(text: string): string;
  /** The wall's clock. */
  wallNow(): Instant;
  /** 0 up to but not including 1. */
  random(): number;
  uuid(): string;
  readonly webhooks: WebhookTransport;
  readonly services: ServiceTransport;
  /** How the components are doing. */
  status(): ComponentStatuses;
  /** Reaches the kubelet of a machine; undefined if there is none. */
  kubelet(node: string): KubeletStreams | undefined;
  /** Connects to an address of the cluster from the API server's machine. */
  dial(to: SocketAddress, output: PortOutput): PortConnection;
  /** A defect of ours: the client gets a 500, the log the error. */
  reportDefect(error: unknown): void;
}

export class HttpHandler {
  private readonly paths: Paths;
  private readonly metrics = new RequestMetrics();

  constructor(private readonly world: HandlerWorld) {
    this.paths = new Paths(world, this.metrics);
  }

  /** Never rejects. The body of a streamed answer must be opened, once. */
  async handle(request: HttpRequest): Promise<HttpResponse> {
    const began = this.world.wallNow();
    const finished = this.metrics.begin(request.method);
    const asked = askedOf(request, () => this.world.wallNow() - began);
    const response = await this.guarded(request, () =>
      asked ? this.respond(request, asked) : textAnswer(400, "400 Bad Request"),
    );
    finished();
    const took = this.world.wallNow() - began;
    return {
      ...(asked ? this.measured(request, asked, { response, took }) : response),
      headers: {
        "Audit-Id": headerOf(request, "audit-id") || this.world.uuid(),
        "Cache-Control": "no-cache, private",
        ...response.headers,
      },
    };
  }

  private measured(
    request: HttpRequest,
    { info, query }: Asked,
    { response, took }: { readonly response: HttpResponse; readonly took: Millis },
  ): HttpResponse {
    const answered = {
      info,
      method: request.method,
      query,
      contentType: headerOf(request, "content-type") ?? "",
      code: response.status,
      tookMs: took,
    };
    this.metrics.answered(answered);
    const { body } = response;
    if (typeof body !== "function") return response;
    return {
      ...response,
      body: (sink) => {
        const ended = this.metrics.streaming(answered);
        const feeding = body(sink);
        return disposable(() => {
          ended();
          feeding.dispose();
        });
      },
    };
  }

  /** Refusals are answers; a defect is one too, and is reported. */
  private async guarded(
    request: HttpRequest,
    answer: () => HttpResponse | Promise<HttpResponse>,
  ): Promise<HttpResponse> {
    try {
      return await answer();
    } catch (error) {
      if (error instanceof ApiError) return errorAnswer(error, request);
      if (error instanceof IncompleteImpersonation) return internalAnswer(request, error);
      this.world.reportDefect(error);
      // Source: apiserver pkg/server/filters/wrap.go.
      return textAnswer(
        500,
        "This request caused apiserver to panic. Look in the logs for details.\n",
      );
    }
  }

  private async respond(request: HttpRequest, asked: Asked): Promise<HttpResponse> {
    const { apiServer, tokens } = this.world;
    checkTimeout(asked.query);
    const sender = authenticate(request, tokens);
    if (!sender) throw unauthorizedError();
    const user = impersonated(request, sender, apiServer.authorizer);
    const attributes = attributesOf(asked.info);
    const flow = flowClassOf(user, attributes, apiServer.registry);
    const response = await this.guarded(request, () => {
      this.authorize(user, asked.info, attributes);
      return this.dispatch(request, asked, user);
    });
    return flow
      ? { ...response, headers: { ...flowHeaders(flow), ...response.headers } }
      : response;
  }

  private dispatch(
    request: HttpRequest,
    { path, query, info, elapsedMs }: Asked,
    user: UserInfo,
  ): HttpResponse | Promise<HttpResponse> {
    const controlled = this.world.controls?.answer({ request, path, query, user });
    if (controlled) return controlled;
    // Windows of the editor still come here when kube-apiserver listens no more.
    if (!this.world.apiServer.isServing) throw unreachable(request);
    if (info.isResource)
      return answerResource({ request, query, info, user, elapsedMs }, this.world);
    return this.paths.answer(request, path, query);
  }

  private authorize(user: UserInfo, info: RequestInfo, attributes: AuthorizerAttributes): void {
    const { allowed, reason } = this.world.apiServer.authorizer.authorize(user, attributes);
    if (allowed) return;
    if ("resource" in attributes) throw accessError(user, attributes, reason);
    const why = `User ${JSON.stringify(user.name)} cannot ${info.verb} path ${JSON.stringify(info.path)}`;
    throw genericError(403, "Forbidden", `forbidden: ${reason === "" ? why : `${why}: ${reason}`}`);
  }
}

function unreachable({ method, target }: HttpRequest): ApiError {
  const named = method.charAt(0) + method.slice(1).toLowerCase();
  return genericError(503, "ServiceUnavailable", refusalText(named, target));
}

/** What a URL and a method ask for. */
interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly info: RequestInfo;
  /** How long ago it arrived, by the wall's clock. */
  elapsedMs(): Millis;
}

/** @returns undefined for a path that is not written as paths are */
function askedOf({ method, target }: HttpRequest, elapsedMs: () => Millis): Asked | undefined {
  const path = decodedPath(target);
  if (path === undefined) return undefined;
  const query = new URLSearchParams(queryOf(target));
  return { path, query, info: requestInfo(method, path, query), elapsedMs };
}

/** Source: apiserver pkg/server/filters/priority-and-fairness.go. */
function flowHeaders({ schema, level }: FlowClass): HttpResponse["headers"] {
  return {
    "X-Kubernetes-Pf-Flowschema-Uid": schema.metadata.uid ?? "",
    "X-Kubernetes-Pf-Prioritylevel-Uid": level.metadata.uid ?? "",
  };
}

function attributesOf(info: RequestInfo): AuthorizerAttributes {
  if (!info.isResource) return { verb: info.verb, path: info.path };
  const { verb, apiVersion, resource, namespace, subresource, name } = info;
  const slash = apiVersion.indexOf("/");
  return {
    verb,
    apiGroup: slash < 0 ? "" : apiVersion.slice(0, slash),
    apiVersion: apiVersion.slice(slash + 1),
    resource,
    namespace,
    ...(subresource === undefined ? {} : { subresource }),
    ...(name === undefined ? {} : { name }),
  };
}

function decodedPath(target: string): string | undefined {
  try {
    return decodeURIComponent(pathOf(target));
  } catch {
    return undefined;
  }
}

/** Source: apiserver pkg/endpoints/filters/request_deadline.go parseTimeout. */
function checkTimeout(query: URLSearchParams): void {
  const timeout = query.get("timeout");
  if (!timeout || /^[+-]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/.test(timeout)) return;
  const why = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(timeout)
    ? `time: missing unit in duration ${JSON.stringify(timeout)}`
    : `time: invalid duration ${JSON.stringify(timeout)}`;
  throw badRequestError(`invalid timeout specified in the request URL - ${why}`);
}

/** Source: responsewriters.InternalError. */
function internalAnswer({ target }: HttpRequest, { message }: Error): HttpResponse {
  return textAnswer(500, `Internal Server Error: ${JSON.stringify(target)}: ${message}\n`);
}
