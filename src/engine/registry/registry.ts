// The write path: decode, default, admit, validate, store. And the reads beside it.
// Source of the order: apiserver pkg/endpoints/handlers and pkg/registry/generic/registry, 1.34.
import { dequal } from "dequal";
import type { Kind } from "../../api/kind.ts";
import { type KubeObject, keyOf, type ObjectKey } from "../../api/object.ts";
import type { ObjectList, RequestOptions } from "../../api/request.ts";
import {
  alreadyExistsError,
  badRequestError,
  conflictError,
  type ErrorTarget,
  expiredError,
  internalError,
  invalidError,
  notFoundError,
  timeoutError,
} from "../../api/status.ts";
import { type Draft, draft, freeze } from "../../base/draft.ts";
import type { Random } from "../../base/random.ts";
import type { Instant } from "../../base/time.ts";
import { Compacted, type Store } from "../store/store.ts";
import type { AdmissionContext, AdmissionPlugin } from "./admission/admission.ts";
import { deletionStep, isReleased } from "./deletion.ts";
import { fillCreateMeta, keepServerMeta, raiseGeneration } from "./objectMeta.ts";
import { makeSelection } from "./selection.ts";
import { storageKey, storagePrefix } from "./storageKeys.ts";
import { validateCreate, validateUpdate } from "./validate.ts";

export interface RegistryWorld {
  readonly store: Store;
  readonly random: Random;
  readonly admission: readonly AdmissionPlugin[];
  now(): Instant;
}

/** Who writes, and how. */
export interface WriteScope {
  readonly user: string;
  readonly options: RequestOptions;
}

/** What makes the new state from the present one; runs again after a conflict is ruled out. */
export type Change = (old: KubeObject) => Draft<KubeObject>;

export class Registry implements AdmissionContext {
  readonly random: Random;
  private readonly store: Store;

  constructor(private readonly world: RegistryWorld) {
    this.random = world.random.fork("registry");
    this.store = world.store;
  }

  readonly find = <T extends KubeObject>(kind: Kind<T>, key: ObjectKey): T | undefined =>
    this.store.get<T>(storageKey(kind, key))?.value;

  readonly list = <T extends KubeObject>(kind: Kind<T>): readonly T[] =>
    this.store.range<T>(storagePrefix(kind)).entries.map(({ value }) => value);

  /** @throws ApiError NotFound */
  get(kind: Kind, key: ObjectKey): KubeObject {
    const found = this.find(kind, key);
    if (!found) throw notFoundError(resourceTarget(kind, key.name));
    return found;
  }

  /** One page of objects, in the order of their keys. */
  page(kind: Kind, namespace: string, options: RequestOptions): ObjectList {
    const { limit, continue: token } = options;
    const from = token === undefined ? undefined : parseContinue(token);
    const at = from?.revision;
    checkNotFuture(options.resourceVersion, this.store.revision);
    const selects = makeSelection(kind, options);
    const items: KubeObject[] = [];
    let last: string | undefined;
    let more = 0;
    try {
      const { entries } = this.store.range<KubeObject>(storagePrefix(kind, namespace), {
        ...(at === undefined ? {} : { at }),
        ...(from === undefined ? {} : { after: from.key }),
      });
      for (const { key, value } of entries) {
        if (!selects(value)) continue;
        if (limit !== undefined && limit > 0 && items.length === limit) more++;
        else {
          items.push(value);
          last = key;
        }
      }
    } catch (error) {
      if (error instanceof Compacted) throw expiredError(tooOldContinue);
      throw error;
    }
    const revision = at ?? this.store.revision;
    const unselected = options.labelSelector === undefined && options.fieldSelector === undefined;
    return {
      apiVersion: kind.apiVersion,
      kind: `${kind.gvk.kind}List`,
      metadata: {
        resourceVersion: String(revision),
        ...(more > 0 && last !== undefined
          ? { continue: makeContinue({ revision, key: last }) }
          : {}),
        ...(more > 0 && unselected ? { remainingItemCount: more } : {}),
      },
      items,
    };
  }

  /** @throws ApiError AlreadyExists, Invalid, Forbidden, NotFound (of the namespace), BadRequest */
  create(
    kind: Kind,
    namespace: string,
    object: Draft<KubeObject>,
    { user, options }: WriteScope,
  ): KubeObject {
    if (object.metadata.resourceVersion)
      throw internalError("resourceVersion should not be set on objects to be created");
    this.placeInNamespace(kind, namespace, object);
    const now = this.world.now();
    kind.setDefaults?.(object);
    fillCreateMeta(kind, object, { now, random: this.random });
    kind.prepareForCreate?.(object, { now });
    const key = keyOf(object as KubeObject);
    for (const plugin of this.world.admission)
      plugin.admit({ operation: "CREATE", kind, key, user, object }, this);
    reject(kind, object, validateCreate(kind, object as KubeObject));
    if (this.find(kind, key)) throw alreadyExistsError(resourceTarget(kind, key.name));
    return this.write(kind, object, 0, options);
  }

  /**
   * Changes an existing object and stores it unless nothing changed. An object that is being deleted
   * goes for good once the change releases it.
   * @throws ApiError NotFound, Conflict, Invalid, Forbidden
   */
  update(
    kind: Kind,
    key: ObjectKey,
    change: Change,
    { user, options, subresource }: WriteScope & { readonly subresource?: string },
  ): KubeObject {
    const old = this.get(kind, key);
    const object = change(old);
    this.checkExpectations(kind, object, old);
    if (subresource === undefined) this.prepareUpdate(kind, object, old);
    else keepServerMeta(object, old);
    for (const plugin of this.world.admission)
      plugin.admit(
        {
          operation: "UPDATE",
          kind,
          key,
          user,
          object,
          old,
          ...(subresource ? { subresource } : {}),
        },
        this,
      );
    object.metadata.resourceVersion = old.metadata.resourceVersion ?? "";
    reject(kind, object, validateUpdate(kind, object as KubeObject, old, subresource));
    if (isReleased(kind, object as KubeObject)) return this.remove(kind, old, options);
    if (dequal(object, old)) return old;
    return this.write(kind, object, Number(old.metadata.resourceVersion), options);
  }

