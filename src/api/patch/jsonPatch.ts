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
    for (const given of operations) {
      // The document itself is no place that the server finds.
      if (given.path === "") return undefined;
      const operation = countedFromStart(value, given);
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

/** The server's library counts a negative index from the list's end; -1 is where an add appends. */
function countedFromStart(document: unknown, operation: Operation): Operation {
  const { op, path } = operation;
  const from = op === "move" || op === "copy" ? operation.from : undefined;
  // What moves within its list makes room for itself.
  const stays = op === "move" && listOf(operation.from) === listOf(path);
  const grows = op === "add" || op === "copy" || (op === "move" && !stays);
  return {
    ...operation,
    path: pointerFromStart(document, path, grows ? 1 : 0),
    ...(from !== undefined && { from: pointerFromStart(document, from, 0) }),
  } as Operation;
}

function listOf(pointer: string): string {
  return pointer.slice(0, pointer.lastIndexOf("/"));
}

/** @param growth - By how much the list that the pointer's last name is in is about to grow. */
function pointerFromStart(document: unknown, pointer: string, growth: 0 | 1): string {
  if (!/\/-\d/.test(pointer)) return pointer;
  const names = pointer.split("/");
  for (const [at, name] of names.entries()) {
    if (!/^-\d+$/.test(name)) continue;
    const parent: unknown = fastJsonPatch.getValueByPointer(document, names.slice(0, at).join("/"));
    if (!Array.isArray(parent)) continue;
    const length = parent.length + (at === names.length - 1 ? growth : 0);
    names[at] = String(length + Number(name));
  }
  return names.join("/");
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
