// kube-apiserver without a wire: every request of every client, inside or outside, ends here.
import type { Converter } from "../../api/crd/conversion.ts";
import type { Kind, KindRegistry, Subresource } from "../../api/kind.ts";
import { type KubeObject, keyOf } from "../../api/object.ts";
import type { ApiRequest, ApiResponse, WatchEvent } from "../../api/request.ts";
import {
  ApiError,
  badRequestError,
  methodNotAllowedError,
  noSuchResourceError,
  type Status,
  terminatingKindError,
  tooManyRequestsError,
} from "../../api/status.ts";
import { type UserInfo, userNamed } from "../../api/user.ts";
import { type Disposable, DisposableStore, disposable } from "../../base/disposable.ts";
import type { Draft } from "../../base/draft.ts";
import { Emitter, type Event } from "../../base/emitter.ts";
import type { Random } from "../../base/random.ts";
import type { Millis } from "../../base/time.ts";
import type { VirtualClock } from "../clock.ts";
import { LocalClient } from "../localClient.ts";
import type { ListerWatcher } from "../localInformer.ts";
import { EtcdError } from "../store/etcdError.ts";
import type { Store } from "../store/store.ts";
import type { Trace } from "../trace.ts";
import { checkAccess } from "./access.ts";
import type { AdmissionPlugin } from "./admission/admission.ts";
import { CallsNeeded, WebhookDialogue } from "./admission/webhooks/webhookDialogue.ts";
import { deleted } from "./answers.ts";
import { applied } from "./applying.ts";
import type { Authenticator } from "./authenticator.ts";
import { type Authorizer, alwaysAllow } from "./authorizer.ts";
import type { Call, ServerParts } from "./call.ts";
import { checkName } from "./checkName.ts";
import { confirmConsistentRead } from "./consistentRead.ts";
import { Conversions } from "./conversions.ts";
import { decodeBody } from "./decode.ts";
import { etcdFailure } from "./etcdFailure.ts";
import { etcdHealth } from "./etcdHealth.ts";
import { FieldManagement } from "./fieldManagement.ts";
import { fromComponent } from "./fieldManager.ts";
import { type MetricsSource, noMetrics } from "./metricsSource.ts";
import { applyPatch, checkPatchType } from "./patching.ts";
import { Registry, resourceTarget, type SubresourceRequest, type WriteScope } from "./registry.ts";
import { reviewHandlers } from "./reviews/index.ts";
import { storedValue } from "./storedValue.ts";
import { subresourceHandlers } from "./subresources/index.ts";
import { withBootstrapTokens } from "./tokens/bootstrapTokens.ts";
import { hmacSigner } from "./tokens/hmacSigner.ts";
import { ServiceAccountTokens } from "./tokens/serviceAccountTokens.ts";
import type { TokenSigner } from "./tokens/tokenSigner.ts";
import { connectionRefused, connectionTimedOut } from "./transportErrors.ts";
import { WatchCache } from "./watchCache.ts";
import { openWatch } from "./watching.ts";

export interface ApiServerWorld {
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly trace: Trace;
  readonly random: Random;
  readonly kinds: KindRegistry;
  readonly admission: readonly AdmissionPlugin[];
  /** Everything is allowed if absent. */
  readonly authorizer?: Authorizer;
  /** What signs tokens; a secret of the server's own if absent. */
  readonly tokenSigner?: TokenSigner;
  /** Whether a part of the control plane answers; all do if absent. */
  isRunning?(component: string): boolean;
  /** What nodes and Pods use; nothing is known if absent. */
  readonly metrics?: MetricsSource;
}

/** An answer and its HTTP status code. */
interface Answer {
  readonly code: number;
  readonly body: unknown;
}

/** What comes with a request from outside of the cluster. */
export interface OutsideRequest {
  /** Webhooks hear of it. */
  readonly dialogue?: WebhookDialogue;
  /** How long ago it arrived, by the wall's clock. */
  elapsedMs?(): Millis;
}

