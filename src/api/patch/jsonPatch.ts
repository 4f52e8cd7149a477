// JSON patch (RFC 6902), as gopkg.in/evanphx/json-patch.v4 carries it out.
import fastJsonPatch, { type Operation } from "fast-json-patch";

export type { Operation } from "fast-json-patch";

/**
 * Carries out all operations, or none. `target` is not changed.
 * @returns undefined if one can't be carried out: a failed test, a place that is not there
 */
export function applyJsonPatch(
  target: unknown,
  operations: readonly Operation[],
): { readonly value: unknown } | undefined {
  // The document itself is no place that the server finds.
  if (operations.some(({ path }) => path === "")) return undefined;
  try {
    const patched = fastJsonPatch.applyPatch(target, [...operations], true, false, true);
    return { value: patched.newDocument };
  } catch {
    return undefined;
  }
}