  /** @throws ApiError NotFound, Conflict, Forbidden. @returns the object as it was left */
  delete(kind: Kind, key: ObjectKey, { user, options }: WriteScope): KubeObject {
    const old = this.get(kind, key);
    this.checkPreconditions(kind, old, options);
    for (const plugin of this.world.admission)
      plugin.admit({ operation: "DELETE", kind, key, user, old }, this);
    const step = deletionStep(kind, old, options, this.world.now());
    if (step.type === "unchanged") return old;
    if (step.type === "remove") return this.remove(kind, old, options);
    const object = draft(step.object);
    kind.prepareForDelete?.(object);
    return this.write(kind, object, Number(old.metadata.resourceVersion), options);
  }

  private prepareUpdate(kind: Kind, object: Draft<KubeObject>, old: KubeObject): void {
    kind.setDefaults?.(object);
    if (kind.subresources.includes("status")) {
      const { status } = old as { readonly status?: unknown };
      Object.assign(object, { status: draft(status) });
      if (status === undefined) Reflect.deleteProperty(object, "status");
    }
    kind.prepareForUpdate?.(object, old);
    keepServerMeta(object, old);
    raiseGeneration(kind, object, old);
  }

  private placeInNamespace(kind: Kind, namespace: string, { metadata }: Draft<KubeObject>): void {
    if (!kind.namespaced) {
      delete metadata.namespace;
      return;
    }
    metadata.namespace ??= namespace;
    if (metadata.namespace !== namespace)
      throw badRequestError(
        `the namespace of the provided object does not match the namespace sent on the request`,
      );
  }

  private checkExpectations(kind: Kind, { metadata }: Draft<KubeObject>, old: KubeObject): void {
    const target = resourceTarget(kind, old.metadata.name);
    if (metadata.name !== old.metadata.name)
      throw badRequestError(
        `the name of the object (${metadata.name}) does not match the name on the URL (${old.metadata.name})`,
      );
    if (metadata.uid && metadata.uid !== old.metadata.uid)
      throw conflictError(
        target,
        `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${old.metadata.uid}`,
      );
    if (metadata.resourceVersion && metadata.resourceVersion !== old.metadata.resourceVersion)
      throw conflictError(target);
  }

  private checkPreconditions(
    kind: Kind,
    { metadata }: KubeObject,
    { preconditions }: RequestOptions,
  ): void {
    const target = resourceTarget(kind, metadata.name);
    const { uid, resourceVersion } = preconditions ?? {};
    if (uid !== undefined && uid !== metadata.uid)
      throw conflictError(
        target,
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`,
      );
    if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
      throw conflictError(
        target,
        `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${metadata.resourceVersion}`,
      );
  }

  /** The value carries the revision that this very write makes, so that reads need not add it. */
  private write(
    kind: Kind,
    object: Draft<KubeObject>,
    expected: number,
    { dryRun }: RequestOptions,
  ): KubeObject {
    const key = storageKey(kind, keyOf(object as KubeObject));
    if (dryRun) {
      if (expected === 0) delete object.metadata.resourceVersion;
      return object as KubeObject;
    }
    object.metadata.resourceVersion = String(this.store.revision + 1);
    const stored = freeze(object) as KubeObject;
    this.store.put(key, stored, expected);
    return stored;
  }

  private remove(kind: Kind, object: KubeObject, { dryRun }: RequestOptions): KubeObject {
    if (!dryRun) this.store.delete(storageKey(kind, keyOf(object)));
    return object;
  }
}

/** Errors name the plural resource, but Invalid names the kind. */
export function resourceTarget(kind: Kind, name: string): ErrorTarget {
  return { group: kind.gvk.group, kind: kind.plural, name };
}

function reject(
  kind: Kind,
  { metadata }: Draft<KubeObject>,
  errors: ReturnType<typeof validateCreate>,
): void {
  if (errors.length === 0) return;
  const name = metadata.name || metadata.generateName || "";
  throw invalidError({ group: kind.gvk.group, kind: kind.gvk.kind, name }, errors);
}

const tooOldContinue =
  "The provided continue parameter is too old to display a consistent list result.";

interface Continue {
  readonly revision: number;
  readonly key: string;
}

function makeContinue({ revision, key }: Continue): string {
  return `${revision}:${key}`;
}

function parseContinue(token: string): Continue {
  const [revision, key] = [
    Number(token.slice(0, token.indexOf(":"))),
    token.slice(token.indexOf(":") + 1),
  ];
  if (!Number.isSafeInteger(revision) || revision < 1)
    throw badRequestError("continue key is not valid: illegal base64 data at input byte 0");
  return { revision, key };
}

/** A list at a revision means "not older than": the newest serves, unless it is still to come. */
function checkNotFuture(text: string | undefined, newest: number): void {
  if (text === undefined || text === "") return;
  const revision = Number(text);
  if (!Number.isSafeInteger(revision) || revision < 0)
    throw badRequestError(
      `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  if (revision > newest)
    throw timeoutError(`Too large resource version: ${revision}, current: ${newest}`);
}