/** Source: apiserver pkg/storage/cacher/ready.go. */
const reinitializing = "storage is (re)initializing";
const reads = new Set(["get", "list", "watch"]);

export class ApiServer implements ListerWatcher {
  readonly statistics = { reads: 0, writes: 0, failures: 0, watches: 0 };
  readonly registry: Registry;
  readonly authorizer: Authorizer;
  readonly tokens: ServiceAccountTokens;
  /** Who a bearer token belongs to. */
  readonly authenticator: Authenticator;
  readonly converter: Converter = new Conversions(() => this.dialogue);
  private readonly parts: ServerParts;
  /** Of the request that is tried now, if webhooks hear of it. */
  private dialogue: WebhookDialogue | undefined;
  private dialogues = 0;
  /** By version and resource: a kind whose definition changes keeps its cache. */
  private readonly caches = new Map<string, WatchCache>();
  private readonly serving = new Emitter<boolean>();
  /** Fires when the server begins and ceases to serve. */
  readonly onServing: Event<boolean> = this.serving.event;
  private serves = true;
  private readonly watchesEnded = new Emitter<void>();
  /** Fires when all watches of clients end, as etcd ended the server's own. */
  readonly onWatchesEnded: Event<void> = this.watchesEnded.event;
  private watchesStorage = true;

  constructor(private readonly world: ApiServerWorld) {
    const { store, random, admission, clock, authorizer = alwaysAllow } = world;
    this.authorizer = authorizer;
    const now = () => this.dialogue?.now ?? clock.now();
    const fields = new FieldManagement(world.kinds, now);
    this.registry = new Registry({
      store,
      random,
      admission,
      fields,
      dialogue: () => this.dialogue,
      now,
    });
    world.kinds.onChanged(() => this.renewCaches());
    this.tokens = new ServiceAccountTokens({
      signer: world.tokenSigner ?? hmacSigner(random.fork("token secret").uuid()),
      random: random.fork("tokens"),
      now,
      find: this.registry.find,
    });
    const { find } = this.registry;
    this.authenticator = withBootstrapTokens(this.tokens, { find, now });
    this.parts = {
      registry: this.registry,
      authorizer,
      fields,
      tokens: this.tokens,
      authenticator: this.authenticator,
      now,
      isRunning: (component) => world.isRunning?.(component) ?? true,
      metrics: world.metrics ?? noMetrics,
      etcdHealth: () => this.etcdHealth(),
      decode: ({ kind, request, warnings }) =>
        decodeBody(kind, request.body, { options: {}, ...request, warnings }),
      patched: applyPatch,
    };
  }

  /** Whether anybody is let in. */
  get isServing(): boolean {
    return this.serves;
  }

  /** Lets clients in, as it does from the start, or lets nobody in. */
  setServing(serves: boolean): void {
    if (this.serves === serves) return;
    this.serves = serves;
    this.serving.fire(serves);
  }

  /** Whether the server's own watches of etcd work, and with them those of its clients. */
  get isWatchable(): boolean {
    return this.watchesStorage;
  }

  /** Source: apiserver pkg/storage/cacher/cacher.go startCaching, terminateAllWatchers, 1.34. */
  setWatchable(watchesStorage: boolean): void {
    if (this.watchesStorage === watchesStorage) return;
    this.watchesStorage = watchesStorage;
    if (!watchesStorage) this.watchesEnded.fire();
  }

  /**
   * A client of the components inside: same door, no wire.
   * @param isCutOff true while nothing gets from it to the server
   */
  client(userName: string, isCutOff = (): boolean => false): LocalClient {
    const user = userNamed(userName);
    return new LocalClient((request) => {
      if (isCutOff()) throw connectionTimedOut(request);
      this.checkServing(request);
      return this.handle(user, fromComponent(userName, request));
    });
  }

  /** @throws ApiError in the words of client-go's transport while nobody listens */
  checkServing(request: ApiRequest): void {
    if (!this.serves) throw connectionRefused(request);
  }

