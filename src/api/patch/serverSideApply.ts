// Field management: what each write, and above all an apply, makes of metadata.managedFields.
// Source: apimachinery pkg/util/managedfields/internal, kubernetes 1.34; the order of its layers is kept.
import { badRequestError, unknownError } from "../status.ts";
import type { ManagedFieldsEntry } from "../types.ts";
import { capManagers } from "./managedFields/capManagers.ts";
import { applyConflictError, ConflictError } from "./managedFields/conflict.ts";
import { kubectlManager, lastAppliedFields, withLastApplied } from "./managedFields/lastApplied.ts";
import {
  decodeManagers,
  encodeManagers,
  type Managers,
  managerKey,
  noManagers,
} from "./managedFields/managers.ts";
import { isMap, type Json } from "./managedFields/typedValue.ts";
import {
  type Applied,
  applyConfig,
  updateManagers,
  type Versions,
} from "./managedFields/updater.ts";
import { typeProblem } from "./managedFields/validateTyped.ts";

/** What field management knows of a resource, or of one of its subresources. */
export interface FieldRules extends Versions {
  readonly kind: string;
  readonly subresource?: string;
  /** An object of the kind that nobody has said anything of yet. */
  readonly emptyObject: Json;
}

/** Who writes and when. */
export interface FieldWriter {
  /** The field manager; "" is nobody known. */
  readonly manager: string;
  /** RFC 3339. */
  readonly time: string;
}

type Entries = readonly ManagedFieldsEntry[] | undefined;

const beforeFirstApply = "before-first-apply";

/**
 * The managed fields of `object`, which replaces `live` by a create, an update or a patch that is no apply.
 * @param live undefined if the object is new
 * @returns undefined if nobody manages anything
 */
export function managedFieldsAfterUpdate(
  rules: FieldRules,
  live: Json | undefined,
  object: Json,
  writer: FieldWriter,
): Entries {
  const managers = managersForUpdate(rules, live, object);
  // Objects whose managed fields somebody cleared are not tracked until they are applied.
  if (managers.size === 0 && live !== undefined) return undefined;
  return encodeManagers(
    capManagers(
      updateManagers(
        rules,
        withoutManagedFields(live ?? rules.emptyObject),
        withoutManagedFields(object),
        managers,
        self(rules, writer, "Update"),
      ),
    ),
  );
}

export interface ApplyOutcome {
  /** The merged object: nulls where something was emptied, no managed fields, not yet defaulted. */
  readonly object: Json;
  readonly managedFields: Entries;
}

/**
 * Merges an applied configuration into the live object.
 * @param live undefined if the object is new
 * @throws ApiError BadRequest for another kind or managed fields in the configuration, Conflict with a
 *   cause for each field that others manage, InternalError-like 500 for values of a wrong type
 */
export function applyConfiguration(
  rules: FieldRules,
  live: Json | undefined,
  config: Json,
  writer: FieldWriter & { readonly force: boolean },
): ApplyOutcome {
  checkConfiguration(rules, config);
  const present = withoutManagedFields(live ?? rules.emptyObject);
  const owned = managersBeforeApply(rules, live, present, writer);
  const { object, managers } = applyOver(rules, present, config, owned, writer);
  const result = object ?? present;
  return {
    object: writer.manager === kubectlManager ? withLastApplied(result, config) : result,
    managedFields: encodeManagers(managers),
  };
}

function checkConfiguration(rules: FieldRules, config: Json): void {
  if (config.apiVersion !== rules.apiVersion || config.kind !== rules.kind)
    throw badRequestError(`invalid object type: ${kindText(config)}`);
  const { metadata } = config;
  if (isMap(metadata) && Array.isArray(metadata.managedFields))
    throw badRequestError("metadata.managedFields must be nil");
  const type = rules.typeOf(rules.apiVersion);
  const problem = type && typeProblem(type, config, { allowsDuplicates: false });
  if (problem !== undefined)
    throw unknownError(`failed to create typed patch object (${objectText(config)}): ${problem}`);
}

