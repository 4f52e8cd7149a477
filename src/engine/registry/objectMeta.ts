// The part of metadata that the server owns. Source: apiserver pkg/registry/rest, 1.34.
import { dequal } from "dequal";
import type { Kind } from "../../api/kind.ts";
import type { KubeObject } from "../../api/object.ts";
import { withoutZeros } from "../../api/openapi/withoutZeros.ts";
import type { Draft } from "../../base/draft.ts";
import type { Random } from "../../base/random.ts";
import { formatTime, type Instant } from "../../base/time.ts";

const maxGeneratedNameLength = 58;

/** Fills uid, creationTimestamp and generation; drops what clients may not set. */
export function fillCreateMeta(
  kind: Kind,
  object: Draft<KubeObject>,
  { now, random }: { now: Instant; random: Random },
): void {
  const { metadata } = object;
  metadata.uid = random.uuid();
  metadata.creationTimestamp = formatTime(now);
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.selfLink;
  // Kinds without a desired state leave it alone, whatever the client says.
  if (kind.desiredState) metadata.generation = 1;
}

/** Source: apiserver pkg/storage/names/generate.go SimpleNameGenerator, 1.34. */
export function generateName(base: string, random: Random): string {
  return base.slice(0, maxGeneratedNameLength) + random.suffix(5);
}

const omittedWhenEmpty = [
  "annotations",
  "finalizers",
  "labels",
  "managedFields",
  "ownerReferences",
] as const;

/** Lists and maps without entries are not there at all: Go's omitempty. */
export function dropEmptyMeta({ metadata }: Draft<KubeObject>): void {
  for (const field of omittedWhenEmpty) {
    const value = metadata[field];
    if (value !== undefined && Object.keys(value).length === 0) delete metadata[field];
  }
}

/** Carries over what an update can't change. Source: apiserver pkg/registry/rest BeforeUpdate, 1.34. */
export function keepServerMeta(
  { metadata }: Draft<KubeObject>,
  { metadata: kept }: KubeObject,
): void {
  if (!metadata.uid) keep(metadata, "uid", kept.uid);
  keep(metadata, "creationTimestamp", kept.creationTimestamp);
  keep(metadata, "generation", kept.generation);
  if (kept.deletionTimestamp) metadata.deletionTimestamp = kept.deletionTimestamp;
  const grace = metadata.deletionGracePeriodSeconds ?? kept.deletionGracePeriodSeconds;
  keep(metadata, "deletionGracePeriodSeconds", grace);
  delete metadata.selfLink;
}

/** A change of the desired state is a new generation; subresources, binding too, make none. */
export function raiseGeneration(kind: Kind, object: Draft<KubeObject>, old: KubeObject): void {
  if (!kind.desiredState) return;
  const kept = withoutZeros(object as KubeObject, kind.apiVersion, kind.gvk.kind);
  if (!dequal(kind.desiredState(kept), kind.desiredState(old)))
    object.metadata.generation = (old.metadata.generation ?? 0) + 1;
}

function keep<T extends object, K extends keyof T>(
  target: T,
  field: K,
  value: T[K] | undefined,
): void {
  if (value === undefined) delete target[field];
  else target[field] = value;
}
