// Who manages the replicas of an object, seen from its Scale, and back again.
// Source: apimachinery pkg/util/managedfields/scalehandler.go, 1.34.
import type { ManagedFieldsEntry } from "../../types.ts";
import { FieldSet } from "./fieldSet.ts";
import {
  decodeManagers,
  encodeManagers,
  type Manager,
  managerKey,
  noManagers,
} from "./managers.ts";
import type { Path } from "./pathElement.ts";

const scaleVersion = "autoscaling/v1";
const scaleReplicas = FieldSet.of(["spec", "replicas"]);

type Entries = readonly ManagedFieldsEntry[] | undefined;

/** Where versions of a kind keep the number of replicas; undefined for a version that has none. */
export type ReplicasPath = (apiVersion: string) => Path | undefined;

/** The entries that an object's Scale has: of those who manage its replicas. */
export function scaleEntries(parent: Entries, pathOf: ReplicasPath): Entries {
  const managers = new Map<string, Manager>();
  for (const manager of (decodeManagers(parent) ?? noManagers).values()) {
    const path = pathOf(manager.apiVersion);
    if (!path || !manager.fields.has(path)) continue;
    const own = { ...manager, apiVersion: scaleVersion, fields: scaleReplicas };
    const key = managerKey(own);
    managers.set(key, { ...own, key });
  }
  return encodeManagers(managers);
}

/**
 * The entries of an object once its Scale was written. Whoever no longer manages the Scale's replicas
 * does not manage the object's. As with the real server, entries of updates come back without a time,
 * for they are looked up under the version of the Scale.
 */
export function parentEntries(
  parent: Entries,
  scale: Entries,
  { apiVersion, pathOf }: { readonly apiVersion: string; readonly pathOf: ReplicasPath },
): Entries {
  const before = decodeManagers(parent) ?? noManagers;
  const left = new Map(decodeManagers(scale) ?? noManagers);
  const result = new Map<string, Manager>();
  for (const [key, manager] of before) {
    const path = pathOf(manager.apiVersion);
    if (!path) continue;
    if (!manager.fields.has(path) || left.delete(key)) {
      result.set(key, manager);
      continue;
    }
    const fields = manager.fields.difference(FieldSet.of(path));
    if (!fields.isEmpty) result.set(key, { ...manager, fields });
  }
  const path = pathOf(apiVersion);
  for (const [key, { time: _, ...manager }] of left) {
    if (!path || !manager.fields.has(["spec", "replicas"])) continue;
    const time = before.get(key)?.time;
    const fields = FieldSet.of(path);
    result.set(key, { ...manager, apiVersion, fields, ...(time === undefined ? {} : { time }) });
  }
  return encodeManagers(result);
}
