// The write path: default, admit, prepare, validate, store. And the reads beside it.
// Source of the order: apiserver pkg/endpoints/handlers and pkg/registry/generic/registry, 1.34.
import { invalid } from "../../api/fieldError.ts";
import { FieldPath } from "../../api/fieldPath.ts";
import type { Kind, Subresource, WriteContext } from "../../api/kind.ts";
import { type KubeObject, keyOf, type ObjectKey } from "../../api/object.ts";
import { withoutZeros } from "../../api/openapi/withoutZeros.ts";
import type { ObjectList, RequestOptions } from "../../api/request.ts";
import {
  alreadyExistsError,
  badRequestError,
  conflictError,
  type ErrorTarget,
  internalError,
  invalidError,
  notFoundError,
  unknownError,
} from "../../api/status.ts";
import { type UserInfo, userNamed } from "../../api/user.ts";
import { type Draft, draft, freeze } from "../../base/draft.ts";
import type { Random } from "../../base/random.ts";
import type { Instant } from "../../base/time.ts";
import type { Store } from "../store/store.ts";
import type { AdmissionContext, AdmissionPlugin, AdmissionRequest } from "./admission/admission.ts";
import type { WebhookDialogue } from "./admission/webhooks/webhookDialogue.ts";
import { confirmConsistentRead } from "./consistentRead.ts";
import { deletionStep, isReleased } from "./deletion.ts";
import { ttlSecondsOf } from "./eventTtl.ts";
import type { FieldManagement, FieldTarget } from "./fieldManagement.ts";
import { LeaseManager } from "./leaseManager.ts";
import { listPage } from "./listPage.ts";
import { isSameButForTimes } from "./managedTimes.ts";
import {
  dropEmptyMeta,
  fillCreateMeta,
  generateName,
  keepServerMeta,
  raiseGeneration,
} from "./objectMeta.ts";
import { dropTwinOwners } from "./ownerReferences.ts";
import { storageKey, storagePrefix } from "./storageKeys.ts";
import { storedValue } from "./storedValue.ts";
import { validateCreate, validateUpdate } from "./validate.ts";

export interface RegistryWorld {
  readonly store: Store;
  readonly random: Random;
  readonly admission: readonly AdmissionPlugin[];
  readonly fields: FieldManagement;
  /** While a request is tried that webhooks hear of: what it draws from. */
  dialogue(): WebhookDialogue | undefined;
  now(): Instant;
}

/** Who writes, and how. */
export interface WriteScope {
  readonly user: UserInfo;
  readonly options: RequestOptions;
  /** Texts of Warning headers; what is said here is added. */
  readonly warnings: string[];
  /** Whom changed fields are put down to; absent if nobody is, or if the object says so itself already. */
  readonly manager?: string;
  /** What webhooks said so far; absent for the components' own requests. */
  readonly webhooks?: WebhookDialogue;
  /** What the request is about was admitted as something else: a Pod changes for its Binding. */
  readonly isAdmitted?: true;
}

/** A request that makes something at a subresource of an object: an eviction, a token, a connection. */
export interface SubresourceRequest {
  readonly operation: "CREATE" | "CONNECT";
  readonly kind: Kind;
  readonly key: ObjectKey;
  readonly subresource: string;
  /** What is made there. */
  readonly objectKind: Kind;
  readonly object: Draft<KubeObject>;
}

/** The subresource is absent for updates of the object itself. */
export interface UpdateScope extends WriteScope {
  readonly subresource?: Subresource;
  /** A patch names no uid that must be met; a wrong one is an invalid change. */
  readonly isPatch?: boolean;
  /** What admission gets to see, where that is not the object itself. */
  readonly face?: AdmittedFace;
}

/** A subresource that speaks of an object in objects of another kind. */
export interface AdmittedFace {
  readonly subresource: Subresource;
  readonly kind: Kind;
  of(object: KubeObject): KubeObject;
  /** The object with what its face says. */
  apply(object: Draft<KubeObject>, face: Draft<KubeObject>): Draft<KubeObject>;
}

/** What makes the new state from the present one; runs again after a conflict is ruled out. */
export type Change = (old: KubeObject) => Draft<KubeObject>;

/** Names are drawn again if they are taken. Source: RetryGenerateName, maxNameGenerationCreateAttempts. */
const nameAttempts = 8;

