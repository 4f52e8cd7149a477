// Who manages what after a write, and what an apply makes of an object.
// Source: structured-merge-diff v6 merge/update.go.
import { dequal } from "dequal";
import { withoutBookkeeping } from "./bookkeeping.ts";
import { type Comparison, compareTyped } from "./compareTyped.ts";
import { ConflictError, conflictsOf } from "./conflict.ts";
import type { FieldFilter } from "./fieldFilter.ts";
import { FieldSet } from "./fieldSet.ts";
import { reconcileFieldSet, withStructFields } from "./fieldSetType.ts";
import type { FieldType } from "./fieldType.ts";
import type { Manager, Managers } from "./managers.ts";
import { mergeTyped } from "./mergeTyped.ts";
import { removeFields } from "./removeFields.ts";
import { toFieldSet } from "./toFieldSet.ts";
import type { Json } from "./typedValue.ts";

/** The present state, or the state to come, in one of the versions of its kind. */
export interface Versions {
  /** The version that requests come in. */
  readonly apiVersion: string;
  /** The type of objects in a version; undefined for versions that are gone. */
  typeOf(apiVersion: string): FieldType | undefined;
  /** `object`, given in `from`, in another version. */
  convert(object: Json, from: string, to: string): Json;
  /** Fields that the server resets in each write. */
  readonly resets: FieldFilter;
}

/**
 * Who manages what once `live` was replaced by `object`. Whoever changes a field takes it from the others;
 * what is gone is nobody's. An entry's time changes only if its manager gained something.
 */
export function updateManagers(
  versions: Versions,
  live: Json,
  object: Json,
  managers: Managers,
  self: Omit<Manager, "fields"> & { readonly time: string },
): Managers {
  const present = reconciled(versions, managers);
  const { key } = self;
  const { left, comparison } = takenFrom(versions, live, object, present, {
    self: key,
    force: true,
  });
  const gained = withoutBookkeeping(
    versions.resets.filter(comparison.modified.union(comparison.added)),
  );
  const own = left.get(key)?.fields.difference(comparison.removed) ?? FieldSet.empty;
  if (gained.isEmpty) return withManager(left, key, own);
  const fields = own.union(gained);
  markReconciled(fields, versions.typeOf(versions.apiVersion));
  return new Map(left).set(key, { ...self, fields });
}

export interface Applied {
  /** Absent if the apply changes nothing of the object. */
  readonly object?: Json;
  readonly managers: Managers;
}

/**
 * Lays `config` over `live`; what the manager applied before and doesn't now, and nobody else manages, goes.
 * @throws ConflictError if others manage what would change, unless forced
 */
export function applyConfig(
  versions: Versions,
  live: Json,
  config: Json,
  owned: Managers,
  { self, force }: { readonly self: Omit<Manager, "fields">; readonly force: boolean },
): Applied {
  const type = requiredType(versions, versions.apiVersion);
  const { key } = self;
  const present = reconciled(versions, owned);
  const last = present.get(key);
  const merged = mergeTyped(type, live, config) as Json;
  const fields = versions.resets.filter(toFieldSet(type, config));
  const claimed = new Map(present).set(key, { ...self, fields });
  const object = last && !last.fields.isEmpty ? prune(versions, merged, claimed, last) : merged;
  const { left } = takenFrom(versions, live, object, claimed, { self: key, force });
  const managers = withManager(left, key, withoutBookkeeping(fields));
  return { managers, ...(dequal(live, object) ? {} : { object }) };
}

/** What the others lose of their fields by a change from `live` to `object`; `self` keeps its own. */
function takenFrom(
  versions: Versions,
  live: Json,
  object: Json,
  managers: Managers,
  { self, force }: { readonly self: string; readonly force: boolean },
): { readonly left: Managers; readonly comparison: Comparison } {
  const { compare } = new VersionedComparison(versions, live, object);
  const comparison = compare(versions.apiVersion) as Comparison;
  const left = new Map<string, Manager>();
  const lost = new Map<string, { manager: Manager; fields: FieldSet }>();
  for (const [key, manager] of managers) {
    if (key === self) {
      if (!manager.fields.isEmpty) left.set(key, manager);
      continue;
    }
    const changes = compare(manager.apiVersion);
    // Versions that are gone take their managers along.
    if (!changes) continue;
    const changed = changes.modified.union(changes.added);
    const conflicting = manager.fields.intersection(changed);
    if (!conflicting.isEmpty) lost.set(key, { manager, fields: conflicting });
    const fields = manager.fields.difference(conflicting).difference(changes.removed);
    if (fields === manager.fields) left.set(key, manager);
    else if (!fields.isEmpty) left.set(key, { ...manager, fields });
  }
  if (!force && lost.size > 0) throw new ConflictError(conflictsOf(lost));
  return { left, comparison };
}

class VersionedComparison {
  private readonly known = new Map<string, Comparison | undefined>();

  constructor(
    private readonly versions: Versions,
    private readonly live: Json,
    private readonly object: Json,
  ) {}