  /** As its health checks find it; undefined if nothing is wrong. */
  etcdHealth(): string | undefined {
    return etcdHealth(this.world.store);
  }

  /** For a request from outside, of which webhooks are to hear. */
  openDialogue(): WebhookDialogue {
    const { clock, random } = this.world;
    const name = `dialogue ${this.world.store.revision} ${this.dialogues++}`;
    return new WebhookDialogue(clock.now(), () => random.fork(name));
  }

  /**
   * Answers a request. Refusals are answers with a Status; only broken invariants throw.
   * @throws CallsNeeded if webhooks have to be heard; then nothing has happened
   */
  handle(
    user: UserInfo,
    request: ApiRequest,
    { dialogue, elapsedMs }: OutsideRequest = {},
  ): ApiResponse {
    const before = this.world.store.revision;
    const warnings: string[] = [];
    const answer = this.within(dialogue, () => this.answer(user, request, warnings));
    if (answer.code >= 400) this.statistics.failures++;
    const latency = elapsedMs ? { latencyMs: elapsedMs() } : {};
    this.record(user, request, before, { ...answer, ...latency });
    return { ...answer, warnings: [...new Set(warnings)] };
  }

  /**
   * Admission of a connection into what runs, before it is made.
   * @returns texts of Warning headers
   * @throws ApiError the refusal, CallsNeeded if webhooks have to be heard
   */
  admitConnection(
    user: UserInfo,
    connection: Omit<SubresourceRequest, "operation">,
    dialogue: WebhookDialogue,
  ): readonly string[] {
    const warnings: string[] = [];
    const scope = { user, options: {}, warnings, webhooks: dialogue };
    this.within(dialogue, () =>
      this.registry.admitSubresource({ operation: "CONNECT", ...connection }, scope),
    );
    return warnings;
  }

  /**
   * Calls `sink` with every change after `options.resourceVersion` of what the request selects.
   * Without one, with what is there first. Objects of kinds whose versions a webhook converts come as
   * they are kept: see `converted`.
   * @throws ApiError Forbidden, Expired if changes after that revision are gone, TooManyRequests while etcd
   * cannot be watched
   */
  watch(user: UserInfo, request: ApiRequest, sink: (event: WatchEvent) => void): Disposable {
    const { namespace, options = {} } = request;
    checkAccess(this.authorizer, user, { ...request, verb: "watch" });
    const kind = this.kindOf(request);
    if (!this.watchesStorage) throw tooManyRequestsError(reinitializing, { retryAfterSeconds: 1 });
    confirmConsistentRead(this.world.store, "watch", options);
    return this.countWatch(openWatch(this.world, { kind, namespace, options }, sink));
  }

  /**
   * A kept object as one of `kind`.
   * @throws ApiError if it cannot be converted, CallsNeeded if a webhook has to be heard
   */
  converted(kind: Kind, kept: KubeObject, dialogue: WebhookDialogue): KubeObject {
    return this.within(dialogue, () => storedValue(kind, kept));
  }

  listAndWatch<T extends KubeObject>(
    kind: Kind<T>,
    listed: (objects: readonly T[], resourceVersion: string) => void,
    changed: (event: WatchEvent<T>) => void,
  ): Disposable {
    const cache = this.cacheOf(kind);
    const watching = new DisposableStore();
    const list = (): void => {
      listed(cache.list() as readonly T[], String(this.world.store.revision));
      watching.add(this.countWatch(cache.subscribe(changed as (event: WatchEvent) => void)));
    };
    if (this.serves) list();
    else {
      // Whoever asks while nobody listens asks again until somebody does.
      const waiting = this.onServing(() => {
        waiting.dispose();
        list();
      });
      watching.add(waiting);
    }
    return watching;
  }

  private countWatch(watching: Disposable): Disposable {
    this.statistics.watches++;
    return disposable(() => {
      this.statistics.watches--;
      watching.dispose();
    });
  }

