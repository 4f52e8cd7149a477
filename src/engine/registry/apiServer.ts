// kube-apiserver without a wire: every request of every client, inside or outside, ends here.
import type { Kind, KindRegistry } from "../../api/kind.ts";
import type { KubeObject, ObjectKey } from "../../api/object.ts";
import { kindSchema } from "../../api/openapi/structure.ts";
import { applyMergePatch } from "../../api/patch/mergePatch.ts";
import { applyStrategicMerge } from "../../api/patch/strategicMerge.ts";
import type { ApiRequest, ApiResponse, WatchEvent } from "../../api/request.ts";
import {
  ApiError,
  badRequestError,
  expiredError,
  methodNotSupportedError,
  noSuchResourceError,
  type Status,
  unsupportedMediaTypeError,
} from "../../api/status.ts";
import type { Pod } from "../../api/types.ts";
import { type Disposable, disposable } from "../../base/disposable.ts";
import { type Draft, draft } from "../../base/draft.ts";
import type { Random } from "../../base/random.ts";
import type { VirtualClock } from "../clock.ts";
import { LocalClient } from "../localClient.ts";
import type { ListerWatcher } from "../localInformer.ts";
import { Compacted, type Store } from "../store/store.ts";
import type { Trace } from "../trace.ts";
import type { AdmissionPlugin } from "./admission/admission.ts";
import { decodeBody } from "./decode.ts";
import { bindPod } from "./podBinding.ts";
import { Registry, resourceTarget, type WriteScope } from "./registry.ts";
import { scaleOf, withScale } from "./scale.ts";
import { makeSelection, selectorTextOf } from "./selection.ts";
import { storagePrefix } from "./storageKeys.ts";
import { WatchCache, watchEventOf } from "./watchCache.ts";

export interface ApiServerWorld {
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly trace: Trace;
  readonly random: Random;
  readonly kinds: KindRegistry;
  readonly admission: readonly AdmissionPlugin[];
}

/** A request whose kind is known. */
interface Routed {
  readonly kind: Kind;
  readonly key: ObjectKey;
  readonly request: ApiRequest;
  readonly scope: WriteScope;
  readonly warnings: string[];
}

const reads = new Set(["get", "list", "watch"]);

export class ApiServer implements ListerWatcher {
  readonly statistics = { reads: 0, writes: 0, failures: 0, watches: 0 };
  private readonly registry: Registry;
  private readonly caches = new Map<Kind, WatchCache>();

  constructor(private readonly world: ApiServerWorld) {
    const { store, random, admission, clock } = world;
    this.registry = new Registry({ store, random, admission, now: () => clock.now() });
  }

  /** A client of the components inside: same door, no wire. */
  client(user: string): LocalClient {
    return new LocalClient((request) => this.handle(user, request));
  }

  /** Answers a request. Refusals are answers with a Status; only broken invariants throw. */
  handle(user: string, request: ApiRequest): ApiResponse {
    const before = this.world.store.revision;
    const warnings: string[] = [];
    try {
      const body = this.dispatch(this.route(user, request, warnings));
      this.record(user, request, before, { code: successCode(request), body });
      return { code: successCode(request), body, warnings };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.statistics.failures++;
      this.record(user, request, before, { code: error.code, body: error.status });
      return { code: error.code, body: error.status, warnings };
    }
  }

  /**
   * Calls `sink` with every change after `options.resourceVersion` of what the request selects.
   * Without one, with what is there first.
   * @throws ApiError 410 Expired if changes after that revision are gone
   */
  watch(request: ApiRequest, sink: (event: WatchEvent) => void): Disposable {
    const { kind } = this.route("", request, []);
    const { options = {} } = request;
    const selects = makeSelection(kind, options);
    const { store } = this.world;
    const asked = Number(options.resourceVersion ?? 0);
    if (asked === 0)
      for (const object of this.registry.page(kind, request.namespace, options).items)
        sink({ type: "ADDED", object });
    try {
      const watching = store.watch(
        storagePrefix(kind, request.namespace),
        asked === 0 ? store.revision : asked,
        (event) => {
          const selected = selectedEvent(
            watchEventOf(event),
            event.previous?.value as KubeObject | undefined,
            selects,
          );
          if (selected) sink(selected);
        },
      );
      return this.countWatch(watching);
    } catch (error) {
      if (error instanceof Compacted)
        throw expiredError(`too old resource version: ${asked} (${error.compactRevision})`);
      throw error;
    }
  }