  /** In a version, without what the server resets; undefined if the version is gone. */
  readonly compare = (apiVersion: string): Comparison | undefined => {
    if (this.known.has(apiVersion)) return this.known.get(apiVersion);
    const made = this.make(apiVersion);
    this.known.set(apiVersion, made);
    return made;
  };

  private make(apiVersion: string): Comparison | undefined {
    const type = this.versions.typeOf(apiVersion);
    if (!type) return undefined;
    const inVersion = (object: Json): Json =>
      withoutFields(
        apiVersion === this.versions.apiVersion
          ? object
          : this.versions.convert(object, this.versions.apiVersion, apiVersion),
        this.versions.resets.ignored,
      );
    const { removed, modified, added } = compareTyped(
      type,
      inVersion(this.live),
      inVersion(this.object),
    );
    const { resets } = this.versions;
    return {
      removed: resets.filter(removed),
      modified: resets.filter(modified),
      added: resets.filter(added),
    };
  }
}

/** Removes what the manager applied last and nobody claims now. */
function prune(versions: Versions, merged: Json, claimed: Managers, last: Manager): Json {
  const type = versions.typeOf(last.apiVersion);
  if (!type) return merged;
  const there = inVersion(versions, merged, versions.apiVersion, last.apiVersion);
  const lastFields = withStructFields(last.fields, type);
  const bare = removeFields(type, there, lastFields) as Json;
  const kept = addBackClaimed(
    versions,
    { merged: there, pruned: bare, apiVersion: last.apiVersion },
    claimed,
  );
  // Items that nobody owns, and that the manager did not own either, stay.
  const [mergedFields, keptFields] = [there, kept].map((object) =>
    withStructFields(toFieldSet(type, object), type),
  ) as [FieldSet, FieldSet];
  const gone = mergedFields.difference(keptFields).intersection(lastFields);
  const pruned = removeFields(type, there, gone) as Json;
  return inVersion(versions, pruned, last.apiVersion, versions.apiVersion);
}

interface Pruning {
  readonly merged: Json;
  readonly pruned: Json;
  /** The version of the two. */
  readonly apiVersion: string;
}

/** What others, or the new configuration, claim of what was removed comes back. */
function addBackClaimed(versions: Versions, pruning: Pruning, claimed: Managers): Json {
  const byVersion = new Map<string, FieldSet>();
  for (const { apiVersion, fields } of claimed.values())
    byVersion.set(apiVersion, (byVersion.get(apiVersion) ?? FieldSet.empty).union(fields));
  const { apiVersion: home } = pruning;
  const order = [home, ...[...byVersion.keys()].filter((version) => version !== home)];
  let { pruned } = pruning;
  for (const version of order) {
    const type = versions.typeOf(version);
    const fields = byVersion.get(version);
    if (!type || !fields) continue;
    const merged = inVersion(versions, pruning.merged, home, version);
    const mergedFields = withStructFields(toFieldSet(type, merged), type);
    const there = inVersion(versions, pruned, home, version);
    const kept = withStructFields(toFieldSet(type, there), type).union(
      withStructFields(fields, type),
    );
    pruned = inVersion(
      versions,
      removeFields(type, merged, mergedFields.difference(kept)) as Json,
      version,
      home,
    );
  }
  return pruned;
}

function reconciled(versions: Versions, managers: Managers): Managers {
  const result = new Map<string, Manager>();
  for (const [key, manager] of managers) {
    const type = versions.typeOf(manager.apiVersion);
    if (!type) continue;
    const fields = reconciledFields(manager.fields, type);
    result.set(key, fields === manager.fields ? manager : { ...manager, fields });
  }
  return result;
}

/** The type under which a set was found or made up to date last. */
const upToDate = new WeakMap<FieldSet, FieldType>();

/** A set is looked through once. */
function reconciledFields(fields: FieldSet, type: FieldType): FieldSet {
  if (upToDate.get(fields) === type) return fields;
  const made = reconcileFieldSet(fields, type);
  upToDate.set(made, type);
  return made;
}

/** What a comparison finds is up to date. */
function markReconciled(fields: FieldSet, type: FieldType | undefined): void {
  if (type) upToDate.set(fields, type);
}

function withManager(managers: Managers, key: string, fields: FieldSet): Managers {
  const result = new Map(managers);
  const manager = managers.get(key);
  if (!manager) return managers;
  if (fields.isEmpty) result.delete(key);
  else result.set(key, fields === manager.fields ? manager : { ...manager, fields });
  return result;
}

function withoutFields(object: Json, names: readonly string[]): Json {
  if (!names.some((name) => name in object)) return object;
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

function inVersion(versions: Versions, object: Json, from: string, to: string): Json {
  return from === to ? object : versions.convert(object, from, to);
}

function requiredType(versions: Versions, apiVersion: string): FieldType {
  const type = versions.typeOf(apiVersion);
  if (!type) throw new Error(`no type of version ${apiVersion}`);
  return type;
}
