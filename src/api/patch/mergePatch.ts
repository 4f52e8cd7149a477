// JSON merge patch (RFC 7386): null deletes, objects merge, everything else replaces.
import { setOwn } from "../../base/setOwn.ts";

/** The patched value; neither argument is changed. Nulls say nothing where there is nothing to delete. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return withoutNulls(patch);
  if (target !== undefined && !isObject(target)) return withoutNulls(patch);
  const result: Record<string, unknown> = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else
      setOwn(
        result,
        key,
        applyMergePatch(Object.hasOwn(result, key) ? result[key] : undefined, value),
      );
  }
  return result;
}

/** As the server's library does, also within lists. Source: evanphx/json-patch pruneNils. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, withoutNulls(inner)]),
  );
}

/** The patch that turns `from` into `to`; undefined if they are equal. */
export function makeMergePatch(from: unknown, to: unknown): Record<string, unknown> | undefined {
  const patch: Record<string, unknown> = {};
  const before = isObject(from) ? from : {};
  const after = isObject(to) ? to : {};
  for (const key of Object.keys(before)) if (!(key in after)) patch[key] = null;
  for (const [key, value] of Object.entries(after)) {
    const was = before[key];
    if (isObject(was) && isObject(value)) {
      const inner = makeMergePatch(was, value);
      if (inner) patch[key] = inner;
    } else if (!isEqual(was, value)) patch[key] = value;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isEqual(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => isEqual(item, b[i]));
  if (isObject(a) && isObject(b)) return makeMergePatch(a, b) === undefined;
  return a === b;
}
