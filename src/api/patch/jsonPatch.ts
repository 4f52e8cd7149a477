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
  try {
    let value: unknown = fastJsonPatch.deepClone(target);
    for (const operation of operations) {
      // The document itself is no place that the server finds.
      if (operation.path === "") return undefined;
      if (isTestForNothing(operation)) {
        if (!isNothing(value, operation.path)) return undefined;
      } else
        value = fastJsonPatch.applyOperation(
          value,
          withValue(operation),
          true,
          true,
          true,
        ).newDocument;
    }
    return { value };
  } catch {
    return undefined;
  }
}

/** The server's library takes a field that is not there for null. */
function isTestForNothing(operation: Operation): boolean {
  return operation.op === "test" && (operation.value ?? null) === null;
}

function isNothing(document: unknown, path: string): boolean {
  const slash = path.lastIndexOf("/");
  const parent: unknown = fastJsonPatch.getValueByPointer(document, path.slice(0, slash));
  const name = fastJsonPatch.unescapePathComponent(path.slice(slash + 1));
  if (typeof parent !== "object" || parent === null) return false;
  return !Object.hasOwn(parent, name) || (parent as Record<string, unknown>)[name] === null;
}

/** An operation that leaves its value out means null. */
function withValue(operation: Operation): Operation {
  const needsValue = operation.op === "add" || operation.op === "replace";
  return needsValue && operation.value === undefined ? { ...operation, value: null } : operation;
}
