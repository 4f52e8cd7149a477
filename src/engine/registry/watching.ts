// A watch: what is there first, if asked for, then every change of what the request selects.
// Source: apiserver pkg/storage/cacher/cacher.go and cache_watcher.go, 1.34.
import type { Kind } from "../../api/kind.ts";
import type { KubeObject } from "../../api/object.ts";
import type { RequestOptions, WatchEvent } from "../../api/request.ts";
import { expiredError } from "../../api/status.ts";
import { type Disposable, disposable } from "../../base/disposable.ts";
import type { VirtualClock } from "../clock.ts";
import { bookmarkPeriodMs } from "../limits.ts";
import { Compacted } from "../store/etcdError.ts";
import type { Store } from "../store/store.ts";
import { checkListOptions, parseResourceVersion } from "./listOptions.ts";
import { makeSelection } from "./selection.ts";
import { storagePrefix } from "./storageKeys.ts";
import { storedValue } from "./storedValue.ts";
import { watchEventOf } from "./watchCache.ts";

export interface WatchWorld {
  readonly store: Store;
  readonly clock: VirtualClock;
}

export interface WatchTarget {
  readonly kind: Kind;
  /** "" for all. */
  readonly namespace: string;
  readonly options: RequestOptions;
}

/**
 * Calls `sink` with every change after `options.resourceVersion`; without one, with what is there first.
 * Objects that a webhook would have to convert come as they are kept.
 * @throws ApiError Expired if changes after that revision are gone, Invalid or BadRequest for the options
 */
export function openWatch(
  { store, clock }: WatchWorld,
  { kind, namespace, options }: WatchTarget,
  sink: (event: WatchEvent) => void,
): Disposable {
  checkListOptions("watch", options);
  const selects = makeSelection(kind, options);
  const read = kind.storedAs?.isAsked ? kind.storedAs.kind : kind;
  const prefix = storagePrefix(kind, namespace);
  const asked = parseResourceVersion(options.resourceVersion);
  const { sendInitialEvents = asked === 0, allowWatchBookmarks = false } = options;
  const startsNow = sendInitialEvents || asked === 0;
  if (sendInitialEvents)
    for (const { value } of store.range<KubeObject>(prefix).entries) {
      const object = storedValue(read, value);
      if (selects(object)) sink({ type: "ADDED", object });
    }
  if (options.sendInitialEvents && allowWatchBookmarks) sink(bookmark(kind, store.revision, true));
  const watching = changesAfter(store, prefix, startsNow ? store.revision : asked, (event) => {
    const selected = selectedEvent(read, event, selects);
    if (selected) sink(selected);
  });
  if (!allowWatchBookmarks) return watching;
  const ticking = clock.every(bookmarkPeriodMs, `bookmark a watch of ${kind.plural}`, () =>
    sink(bookmark(kind, store.revision, false)),
  );
  return disposable(() => {
    ticking.dispose();
    watching.dispose();
  });
}

function changesAfter(
  store: Store,
  prefix: string,
  from: number,
  sink: Parameters<Store["watch"]>[2],
): Disposable {
  try {
    return store.watch(prefix, from, (event) => {
      if (event.revision > from) sink(event);
    });
  } catch (error) {
    if (!(error instanceof Compacted)) throw error;
    throw expiredError(`too old resource version: ${from} (${error.compactRevision})`);
  }
}

function bookmark({ apiVersion, gvk }: Kind, revision: number, endsInitial: boolean): WatchEvent {
  const annotations = { "k8s.io/initial-events-end": "true" };
  const metadata = {
    resourceVersion: String(revision),
    ...(endsInitial ? { annotations } : {}),
  };
  return { type: "BOOKMARK", object: { kind: gvk.kind, apiVersion, metadata } };
}

/** An object that enters the selection is ADDED to the watcher; one that leaves it is DELETED. */
function selectedEvent(
  kind: Kind,
  stored: Parameters<Parameters<Store["watch"]>[2]>[0],
  selects: (object: KubeObject) => boolean,
): WatchEvent | undefined {
  const event = watchEventOf(kind, stored);
  const before = stored.previous?.value as KubeObject | undefined;
  const was = before !== undefined && selects(storedValue(kind, before));
  if (event.type === "DELETED") return was ? event : undefined;
  const is = selects(event.object);
  if (is) return { type: was ? "MODIFIED" : "ADDED", object: event.object };
  if (!was) return undefined;
  // What leaves the selection is sent as it was, with the revision of the change that took it out.
  const { resourceVersion } = event.object.metadata;
  const last = storedValue(kind, before);
  const metadata = { ...last.metadata, ...(resourceVersion ? { resourceVersion } : {}) };
  return { type: "DELETED", object: { ...last, metadata } };
}