export class Registry implements AdmissionContext {
  private readonly ownRandom: Random;
  private readonly store: Store;
  private readonly leases: LeaseManager;

  constructor(private readonly world: RegistryWorld) {
    this.ownRandom = world.random.fork("registry");
    this.store = world.store;
    this.leases = new LeaseManager(world.store, () => world.now());
  }

  get random(): Random {
    return this.world.dialogue()?.random ?? this.ownRandom;
  }

  readonly find = <T extends KubeObject>(kind: Kind<T>, key: ObjectKey): T | undefined => {
    const entry = this.store.get<KubeObject>(storageKey(kind, key));
    return entry && (storedValue(kind, entry.value) as T);
  };

  readonly list = <T extends KubeObject>(kind: Kind<T>, namespace = ""): readonly T[] =>
    this.store
      .range<KubeObject>(storagePrefix(kind, namespace))
      .entries.map(({ value }) => storedValue(kind, value) as T);

  readonly now = (): Instant => this.world.now();

  readonly writeStatus = <T extends KubeObject>(
    kind: Kind<T>,
    key: ObjectKey,
    status: object,
  ): void => {
    const change: Change = (old) => ({ ...draft(old), status }) as Draft<KubeObject>;
    const user = userNamed("system:apiserver");
    const scope: UpdateScope = { user, options: {}, warnings: [], subresource: "status" };
    this.update(kind as unknown as Kind, key, change, scope);
  };

  /** @throws ApiError NotFound */
  get(kind: Kind, key: ObjectKey): KubeObject {
    const found = this.find(kind, key);
    if (!found) throw notFoundError(resourceTarget(kind, key.name));
    return found;
  }

  /** One page of objects, in the order of their keys. @throws ApiError */
  page(kind: Kind, namespace: string, options: RequestOptions): ObjectList {
    return listPage(this.store, kind, namespace, options);
  }

  /** @throws ApiError AlreadyExists, Invalid, Forbidden, NotFound (of the namespace), BadRequest */
  create(kind: Kind, namespace: string, object: Draft<KubeObject>, scope: WriteScope): KubeObject {
    if (object.metadata.resourceVersion)
      throw internalError("resourceVersion should not be set on objects to be created");
    placeInNamespace(kind, namespace, object);
    kind.setDefaults?.(object);
    dropTwinOwners(object, scope.warnings, "request");
    this.trackFields({ kind }, undefined, object, scope);
    const request = {
      operation: "CREATE",
      kind,
      key: keyOf(object as KubeObject),
      object,
    } as const;
    this.admit({ ...request, ...scope });
    dropTwinOwners(object, scope.warnings, "admission");
    const now = this.world.now();
    fillCreateMeta(kind, object, { now, random: this.random });
    dropEmptyMeta(object);
    this.nameIt(kind, object);
    kind.prepareForCreate?.(object, this.writeContext(scope));
    reject(kind, object, validateCreate(kind, object as KubeObject));
    const key = keyOf(object as KubeObject);
    scope.warnings.push(...(kind.warningsOnCreate?.(object as KubeObject) ?? []));
    this.validate({ ...request, key, ...scope });
    if (this.find(kind, key)) throw alreadyExistsError(resourceTarget(kind, key.name));
    return this.write(kind, asKept(kind, object), 0, scope.options);
  }

  /**
   * Changes an existing object and stores it unless nothing changed. An object that is being deleted
   * goes for good once the change releases it.
   * @throws ApiError NotFound, Conflict, Invalid, Forbidden
   */
  update(kind: Kind, key: ObjectKey, change: Change, scope: UpdateScope): KubeObject {
    const { subresource, options } = scope;
    const old = this.get(kind, key);
    let object = change(old);
    // What is read as an object of the kind has its defaults, whatever part of it counts.
    if (subresource !== "binding") kind.setDefaults?.(object);
    if (!scope.isPatch) dropTwinOwners(object, scope.warnings, "request");
    this.trackFields({ kind, subresource }, old, object, scope);
    const request = {
      operation: "UPDATE",
      kind,
      key,
      ...scope,
      ...seen(object, old, scope),
    } as const;
    this.admit(request);
    if (scope.face) object = scope.face.apply(object, request.object);
    dropTwinOwners(object, scope.warnings, "admission");
    this.checkExpectations(kind, object, old, scope);
    this.prepareUpdate(kind, object, old, scope);
    dropEmptyMeta(object);
    object.metadata.resourceVersion = old.metadata.resourceVersion ?? "";
    reject(kind, object, validateUpdate(kind, object as KubeObject, old, subresource));
    if (subresource === undefined)
      scope.warnings.push(...(kind.warningsOnUpdate?.(object as KubeObject, old) ?? []));
    this.validate(request);
    const kept = asKept(kind, object);
    if (isReleased(kind, object as KubeObject)) {
      this.remove(kind, old, options);
      // Whoever released it sees what they asked for.
      return freeze(kept) as KubeObject;
    }
    if (isSameButForTimes(kept as KubeObject, old)) {
      // That nothing changes is true of the newest state only.
      confirmConsistentRead(this.store, "get", {});
      return old;
    }
    return this.write(kind, kept, Number(old.metadata.resourceVersion), options);
  }

