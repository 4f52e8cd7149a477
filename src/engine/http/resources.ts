// Requests about resources: from HTTP to the API server's door, and from its answer to bytes.
// Source: apiserver pkg/endpoints/handlers, 1.34.
import type { KindRegistry } from "../../api/kind.ts";
import type { Documentation } from "../../api/openapi/documentation.ts";
import type { ApiResponse } from "../../api/request.ts";
import { ApiError, type Status } from "../../api/status.ts";
import type { UserInfo } from "../../api/user.ts";
import { draft } from "../../base/draft.ts";
import type { Instant, Millis } from "../../base/time.ts";
import type { CommitGate } from "../host/commitGate.ts";
import type { SocketAddress } from "../network/containerNetwork.ts";
import type { PortConnection, PortOutput } from "../node/portConnection.ts";
import type { ApiServer } from "../registry/apiServer.ts";
import { errorAnswer, isPretty, pageNotFound, withWarnings } from "./answers.ts";
import { apiRequestOf } from "./apiRequest.ts";
import { encoded } from "./encode.ts";
import { type HttpRequest, type HttpResponse, headerOf } from "./exchange.ts";
import { negotiate, negotiateStream, type Representation } from "./negotiate.ts";
import { includeObjectOf, Presenter } from "./presenter.ts";
import type { ResourceInfo } from "./requestInfo.ts";
import { type Route, routeOf } from "./routing.ts";
import { connectOptions } from "./streams/connectOptions.ts";
import type { KubeletStreams } from "./streams/kubeletStreams.ts";
import { streamAnswer } from "./streams/streamAnswer.ts";
import { openWatchAnswer } from "./watchAnswer.ts";
import { answerWithWebhooks, hearingWebhooks } from "./webhooks/answerWithWebhooks.ts";
import type { ServiceTransport, WebhookTransport } from "./webhooks/webhookTransport.ts";

export interface ResourceWorld {
  readonly apiServer: ApiServer;
  readonly kinds: KindRegistry;
  readonly gate: CommitGate;
  /** The cluster's clock. */
  now(): Instant;
  readonly documentation: Documentation;
  /** 0 up to but not including 1. */
  random(): number;
  uuid(): string;
  readonly webhooks: WebhookTransport;
  readonly services: ServiceTransport;
  /** Reaches the kubelet of a machine; undefined if there is none. */
  kubelet(node: string): KubeletStreams | undefined;
  /** Connects to an address of the cluster from the API server's machine. */
  dial(to: SocketAddress, output: PortOutput): PortConnection;
}

/** Who looks objects up when the server itself has to. */
const ownName = "system:apiserver";
/** What a proxied path goes on with. */
const afterSubresource = /^\/api\/v1(?:\/namespaces\/[^/]+)?\/[^/]+\/[^/]+\/[^/]+(\/.*)?$/;

/** A request about a resource, with its sender known and allowed. */
export interface ResourceRequest {
  readonly request: HttpRequest;
  readonly query: URLSearchParams;
  readonly info: ResourceInfo;
  readonly user: UserInfo;
  /** How long ago it arrived, by the wall's clock. */
  elapsedMs(): Millis;
}

/** @throws ApiError (as a rejection) what the server refuses before it looks at the resource */
export async function answerResource(
  asked: ResourceRequest,
  world: ResourceWorld,
): Promise<HttpResponse> {
  const { request, info, user, elapsedMs } = asked;
  const route = routeOf(request.method, info, world.kinds);
  if (!route) return pageNotFound;
  const stream = streamOf(asked, route, world);
  if (stream) {
    const warnings = await admitConnection(asked, route, world);
    return withWarnings(await stream(), warnings);
  }
  const routed = { ...asked, ...route };
  const accept = headerOf(request, "accept");
  if (route.verb === "watch") {
    const presenter = makePresenter(
      asked,
      { route, representation: negotiateStream(accept) },
      world,
    );
    const { apiServer } = world;
    return openWatchAnswer(routed, presenter, {
      ...world,
      converted: (kept) =>
        hearingWebhooks(apiServer, callerOf(world), (dialogue) =>
          apiServer.converted(route.kind, kept, dialogue),
        ),
    });
  }
  const offer = { canStream: route.isCollection, hasTables: hasTables(route, info) };
  const representation = negotiate(accept, offer);
  const presenter = makePresenter(asked, { route, representation }, world);
  const apiRequest = await apiRequestOf(routed, world.kinds);
  const { apiServer, gate } = world;
  const isAsked = route.kind.storedAs?.isAsked ?? false;
  const answer = await gate.answer(apiRequest, () =>
    answerWithWebhooks(
      { user, request: apiRequest, isAsked, elapsedMs },
      apiServer,
      callerOf(world),
    ),
  );
  return withWarnings(responseOf(answer, presenter, request), answer.warnings);
}

/** Subresources whose answer has no columns, as their storages are no TableConvertors. */
const withoutTables: ReadonlySet<string> = new Set(["binding", "eviction", "token"]);

/** Reviews have none either: what can only be created is nothing to list. */
function hasTables({ kind }: Route, { subresource }: ResourceInfo): boolean {
  if (subresource !== undefined) return !withoutTables.has(subresource);
  return kind.verbs.some((verb) => verb !== "create");
}

function callerOf({ apiServer, uuid, webhooks: transport, services }: ResourceWorld) {
  return { client: apiServer.client(ownName), uuid, transport, services };
}

/** Of a subresource that reaches into what runs: how it is answered once it is admitted. */
function streamOf(
  { request, query, info }: ResourceRequest,
  { kind, isCollection }: Route,
  world: ResourceWorld,
): (() => HttpResponse | Promise<HttpResponse>) | undefined {
  const { subresource, namespace, name = "" } = info;
  if (subresource === undefined || isCollection || kind.gvk.group !== "") return undefined;
  const path = pathBehind(info);
  const asked = { request, query, subresource, path, key: { namespace, name } };
  const client = world.apiServer.client(ownName);
  const { kubelet, dial, now } = world;
  return streamAnswer(kind.plural, asked, { client, kubelet, dial, now });
}

function pathBehind({ path }: ResourceInfo): string {
  const [, rest = ""] = afterSubresource.exec(path) ?? [];
  return rest;
}

/** @throws ApiError (as a rejection) the refusal */
async function admitConnection(
  { query, info, user }: ResourceRequest,
  { kind }: Route,
  world: ResourceWorld,
): Promise<readonly string[]> {
  const { subresource = "", namespace, name = "" } = info;
  const asked = connectOptions(`${kind.plural}/${subresource}`, query, pathBehind(info));
  if (!asked) return [];
  const object = draft(asked.object);
  const key = { namespace, name };
  const connection = { kind, key, subresource, objectKind: asked.kind, object };
  return hearingWebhooks(world.apiServer, callerOf(world), (dialogue) =>
    world.apiServer.admitConnection(user, connection, dialogue),
  );
}

function makePresenter(
  { query }: ResourceRequest,
  { route, representation }: { readonly route: Route; readonly representation: Representation },
  { now, documentation }: ResourceWorld,
): Presenter {
  const includeObject = includeObjectOf(query);
  const { kind } = route;
  return new Presenter({ kind, representation, includeObject, now, documentation });
}

function responseOf(
  { code, body }: ApiResponse,
  presenter: Presenter,
  request: HttpRequest,
): HttpResponse {
  if (code >= 400) return errorAnswer(new ApiError(body as Status), request);
  return {
    status: code,
    ...encoded(presenter.present(body), presenter.representation, isPretty(request)),
  };
}
