// What `kubectl apply -f` and `kubectl delete -f` do with the objects of a manifest, one after the other.
// Source: k8s.io/kubectl pkg/cmd/apply, kubernetes v1.34.
import type { Kind, KindRegistry } from "../api/kind.ts";
import { type KubeObject, type ObjectRef, refOf } from "../api/object.ts";
import { kindSchema } from "../api/openapi/structure.ts";
import { makeMergePatch } from "../api/patch/mergePatch.ts";
import { ApiError, hasReason } from "../api/status.ts";
import { lastAppliedOf, withLastApplied } from "./lastApplied.ts";
import type { ResourceClient, WriteOptions } from "./resourceClient.ts";
import { threeWayPatch } from "./strategicPatch.ts";

export type ApplyOutcome = "created" | "configured" | "unchanged" | "failed";
export type DeleteOutcome = "deleted" | "notFound" | "failed";

/** What became of one object. */
export interface Result<Outcome> {
  readonly ref: ObjectRef;
  /** "deployment.apps/web": how kubectl names it. */
  readonly name: string;
  readonly outcome: Outcome;
  /** Set if it failed. */
  readonly error?: Error;
}

export interface RunOptions<Outcome> {
  /** Stops before the next object. */
  readonly signal?: AbortSignal;
  readonly onResult?: (result: Result<Outcome>, index: number) => void;
}

export const writeOptions: WriteOptions = {
  fieldManager: "kubectl-client-side-apply",
  fieldValidation: "Strict",
};

/** kubectl tries again this often when somebody else wrote in between. */
const mostConflicts = 5;

/** A manifest names a kind that the server does not have. The message is the server's. */
export class NoMatchError extends Error {
  constructor(apiVersion: string, kind: string) {
    super(`no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`);
    this.name = "NoMatchError";
  }
}

/** Applies the objects in their order; a failure does not stop the others. */
export function applyAll(
  client: ResourceClient,
  kinds: KindRegistry,
  objects: readonly KubeObject[],
  options: RunOptions<ApplyOutcome> = {},
): Promise<readonly Result<ApplyOutcome>[]> {
  return runAll(kinds, objects, options, (kind, object) => apply(client, kind, object));
}

/**
 * Deletes the objects in their order (callers turn it round, so that what holds others goes last).
 * Dependents are deleted by the garbage collector.
 */
export function deleteAll(
  client: ResourceClient,
  kinds: KindRegistry,
  objects: readonly KubeObject[],
  options: RunOptions<DeleteOutcome> = {},
): Promise<readonly Result<DeleteOutcome>[]> {
  return runAll(kinds, objects, options, async (kind, object) => {
    try {
      await client.delete(kind, keyIn(kind, object), { propagationPolicy: "Background" });
      return "deleted";
    } catch (error) {
      if (hasReason(error, "NotFound")) return "notFound";
      throw error;
    }
  });
}

async function runAll<Outcome extends string>(
  kinds: KindRegistry,
  objects: readonly KubeObject[],
  { signal, onResult }: RunOptions<Outcome | "failed">,
  act: (kind: Kind, object: KubeObject) => Promise<Outcome>,
): Promise<readonly Result<Outcome | "failed">[]> {
  const results: Result<Outcome | "failed">[] = [];
  for (const [index, object] of objects.entries()) {
    if (signal?.aborted) break;
    const result = await outcomeOf(kinds, object, act);
    results.push(result);
    onResult?.(result, index);
  }
  return results;
}

async function outcomeOf<Outcome>(
  kinds: KindRegistry,
  object: KubeObject,
  act: (kind: Kind, object: KubeObject) => Promise<Outcome>,
): Promise<Result<Outcome | "failed">> {
  const kind = kinds.forObject(object.apiVersion, object.kind);
  const name = `${kind ? singularName(kind) : object.kind}/${object.metadata.name}`;
  try {
    if (!kind) throw new NoMatchError(object.apiVersion, object.kind);
    const ref = { ...refOf(object), ...keyIn(kind, object) };
    return { ref, name, outcome: await act(kind, inNamespace(kind, object)) };
  } catch (error) {
    const cause = error instanceof Error ? error : new Error(String(error));
    return { ref: refOf(object), name, outcome: "failed", error: cause };
  }
}