/** An object that was never applied is managed by those before, if nobody knows by whom. */
function managersBeforeApply(
  rules: FieldRules,
  live: Json | undefined,
  present: Json,
  writer: FieldWriter,
): Managers {
  const managers = decodeManagers(managedFieldsOf(live));
  if (!managers) throw unknownError("failed to decode managed fields");
  if (managers.size > 0) return managers;
  const before = self(rules, { ...writer, manager: beforeFirstApply }, "Update");
  return updateManagers(rules, rules.emptyObject, present, noManagers, before);
}

function applyOver(
  rules: FieldRules,
  live: Json,
  config: Json,
  owned: Managers,
  writer: FieldWriter & { readonly force: boolean },
): Applied {
  const { time, ...who } = self(rules, writer, "Apply");
  const { key } = who;
  const before = owned.get(key)?.time;
  const apply = (force: boolean): Applied =>
    applyConfig(rules, live, config, owned, {
      self: { ...who, ...(before === undefined ? {} : { time: before }) },
      force,
    });
  const { object, managers } = forcedWhereAllowed(apply, () => {
    if (writer.manager !== kubectlManager) return undefined;
    const type = rules.typeOf(rules.apiVersion);
    return type && lastAppliedFields(live, rules.apiVersion, type);
  })(writer.force);
  const manager = managers.get(key);
  if (!object || !manager) return { managers, ...(object ? { object } : {}) };
  return { object, managers: new Map(managers).set(key, { ...manager, time }) };
}

/** Conflicts about fields that the client-side apply still describes are overruled. */
function forcedWhereAllowed(
  apply: (force: boolean) => Applied,
  allowedFields: () => ReturnType<typeof lastAppliedFields>,
): (force: boolean) => Applied {
  return (force) => {
    try {
      return apply(force);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      const allowed = allowedFields();
      const others = error.conflicts.filter(({ path }) => !allowed?.has(path));
      if (others.length > 0) throw applyConflictError(others);
      return apply(true);
    }
  };
}

/** Managed fields that come with the object count, unless they are none or make no sense. */
function managersForUpdate(rules: FieldRules, live: Json | undefined, object: Json): Managers {
  const fromLive = (): Managers => decodeManagers(managedFieldsOf(live)) ?? noManagers;
  if (rules.subresource !== undefined) return fromLive();
  const entries = managedFieldsOf(object);
  if (entries === managedFieldsOf(live)) return fromLive();
  if (isReset(entries)) return noManagers;
  const managers = decodeManagers(entries);
  return managers && managers.size > 0 ? managers : fromLive();
}

/** `[]` and `[{}]` ask for a fresh start. */
function isReset(entries: unknown): boolean {
  if (!Array.isArray(entries)) return false;
  const [first] = entries;
  return entries.length === 0 || (entries.length === 1 && isMap(first) && isEmpty(first));
}

function self(
  { apiVersion, subresource }: FieldRules,
  { manager, time }: FieldWriter,
  operation: "Apply" | "Update",
) {
  const identity = {
    name: manager === "" ? "unknown" : manager,
    operation,
    apiVersion,
    ...(subresource === undefined ? {} : { subresource }),
  };
  return { key: managerKey(identity), ...identity, time };
}

function managedFieldsOf(object: Json | undefined): unknown {
  return isMap(object?.metadata) ? object.metadata.managedFields : undefined;
}

function withoutManagedFields(object: Json): Json {
  if (!isMap(object.metadata) || !("managedFields" in object.metadata)) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** "default/web; apps/v1, Kind=Deployment". */
export function objectText(object: Json): string {
  const { name = "", namespace = "" } = isMap(object.metadata) ? object.metadata : {};
  return `${namespace}/${name}; ${kindText(object)}`;
}

/** A GroupVersionKind as Go prints it: "apps/v1, Kind=Deployment", "/v1, Kind=Pod". */
export function kindText({
  apiVersion,
  kind,
}: {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
}): string {
  const version = typeof apiVersion === "string" ? apiVersion : "";
  return `${version.includes("/") ? version : `/${version}`}, Kind=${typeof kind === "string" ? kind : ""}`;
}

function isEmpty(map: Json): boolean {
  return Object.keys(map).length === 0;
}
