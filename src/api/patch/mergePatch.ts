// JSON merge patch (RFC 7386): null deletes, objects merge, everything else replaces.

/** The patched value; neither argument is changed. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = applyMergePatch(result[key], value);
  }
  return result;
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