  listAndWatch<T extends KubeObject>(
    kind: Kind<T>,
    listed: (objects: readonly T[], resourceVersion: string) => void,
    changed: (event: WatchEvent<T>) => void,
  ): Disposable {
    const cache = this.cacheOf(kind);
    listed(cache.list() as readonly T[], String(this.world.store.revision));
    return this.countWatch(cache.subscribe(changed as (event: WatchEvent) => void));
  }

  private countWatch(watching: Disposable): Disposable {
    this.statistics.watches++;
    return disposable(() => {
      this.statistics.watches--;
      watching.dispose();
    });
  }

  private cacheOf(kind: Kind): WatchCache {
    const known = this.caches.get(kind);
    if (known) return known;
    const made = new WatchCache(kind, this.world.store, this.world.clock);
    this.caches.set(kind, made);
    return made;
  }

  private route(user: string, request: ApiRequest, warnings: string[]): Routed {
    const kind = this.world.kinds.forResource(request.apiVersion, request.resource);
    if (!kind) throw noSuchResourceError();
    const key = { namespace: request.namespace, name: request.name ?? "" };
    return { kind, key, request, scope: { user, options: request.options ?? {} }, warnings };
  }

  private dispatch(routed: Routed): unknown {
    const { kind, key, request, scope } = routed;
    if (request.subresource !== undefined)
      return this.dispatchSubresource(routed, request.subresource);
    switch (request.verb) {
      case "get":
        return this.registry.get(kind, key);
      case "list":
        return this.registry.page(kind, request.namespace, scope.options);
      case "create":
        return this.registry.create(
          kind,
          request.namespace,
          this.decode(routed, request.body),
          scope,
        );
      case "update":
        return this.registry.update(kind, key, () => this.decode(routed, request.body), scope);
      case "patch":
        return this.registry.update(kind, key, (old) => this.patched(routed, old), scope);
      case "delete":
        return this.registry.delete(kind, key, scope);
      case "deletecollection":
        return this.deleteCollection(routed);
      case "watch":
        throw badRequestError("a watch is opened, not handled");
    }
  }

  private dispatchSubresource(routed: Routed, subresource: string): unknown {
    const { kind, key, request, scope } = routed;
    const known: readonly string[] = kind.subresources;
    if (!known.includes(subresource)) throw noSuchResourceError();
    if (subresource === "scale") return this.dispatchScale(routed);
    if (request.verb === "get" && subresource === "status") return this.registry.get(kind, key);
    if (request.verb === "create" && subresource === "binding") return this.bind(routed);
    if (request.verb === "create" && subresource === "eviction") {
      this.registry.delete(kind, key, scope);
      return success();
    }
    if (request.verb !== "update" && request.verb !== "patch")
      throw methodNotSupportedError(resourceTarget(kind, key.name), request.verb);
    const field = subresource === "finalize" ? "spec" : "status";
    return this.registry.update(
      kind,
      key,
      (old) => {
        const asked =
          request.verb === "patch" ? this.patched(routed, old) : this.decode(routed, request.body);
        return withField(old, asked, field);
      },
      { ...scope, subresource },
    );
  }

  private dispatchScale({ kind, key, request, scope }: Routed): unknown {
    const face = (object: KubeObject): KubeObject => scaleOf(object, selectorTextOf(object));
    if (request.verb === "get") return face(this.registry.get(kind, key));
    if (request.verb !== "update" && request.verb !== "patch")
      throw methodNotSupportedError(resourceTarget(kind, key.name), request.verb);
    const written = this.registry.update(
      kind,
      key,
      (old) =>
        withScale(
          old,
          request.verb === "patch" ? applyMergePatch(face(old), request.body) : request.body,
        ),
      scope,
    );
    return face(written);
  }

