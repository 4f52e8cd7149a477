// What a DELETE does before the object is gone: grace periods and finalizers.
// Source: apiserver pkg/registry/rest/delete.go and generic/registry/store.go, 1.34.
import type { Kind } from "../../api/kind.ts";
import type { KubeObject } from "../../api/object.ts";
import type { RequestOptions } from "../../api/request.ts";
import { type Draft, draft } from "../../base/draft.ts";
import { formatTime, type Instant, parseTime, second } from "../../base/time.ts";

export type DeletionStep =
  /** Take the object out of the store. */
  | { readonly type: "remove" }
  /** Store this state: the object waits for its kubelet or its finalizers. */
  | { readonly type: "wait"; readonly object: KubeObject }
  /** It waits already and the request adds nothing. */
  | { readonly type: "unchanged" };

/** What to do with `object` now that someone asked for its deletion. */
export function deletionStep(
  kind: Kind,
  object: KubeObject,
  options: RequestOptions,
  now: Instant,
): DeletionStep {
  if (kind.beginDeletion && object.metadata.deletionTimestamp === undefined) {
    const begun = draft(object);
    kind.beginDeletion(begun, now);
    return { type: "wait", object: begun as KubeObject };
  }
  const grace = kind.gracePeriodSeconds?.(object, options.gracePeriodSeconds) ?? 0;
  const finalizers = finalizersAfter(kind, object, options.propagationPolicy);
  const waits = grace > 0 || finalizers.length > 0 || holdsSpecFinalizers(object);
  if (!waits) return { type: "remove" };
  const marked = mark(object, { grace, finalizers, now });
  return marked ? { type: "wait", object: marked } : { type: "unchanged" };
}

/** True once nothing holds an object that is being deleted. */
export function isReleased(kind: Kind, object: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata;
  if (deletionTimestamp === undefined || finalizers.length > 0 || holdsSpecFinalizers(object))
    return false;
  return kind.gracePeriodSeconds === undefined || deletionGracePeriodSeconds === 0;
}

function mark(
  object: KubeObject,
  { grace, finalizers, now }: { grace: number; finalizers: readonly string[]; now: Instant },
): KubeObject | undefined {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = object.metadata;
  const before = object.metadata.finalizers ?? [];
  const sameFinalizers =
    finalizers.length === before.length && finalizers.every((name) => before.includes(name));
  const shortens = deletionTimestamp === undefined || grace < deletionGracePeriodSeconds;
  if (!shortens && sameFinalizers) return undefined;
  const copy: Draft<KubeObject> = draft(object);
  const { metadata } = copy;
  if (finalizers.length > 0) metadata.finalizers = [...finalizers];
  else delete metadata.finalizers;
  if (shortens) {
    // A shorter grace period counts from the time of the first request.
    const asked =
      deletionTimestamp === undefined
        ? now
        : (parseTime(deletionTimestamp) ?? now) - deletionGracePeriodSeconds * second;
    metadata.deletionTimestamp = formatTime(Math.max(now, asked + grace * second));
    metadata.deletionGracePeriodSeconds = grace;
    if (metadata.generation !== undefined) metadata.generation++;
  }
  return copy as KubeObject;
}

const orphan = "orphan";
const foreground = "foregroundDeletion";

/**
 * What holds the object for the garbage collector's sake: what the request asks for, or else what an
 * earlier one asked for, or else what the kind does by itself.
 * Source: generic/registry/store.go deletionFinalizersForGarbageCollection, 1.34.
 */
function finalizersAfter(
  { defaultPropagation }: Kind,
  { metadata: { finalizers = [] } }: KubeObject,
  policy: RequestOptions["propagationPolicy"],
): readonly string[] {
  const asked = finalizers.find((name) => name === orphan || name === foreground);
  if (policy === undefined && asked !== undefined) return finalizers;
  const others = finalizers.filter((name) => name !== orphan && name !== foreground);
  switch (policy ?? defaultPropagation) {
    case "Foreground":
      return [...others, foreground];
    case "Orphan":
      return [...others, orphan];
    default:
      return others;
  }
}

/** Namespaces are held by spec.finalizers. */
function holdsSpecFinalizers(object: KubeObject): boolean {
  const { spec } = object as { readonly spec?: { readonly finalizers?: readonly string[] } };
  return object.kind === "Namespace" && (spec?.finalizers?.length ?? 0) > 0;
}