  private cacheOf(kind: Kind): WatchCache {
    const name = `${kind.apiVersion}/${kind.plural}`;
    const known = this.caches.get(name);
    if (known) return known;
    const made = new WatchCache(kind, this.world.store, this.world.clock);
    this.caches.set(name, made);
    return made;
  }

  private renewCaches(): void {
    for (const cache of this.caches.values()) {
      const { apiVersion, plural } = cache.kind;
      cache.kind = this.world.kinds.forResource(apiVersion, plural) ?? cache.kind;
    }
  }

  private within<T>(dialogue: WebhookDialogue | undefined, run: () => T): T {
    dialogue?.startTry();
    this.dialogue = dialogue;
    try {
      return run();
    } finally {
      this.dialogue = undefined;
    }
  }

  private answer(user: UserInfo, request: ApiRequest, warnings: string[]): Answer {
    try {
      checkAccess(this.authorizer, user, request);
      const kind = this.kindOf(request);
      if (kind.deprecation !== undefined) warnings.push(kind.deprecation);
      const { namespace, name = "", options = {} } = request;
      const key = { namespace: kind.namespaced ? namespace : "", name };
      const { dialogue: webhooks } = this;
      const scope = {
        user,
        options,
        warnings,
        manager: options.fieldManager ?? "",
        ...(webhooks ? { webhooks } : {}),
      };
      return this.dispatch({ kind, key, request, user, scope, warnings });
    } catch (error) {
      const failure = error instanceof EtcdError ? etcdFailure(error) : error;
      if (!(failure instanceof ApiError)) throw failure;
      return { code: failure.code, body: failure.status };
    }
  }

  /** @throws ApiError NotFound for a resource that is not served */
  private kindOf({ apiVersion, resource }: ApiRequest): Kind {
    const kind = this.world.kinds.forResource(apiVersion, resource);
    if (!kind) throw noSuchResourceError();
    return kind;
  }

  private dispatch(call: Call): Answer {
    const { kind, request, scope } = call;
    const code = codeOf(request);
    if (!kind.unstored && (request.verb === "get" || request.verb === "list"))
      confirmConsistentRead(this.world.store, request.verb, scope.options);
    if (request.subresource !== undefined)
      return { code, body: this.dispatchSubresource(call, request.subresource as Subresource) };
    if (!kind.verbs.includes(request.verb)) throw methodNotAllowedError();
    if (kind.unstored) return { code, body: this.answerReview(call) };
    if (request.verb === "update") return this.update(call);
    if (request.verb === "patch") return this.patch(call);
    return { code, body: this.dispatchVerb(call) };
  }

  private dispatchVerb(call: Call): unknown {
    const { kind, key, request, scope } = call;
    if (request.verb === "delete" || request.verb === "deletecollection")
      call.warnings.push(...(kind.warningsOnDelete?.(scope.options) ?? []));
    const { registry, parts } = this;
    switch (request.verb) {
      case "get":
        return registry.get(kind, key);
      case "list":
        return registry.page(kind, request.namespace, scope.options);
      case "create":
        if (kind.isTerminating) throw terminatingKindError(resourceTarget(kind, ""));
        return registry.create(kind, key.namespace, parts.decode(call), scope);
      case "delete": {
        const { object, gone } = registry.delete(kind, key, scope);
        return gone && !kind.returnsDeletedObject ? deleted(kind, object) : object;
      }
      case "deletecollection":
        return this.deleteCollection(call);
      default:
        throw badRequestError("a watch is opened, not handled");
    }
  }

  private dispatchSubresource(call: Call, subresource: Subresource): unknown {
    if (!call.kind.subresources.includes(subresource)) throw noSuchResourceError();
    const handle = subresourceHandlers[subresource]?.[call.request.verb];
    if (!handle) throw methodNotAllowedError();
    return handle(call, this.parts);
  }

  private answerReview(call: Call): unknown {
    const review = reviewHandlers[call.kind.resource];
    if (!review) throw methodNotAllowedError();
    return review(call, this.parts);
  }