  private bind({ kind, key, request, scope }: Routed): Status {
    const now = this.world.clock.now();
    this.registry.update(
      kind,
      key,
      (pod) => bindPod(pod as unknown as Pod, request.body, key, now),
      {
        ...scope,
        subresource: "binding",
      },
    );
    return success();
  }

  private deleteCollection(routed: Routed): unknown {
    const { kind, request, scope } = routed;
    const list = this.registry.page(kind, request.namespace, scope.options);
    for (const { metadata } of list.items)
      this.registry.delete(
        kind,
        { namespace: metadata.namespace ?? "", name: metadata.name },
        scope,
      );
    return list;
  }

  private patched({ kind, request, warnings }: Routed, old: KubeObject): Draft<KubeObject> {
    const schema = kindSchema(kind.apiVersion, kind.gvk.kind);
    if (request.patchType === "strategic" && schema) {
      const body = request.body as Record<string, unknown>;
      const merged = applyStrategicMerge(
        draft(old) as unknown as Record<string, unknown>,
        body,
        schema,
      );
      return decodeBody(kind, merged, { options: request.options ?? {}, warnings });
    }
    if (request.patchType !== "merge") throw unsupportedMediaTypeError(request.patchType ?? "");
    return decodeBody(kind, applyMergePatch(old, request.body), {
      options: request.options ?? {},
      warnings,
    });
  }

  private decode({ kind, request, warnings }: Routed, body: unknown): Draft<KubeObject> {
    return decodeBody(kind, body, { options: request.options ?? {}, warnings });
  }

  private record(
    user: string,
    request: ApiRequest,
    before: number,
    { code, body }: { code: number; body: unknown },
  ): void {
    if (reads.has(request.verb)) {
      this.statistics.reads++;
      return;
    }
    this.statistics.writes++;
    const { revision } = this.world.store;
    const { metadata, kind: bodyKind, message } = body as Partial<KubeObject & Status>;
    const kind = this.world.kinds.forResource(request.apiVersion, request.resource);
    const id = this.world.trace.emit({
      type: "request",
      user,
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
    });
    if (revision > before) for (const cache of this.caches.values()) cache.blame(before, id);
  }
}

function successCode({ verb }: ApiRequest): number {
  return verb === "create" ? 201 : 200;
}

function success(): Status {
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 };
}

/** A subresource writes one field; the rest stays, but for the expected resourceVersion. */
function withField(
  old: KubeObject,
  asked: Draft<KubeObject>,
  field: "status" | "spec",
): Draft<KubeObject> {
  const copy = draft(old) as Draft<KubeObject> & Record<string, unknown>;
  copy[field] = (asked as unknown as Record<string, unknown>)[field];
  const { resourceVersion, uid, name } = asked.metadata;
  copy.metadata = { ...copy.metadata, name };
  // Strategies of status keep the spec, not the annotations: a Deployment's revision comes this way.
  if (asked.metadata.annotations) copy.metadata.annotations = asked.metadata.annotations;
  if (resourceVersion !== undefined) copy.metadata.resourceVersion = resourceVersion;
  if (uid !== undefined) copy.metadata.uid = uid;
  return copy;
}

/** An object that enters the selection is ADDED to the watcher; one that leaves it is DELETED. */
function selectedEvent(
  event: WatchEvent,
  previous: KubeObject | undefined,
  selects: (object: KubeObject) => boolean,
): WatchEvent | undefined {
  if (event.type === "BOOKMARK") return event;
  const was = previous !== undefined && selects(previous);
  if (event.type === "DELETED") return was ? event : undefined;
  const is = selects(event.object);
  if (is) return { type: was ? "MODIFIED" : "ADDED", object: event.object };
  return was ? { type: "DELETED", object: event.object } : undefined;
}