  /**
   * Deletes an object, or marks it if something holds it.
   * @returns the object as it was left
   * @throws ApiError NotFound, Conflict, Forbidden
   */
  delete(
    kind: Kind,
    key: ObjectKey,
    scope: WriteScope,
  ): { readonly object: KubeObject; readonly gone: boolean } {
    const { options } = scope;
    const old = this.get(kind, key);
    this.admitDeletion(kind, old, scope);
    checkPreconditions(kind, old, options);
    const step = deletionStep(kind, old, options, this.world.now());
    if (step.type === "unchanged") return { object: old, gone: false };
    if (step.type === "remove") return { object: this.remove(kind, old, options), gone: true };
    const object = draft(step.object);
    kind.prepareForDelete?.(object);
    const expected = Number(old.metadata.resourceVersion);
    return { object: this.write(kind, object, expected, options), gone: false };
  }

  /**
   * Admission of what is made at a subresource of an object.
   * @throws ApiError Forbidden
   */
  admitSubresource(made: SubresourceRequest, scope: WriteScope): void {
    const request = { ...made, ...scope };
    this.admit(request);
    this.validate(request);
  }

  /** Admission of the deletion of an object, alone. @throws ApiError Forbidden, CallsNeeded */
  admitDeletion(kind: Kind, old: KubeObject, scope: WriteScope): void {
    const request = { operation: "DELETE", kind, key: keyOf(old), old, ...scope } as const;
    this.admit(request);
    this.validate(request);
  }

  private writeContext({ user, warnings }: WriteScope): WriteContext {
    return {
      now: this.world.now(),
      user,
      newUid: () => this.random.uuid(),
      warn: (warning) => warnings.push(warning),
    };
  }

  private admit(request: AdmissionRequest): void {
    const admission = this.pluginsFor(request);
    const said = admission.map((plugin) => plugin.admit?.(request, this));
    if (!said.includes("again")) return;
    for (const plugin of admission) plugin.admit?.({ ...request, isRepeated: true }, this);
  }

  private validate(request: AdmissionRequest): void {
    for (const plugin of this.pluginsFor(request)) plugin.validate?.(request, this);
  }

  private pluginsFor({ operation, isAdmitted }: AdmissionRequest): readonly AdmissionPlugin[] {
    const { admission } = this.world;
    if (isAdmitted) return [];
    return operation === "CONNECT"
      ? admission.filter((plugin) => plugin.seesConnections)
      : admission;
  }

  /** Draws a name if one is to be generated; the last draw stands, taken or not. */
  private nameIt(kind: Kind, object: Draft<KubeObject>): void {
    if (object.metadata.name || !object.metadata.generateName) return;
    for (let attempt = 0; attempt < nameAttempts; attempt++) {
      object.metadata.name = generateName(object.metadata.generateName, this.random);
      if (!this.find(kind, keyOf(object as KubeObject))) return;
    }
  }

  private prepareUpdate(
    kind: Kind,
    object: Draft<KubeObject>,
    old: KubeObject,
    scope: UpdateScope,
  ): void {
    const { subresource } = scope;
    const context = this.writeContext(scope);
    if (subresource !== undefined) {
      kind.prepareForSubresource?.(subresource, object, old, context);
      keepServerMeta(object, old);
      if (subresource === "resize" || subresource === "ephemeralcontainers")
        raiseGeneration(kind, object, old);
      return;
    }
    if (kind.subresources.includes("status")) {
      const { status } = old as { readonly status?: unknown };
      Object.assign(object, { status: draft(status) });
      if (status === undefined) Reflect.deleteProperty(object, "status");
    }
    kind.prepareForUpdate?.(object, old, context);
    keepServerMeta(object, old);
    raiseGeneration(kind, object, old);
  }