  private update(call: Call): Answer {
    const { kind, key, request, scope } = call;
    const { registry, parts } = this;
    const object = parts.decode(call);
    checkName(object, key);
    if (kind.allowsCreateOnUpdate && !registry.find(kind, key)) {
      checkAccess(this.authorizer, call.user, { ...request, verb: "create" });
      return { code: 201, body: registry.create(kind, key.namespace, object, scope) };
    }
    return { code: 200, body: registry.update(kind, key, () => object, scope) };
  }

  private patch(call: Call): Answer {
    const { kind, key, request, scope } = call;
    if (request.patchType === "apply") return this.apply(call);
    checkPatchType(kind, request.patchType);
    const change = (old: KubeObject): Draft<KubeObject> => {
      const object = this.parts.patched(call, old);
      checkName(object, key);
      return object;
    };
    return {
      code: 200,
      body: this.registry.update(kind, key, change, { ...scope, isPatch: true }),
    };
  }

  /** An apply creates what is not there. Its fields are put down to its manager as it is merged. */
  private apply(call: Call): Answer {
    const { kind, key, request, user } = call;
    const { manager: _, ...scope } = call.scope;
    const live = this.registry.find(kind, key);
    const object = applied(call, this.parts.fields, live);
    if (live)
      return {
        code: 200,
        body: this.registry.update(kind, key, () => object, { ...scope, isPatch: true }),
      };
    checkAccess(this.authorizer, user, { ...request, verb: "create" });
    return { code: 201, body: this.registry.create(kind, key.namespace, object, scope) };
  }

  private deleteCollection({ kind, request, scope }: Call): unknown {
    const list = this.registry.page(kind, request.namespace, scope.options);
    if (scope.webhooks) this.hearOfDeletions(kind, list.items, scope);
    for (const object of list.items) this.registry.delete(kind, keyOf(object), scope);
    return list;
  }

  /** Once the first object is gone, there is no trying again. @throws CallsNeeded */
  private hearOfDeletions(kind: Kind, objects: readonly KubeObject[], scope: WriteScope): void {
    const calls = objects.flatMap((object) => {
      try {
        this.registry.admitDeletion(kind, object, scope);
      } catch (error) {
        if (error instanceof CallsNeeded) return error.calls;
        // Refusals are told in turn, when what comes before is gone.
        if (!(error instanceof ApiError)) throw error;
      }
      return [];
    });
    if (calls.length > 0) throw new CallsNeeded(calls);
  }

  /**
   * Writes, and what was read or tried from outside: the cluster's own reads, and an editor's questions
   * while somebody types, would hide everything else.
   */
  private record(
    user: UserInfo,
    request: ApiRequest,
    before: number,
    { code, body, latencyMs }: Answer & { readonly latencyMs?: Millis },
  ): void {
    const isRead = reads.has(request.verb);
    this.statistics[isRead ? "reads" : "writes"]++;
    if ((isRead || request.options?.dryRun) && request.userAgent === undefined) return;
    const { revision } = this.world.store;
    const { metadata, kind: bodyKind, message } = body as Partial<KubeObject & Status>;
    const kind = this.world.kinds.forResource(request.apiVersion, request.resource);
    const id = this.world.trace.emit({
      type: "request",
      user: user.name,
      verb: request.verb,
      target: {
        kind: kind?.gvk.kind ?? bodyKind ?? request.resource,
        namespace: request.namespace,
        name: request.name ?? metadata?.name ?? "",
      },
      ...(request.subresource === undefined ? {} : { subresource: request.subresource }),
      code,
      ...(code >= 400 && message !== undefined ? { message } : {}),
      ...(revision > before ? { revision } : {}),
      ...(latencyMs === undefined ? {} : { latencyMs }),
    });
    if (revision > before) for (const cache of this.caches.values()) cache.blame(before, id);
  }
}

function codeOf({ verb }: ApiRequest): number {
  return verb === "create" ? 201 : 200;
}
