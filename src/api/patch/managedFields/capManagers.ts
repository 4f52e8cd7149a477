// At most so many managers that updated an object are told apart; the oldest share one entry a version.
// Source: apimachinery pkg/util/managedfields/internal/capmanagers.go, 1.34.
import { type Manager, type Managers, managerKey } from "./managers.ts";

const mostUpdaters = 10;
const oldUpdates = "ancient-changes";

export function capManagers(managers: Managers): Managers {
  const updaters = [...managers].filter(([, { operation }]) => operation === "Update");
  if (updaters.length <= mostUpdaters) return managers;
  updaters.sort(
    ([a, left], [b, right]) => compare(left.time ?? "", right.time ?? "") || compare(a, b),
  );
  const result = new Map(managers);
  const firsts = new Map<string, string>();
  let count = updaters.length;
  for (const [key, { apiVersion }] of updaters) {
    if (count <= mostUpdaters) break;
    const first = firsts.get(apiVersion);
    if (first === undefined) firsts.set(apiVersion, key);
    else if (mergeInto(result, first, key)) count--;
  }
  return result;
}

/** Moves the fields of an entry, and of the first of its version, into their bucket. */
function mergeInto(managers: Map<string, Manager>, firstKey: string, key: string): boolean {
  const manager = managers.get(key);
  if (!manager) return false;
  const bucket = { name: oldUpdates, operation: "Update", apiVersion: manager.apiVersion } as const;
  const bucketKey = managerKey(bucket);
  const before = managers.get(bucketKey) ?? managers.get(firstKey);
  if (!managers.has(bucketKey)) managers.delete(firstKey);
  managers.delete(key);
  managers.set(bucketKey, {
    ...bucket,
    key: bucketKey,
    fields: before ? before.fields.union(manager.fields) : manager.fields,
    ...(manager.time === undefined ? {} : { time: manager.time }),
  });
  return true;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