async function apply(
  client: ResourceClient,
  kind: Kind,
  object: KubeObject,
): Promise<Exclude<ApplyOutcome, "failed">> {
  const wanted = withLastApplied(object);
  for (let conflicts = 0; ; conflicts++) {
    try {
      return await applyOnce(client, kind, wanted);
    } catch (error) {
      if (!hasReason(error, "Conflict") || conflicts >= mostConflicts) throw error;
    }
  }
}

async function applyOnce(
  client: ResourceClient,
  kind: Kind,
  wanted: KubeObject,
): Promise<Exclude<ApplyOutcome, "failed">> {
  const key = keyIn(kind, wanted);
  const live = await getIfExists(client, kind, wanted);
  if (!live) {
    await client.create(kind, wanted, writeOptions);
    return "created";
  }
  const patch = patchFor(live, wanted);
  if (!patch) return "unchanged";
  await client.patch(kind, key, patch, writeOptions);
  return "configured";
}

export async function getIfExists(
  client: ResourceClient,
  kind: Kind,
  object: KubeObject,
): Promise<KubeObject | undefined> {
  try {
    return await client.get(kind, keyIn(kind, object));
  } catch (error) {
    if (hasReason(error, "NotFound")) return undefined;
    throw error;
  }
}

/** What turns the live object into the wanted one; undefined if nothing does. */
export function patchFor(live: KubeObject, wanted: KubeObject) {
  const before = lastAppliedOf(live);
  const schema = kindSchema(wanted.apiVersion, wanted.kind);
  if (schema) {
    const body = threeWayPatch(before, { ...wanted }, { ...live }, schema);
    return body && ({ type: "strategic", body } as const);
  }
  const body = threeWayMergePatch(before, { ...wanted }, { ...live });
  return body && ({ type: "merge", body } as const);
}

/** Without a schema no list is a map: what the manifest lost goes, what it has is set. */
function threeWayMergePatch(
  before: Record<string, unknown>,
  wanted: Record<string, unknown>,
  live: Record<string, unknown>,
): Record<string, unknown> | undefined {
  const dropped = keepNulls(makeMergePatch(before, wanted) ?? {});
  const changed = dropNulls(makeMergePatch(live, wanted) ?? {});
  const patch = deepMerge(dropped, changed);
  return Object.keys(patch).length === 0 ? undefined : patch;
}

type Json = Record<string, unknown>;

function keepNulls(patch: Json): Json {
  const entries = Object.entries(patch).flatMap(([key, value]): [string, unknown][] => {
    if (value === null) return [[key, null]];
    if (typeof value !== "object" || Array.isArray(value)) return [];
    const inner = keepNulls(value as Json);
    return Object.keys(inner).length === 0 ? [] : [[key, inner]];
  });
  return Object.fromEntries(entries);
}

function dropNulls(patch: Json): Json {
  const entries = Object.entries(patch).flatMap(([key, value]): [string, unknown][] => {
    if (value === null) return [];
    if (typeof value !== "object" || Array.isArray(value)) return [[key, value]];
    const inner = dropNulls(value as Json);
    return Object.keys(inner).length === 0 ? [] : [[key, inner]];
  });
  return Object.fromEntries(entries);
}

function deepMerge(a: Json, b: Json): Json {
  const merged: Json = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const other = merged[key];
    const areMaps = [other, value].every(
      (side) => typeof side === "object" && side !== null && !Array.isArray(side),
    );
    merged[key] = areMaps ? deepMerge(other as Json, value as Json) : value;
  }
  return merged;
}

export function keyIn(kind: Kind, { metadata }: KubeObject) {
  const namespace = kind.namespaced ? metadata.namespace || "default" : "";
  return { namespace, name: metadata.name };
}

/** kubectl writes the namespace that it defaults to into what it sends. */
export function inNamespace(kind: Kind, object: KubeObject): KubeObject {
  if (!kind.namespaced) return object;
  const { namespace } = keyIn(kind, object);
  return { ...object, metadata: { ...object.metadata, namespace } };
}

/** "pod", "deployment.apps". */
export function singularName({ singular, gvk }: Kind): string {
  return gvk.group === "" ? singular : `${singular}.${gvk.group}`;
}

/** The words of a failure, the server's where there are any. */
export function failureText(error: Error): string {
  return error instanceof ApiError ? (error.status.message ?? error.reason) : error.message;
}