  private trackFields(
    target: FieldTarget,
    old: KubeObject | undefined,
    object: Draft<KubeObject>,
    { manager }: WriteScope,
  ): void {
    if (manager !== undefined) this.world.fields.track(target, old, object, manager);
  }

  private checkExpectations(
    kind: Kind,
    { metadata }: Draft<KubeObject>,
    old: KubeObject,
    { isPatch = false }: UpdateScope,
  ): void {
    const target = resourceTarget(kind, old.metadata.name);
    if (!isPatch && metadata.uid && metadata.uid !== old.metadata.uid) {
      const prefix = `StorageError: invalid object, Code: 4, Key: ${storageKey(kind, keyOf(old))}, ResourceVersion: 0, AdditionalErrorMsg: `;
      const uids = `UID in precondition: ${metadata.uid}, UID in object meta: ${old.metadata.uid}`;
      throw conflictError(target, `${prefix}Precondition failed: ${uids}`);
    }
    if (metadata.resourceVersion && !/^\d+$/.test(metadata.resourceVersion)) {
      const quoted = JSON.stringify(metadata.resourceVersion);
      throw unknownError(`strconv.ParseUint: parsing ${quoted}: invalid syntax`);
    }
    if (!metadata.resourceVersion && kind.allowsUnconditionalUpdate === false)
      throw invalidError(target, [
        invalid(FieldPath.of("metadata", "resourceVersion"), 0, "must be specified for an update"),
      ]);
    if (metadata.resourceVersion && metadata.resourceVersion !== old.metadata.resourceVersion)
      throw conflictError(target);
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
    const written = freeze(object) as KubeObject;
    const ttl = ttlSecondsOf(kind);
    const lease = ttl === undefined ? undefined : this.leases.leaseFor(ttl);
    this.store.put(key, freeze(kind.storedAs?.toStored(written) ?? written), { expected, lease });
    return written;
  }

  private remove(kind: Kind, object: KubeObject, { dryRun }: RequestOptions): KubeObject {
    if (!dryRun) this.store.delete(storageKey(kind, keyOf(object)));
    return object;
  }
}

/** Lists and maps without entries are there while an object is checked, and gone once it is kept. */
function asKept(kind: Kind, object: Draft<KubeObject>): Draft<KubeObject> {
  return withoutZeros(object, kind.apiVersion, kind.gvk.kind);
}

/** What admission sees of an update. */
function seen(
  object: Draft<KubeObject>,
  old: KubeObject,
  { face }: UpdateScope,
): Pick<AdmissionRequest, "old" | "subresource" | "objectKind"> & {
  readonly object: Draft<KubeObject>;
} {
  if (!face) return { object, old };
  const { subresource, kind: objectKind } = face;
  const present = draft(face.of(object as KubeObject));
  return { object: present, old: face.of(old), subresource, objectKind };
}

/** Errors name the plural resource, but Invalid names the kind. */
export function resourceTarget(kind: Kind, name: string): ErrorTarget {
  return { group: kind.gvk.group, kind: kind.plural, name };
}

/**
 * Puts an object where its request says. @throws ApiError BadRequest if it says something else
 * Source: apiserver pkg/registry/rest/meta.go EnsureObjectNamespaceMatchesRequestNamespace, 1.34.
 */
export function placeInNamespace(
  kind: Kind,
  namespace: string,
  { metadata }: Draft<KubeObject>,
): void {
  if (!kind.namespaced) {
    delete metadata.namespace;
    return;
  }
  metadata.namespace ||= namespace;
  if (metadata.namespace !== namespace)
    throw badRequestError(
      "the namespace of the provided object does not match the namespace sent on the request",
    );
}

/** Source: apiserver pkg/registry/rest/delete.go BeforeDelete, 1.34. */
function checkPreconditions(
  kind: Kind,
  { metadata }: KubeObject,
  { preconditions }: RequestOptions,
): void {
  const target = { group: kind.gvk.group, kind: kind.gvk.kind, name: metadata.name };
  const { uid, resourceVersion } = preconditions ?? {};
  if (uid !== undefined && uid !== metadata.uid)
    throw conflictError(
      target,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
    throw conflictError(
      target,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
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
