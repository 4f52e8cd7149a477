// Who manages which fields of an object, as it is kept in metadata.managedFields.
// Source: apimachinery pkg/util/managedfields/internal/managedfields.go, 1.34.
import { parseTime } from "../../../base/time.ts";
import type { ManagedFieldsEntry } from "../../types.ts";
import { FieldSet } from "./fieldSet.ts";
import { isMap } from "./typedValue.ts";

/** One manager: of applied fields there is one entry whatever the version, of updates one a version. */
export interface Manager {
  readonly name: string;
  readonly operation: "Apply" | "Update";
  /** The version that `fields` is written in. */
  readonly apiVersion: string;
  readonly subresource?: string;
  readonly fields: FieldSet;
  /** RFC 3339; absent if the manager never changed the object. */
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
  return JSON.stringify({
    ...(name === "" ? {} : { manager: name }),
    operation,
    ...(operation === "Apply" ? {} : { apiVersion }),
    ...(subresource ? { subresource } : {}),
  });
}

/** @returns undefined if an entry is not what the server would write */
export function decodeManagers(entries: unknown): Managers | undefined {
  if (entries === undefined || entries === null) return noManagers;
  if (!Array.isArray(entries)) return undefined;
  const managers = new Map<string, Manager>();
  for (const entry of entries as readonly ManagedFieldsEntry[]) {
    const manager = decodeEntry(entry);
    if (!manager) return undefined;
    managers.set(managerKey(manager), manager);
  }
  return managers;
}

const decoded = new WeakMap<object, FieldSet>();
const encoded = new WeakMap<FieldSet, object>();

function decodeEntry(entry: ManagedFieldsEntry): Manager | undefined {
  const { manager: name = "", operation, apiVersion = "", fieldsType, subresource, time } = entry;
  if (operation !== "Apply" && operation !== "Update") return undefined;
  if (apiVersion === "" || fieldsType !== "FieldsV1") return undefined;
  const fields = decodeFields(entry.fieldsV1 ?? {});
  if (!fields) return undefined;
  return {
    name,
    operation,
    apiVersion,
    fields,
    ...(subresource ? { subresource } : {}),
    ...(time ? { time } : {}),
  };
}

/** What the store holds is frozen, and so is read once only. */
function decodeFields(fieldsV1: unknown): FieldSet | undefined {
  if (!isMap(fieldsV1)) return undefined;
  const known = decoded.get(fieldsV1);
  if (known) return known;
  const fields = FieldSet.parse(fieldsV1);
  if (typeof fields === "string") return undefined;
  if (Object.isFrozen(fieldsV1)) {
    decoded.set(fieldsV1, fields);
    encoded.set(fields, fieldsV1);
  }
  return fields;
}

/** Applied entries first, each group from the oldest to the newest. @returns undefined for no managers */
export function encodeManagers(managers: Managers): readonly ManagedFieldsEntry[] | undefined {
  if (managers.size === 0) return undefined;
  return [...managers.values()].sort(compareManagers).map(encodeEntry);
}

function encodeEntry({ name, operation, apiVersion, time, fields, subresource }: Manager) {
  return {
    ...(name === "" ? {} : { manager: name }),
    operation,
    apiVersion,
    ...(time === undefined ? {} : { time }),
    fieldsType: "FieldsV1",
    fieldsV1: encodeFields(fields),
    ...(subresource ? { subresource } : {}),
  } as ManagedFieldsEntry;
}

function encodeFields(fields: FieldSet): object {
  const known = encoded.get(fields);
  if (known) return known;
  const made = deepFreeze(fields.toJSON());
  encoded.set(fields, made);
  decoded.set(made, fields);
  return made;
}

function compareManagers(a: Manager, b: Manager): number {
  return (
    compareTexts(a.operation, b.operation) ||
    secondsOf(a) - secondsOf(b) ||
    compareTexts(a.name, b.name) ||
    compareTexts(a.apiVersion, b.apiVersion) ||
    compareTexts(a.subresource ?? "", b.subresource ?? "")
  );
}

export function secondsOf({ time }: Manager): number {
  return time === undefined ? 0 : Math.floor((parseTime(time) ?? 0) / 1000);
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) deepFreeze(inner as object);
  return Object.freeze(value);
}
