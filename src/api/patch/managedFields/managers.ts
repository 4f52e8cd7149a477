// Who manages which fields of an object, as it is kept in metadata.managedFields.
// Source: apimachinery pkg/util/managedfields/internal/managedfields.go, 1.34.
import { freeze } from "../../../base/draft.ts";
import { InternTable } from "../../../base/internTable.ts";
import type { ManagedFieldsEntry } from "../../types.ts";
import { FieldSet } from "./fieldSet.ts";

/** One manager: of applied fields there is one entry whatever the version, of updates one a version. */
export interface Manager {
  /** As `managerKey` says. */
  readonly key: string;
  readonly name: string;
  readonly operation: "Apply" | "Update";
  /** The version that `fields` is written in. */
  readonly apiVersion: string;
  readonly subresource?: string;
  readonly fields: FieldSet;
  /** RFC 3339 in UTC, to the second, so that texts sort as times do; absent if the manager never changed the object. */
  readonly time?: string;
}

/** By `managerKey`. */
export type Managers = ReadonlyMap<string, Manager>;

export const noManagers: Managers = new Map();

/** Tells managers apart; texts sort as the server's identifiers do. */
export function managerKey({
  name,
  operation,
  apiVersion,
  subresource,
}: Pick<Manager, "name" | "operation" | "apiVersion" | "subresource">): string {
  const parts = [
    ...(name === "" ? [] : [`"manager":${JSON.stringify(name)}`]),
    `"operation":"${operation}"`,
    ...(operation === "Apply" ? [] : [`"apiVersion":${JSON.stringify(apiVersion)}`]),
    ...(subresource ? [`"subresource":${JSON.stringify(subresource)}`] : []),
  ];
  return `{${parts.join(",")}}`;
}

/** @returns undefined if an entry is not what the server would write */
export function decodeManagers(entries: unknown): Managers | undefined {
  if (entries === undefined || entries === null) return noManagers;
  if (!Array.isArray(entries)) return undefined;
  const managers = new Map<string, Manager>();
  for (const entry of entries as readonly ManagedFieldsEntry[]) {
    const manager = decodeEntry(entry);
    if (!manager) return undefined;
    managers.set(manager.key, manager);
  }
  return managers;
}

/** Objects that are made together have equal entries: of these there is one. */
const sharedEntries = new InternTable<ManagedFieldsEntry>(10_000);

/** What the store holds is frozen, and so is read and written once only. */
const managersOfEntries = new WeakMap<ManagedFieldsEntry, Manager>();
const entriesOfManagers = new WeakMap<Manager, ManagedFieldsEntry>();

function decodeEntry(entry: ManagedFieldsEntry): Manager | undefined {
  const known = managersOfEntries.get(entry);
  if (known) return known;
  const manager = readEntry(entry);
  if (manager && Object.isFrozen(entry)) remember(manager, entry);
  return manager;
}

function remember(manager: Manager, entry: ManagedFieldsEntry): void {
  managersOfEntries.set(entry, manager);
  entriesOfManagers.set(manager, entry);
}

function readEntry(entry: ManagedFieldsEntry): Manager | undefined {
  const { manager: name = "", operation, apiVersion = "", fieldsType, subresource, time } = entry;
  if (operation !== "Apply" && operation !== "Update") return undefined;
  if (apiVersion === "" || fieldsType !== "FieldsV1") return undefined;
  const fields = FieldSet.parse(entry.fieldsV1 ?? {});
  if (typeof fields === "string") return undefined;
  const identity = {
    name,
    operation,
    apiVersion,
    ...(subresource ? { subresource } : {}),
  } as const;
  return { key: managerKey(identity), ...identity, fields, ...(time ? { time } : {}) };
}

/** Applied entries first, each group from the oldest to the newest. @returns undefined for no managers */
export function encodeManagers(managers: Managers): readonly ManagedFieldsEntry[] | undefined {
  if (managers.size === 0) return undefined;
  return [...managers.values()].sort(compareManagers).map(encodeEntry);
}

function encodeEntry(manager: Manager): ManagedFieldsEntry {
  const known = entriesOfManagers.get(manager);
  if (known) return known;
  const fields = manager.fields.shared();
  const content = `${manager.key} ${manager.apiVersion} ${manager.time} ${fields.identity}`;
  const entry = sharedEntries.intern(content, () => makeEntry({ ...manager, fields }));
  entriesOfManagers.set(manager, entry);
  return entry;
}

function makeEntry(manager: Manager): ManagedFieldsEntry {
  const { name, operation, apiVersion, time, fields, subresource } = manager;
  const entry = freeze({
    ...(name === "" ? {} : { manager: name }),
    operation,
    apiVersion,
    ...(time === undefined ? {} : { time }),
    fieldsType: "FieldsV1",
    fieldsV1: fields.toJSON(),
    ...(subresource ? { subresource } : {}),
  } as ManagedFieldsEntry);
  remember(manager, entry);
  return entry;
}

function compareManagers(a: Manager, b: Manager): number {
  return (
    compareTexts(a.operation, b.operation) ||
    compareTexts(a.time ?? "", b.time ?? "") ||
    compareTexts(a.name, b.name) ||
    compareTexts(a.apiVersion, b.apiVersion) ||
    compareTexts(a.subresource ?? "", b.subresource ?? "")
  );
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
