// Lists in a strategic merge patch: which items a patch means, and in which order they end up.
// Source: apimachinery pkg/util/strategicpatch mergeSlice and normalizeElementOrder, 1.34.
import { unknownError } from "../status.ts";
import { goText } from "./goText.ts";

export type Json = Readonly<Record<string, unknown>>;

export const patchMarker = "$patch";
export const replaceDirective = "replace";
export const deleteDirective = "delete";

/** How a list is patched. */
export interface ListRules {
  /** False: the patch's list takes its place. */
  readonly isMerged: boolean;
  readonly listName: string;
  /** The field that tells items apart; absent for lists of scalars. */
  readonly mergeKey?: string;
  mergeItem(present: Json, patch: Json): Json;
}

/** Scalars are there once each; those of the patch that are new come as `orderAgain` puts them. */
export function mergeScalars(
  present: readonly unknown[],
  patch: readonly unknown[],
): readonly unknown[] {
  const merged = deduplicated([...present, ...patch]);
  return ordered(merged, patch, present, (item) => item);
}

/** Items with the same key are merged, those marked so are deleted; `$patch: replace` empties the list first. */
export function mergeItems(
  present: readonly Json[],
  patch: readonly Json[],
  rules: ListRules,
): readonly Json[] {
  const { mergeKey } = rules;
  if (mergeKey === undefined)
    throw unknownError(`cannot merge lists without merge key for ${rules.listName}`);
  const { original, plain } = carryOutDirectives(present, patch, mergeKey);
  const merged = [...original];
  for (const item of plain) {
    const key = keyOf(item, mergeKey);
    const place = merged.findIndex((other) => other[mergeKey] === key);
    const found = merged[place];
    if (found) merged[place] = rules.mergeItem(found, item);
    else merged.push(item);
  }
  return ordered(merged, plain, original, (item) => keyOf(item, mergeKey));
}

/** A merged list in the order that a patch asks for. */
export function orderAgain(
  merged: readonly unknown[],
  order: readonly unknown[],
  present: readonly unknown[],
  { mergeKey }: ListRules,
): readonly unknown[] {
  if (mergeKey === undefined) return ordered(merged, order, present, (item) => item);
  return ordered(merged as Json[], order as Json[], present as Json[], (item) =>
    keyOf(item, mergeKey),
  );
}

function carryOutDirectives(
  present: readonly Json[],
  patch: readonly Json[],
  mergeKey: string,
): { readonly original: readonly Json[]; readonly plain: readonly Json[] } {
  let original = present;
  let replaces = false;
  const plain: Json[] = [];
  for (const item of patch) {
    const directive = item[patchMarker];
    if (!Object.hasOwn(item, patchMarker)) plain.push(item);
    else if (directive === deleteDirective) {
      const key = keyOf(item, mergeKey);
      original = original.filter((other) => other[mergeKey] !== key);
    } else if (directive === replaceDirective) replaces = true;
    else if (directive === "merge")
      throw unknownError("merging lists cannot yet be specified in the patch");
    else throw unknownError(`unknown patch type: ${goText(directive)} in map: ${goText(item)}`);
  }
  return replaces ? { original: plain, plain: [] } : { original, plain };
}

function keyOf(item: Json, mergeKey: string): unknown {
  if (Object.hasOwn(item, mergeKey)) return item[mergeKey];
  throw unknownError(`map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);
}

/**
 * The items that the patch speaks of in its order, the others in that of the list before; where both
 * were there before, that decides which comes first, else the patch's come first.
 */
function ordered<T>(
  merged: readonly T[],
  patchOrder: readonly T[],
  serverOrder: readonly T[],
  idOf: (item: T) => unknown,
): readonly T[] {
  const asked = patchOrder.map(idOf);
  const before = serverOrder.map(idOf);
  const inPatch = (item: T): boolean => asked.includes(idOf(item));
  const right = sorted(merged.filter(inPatch), (item) => asked.indexOf(idOf(item)));
  const left = sorted(
    merged.filter((item) => !inPatch(item)),
    (item) => before.indexOf(idOf(item)),
  );
  const result: T[] = [];
  while (left.length > 0 && right.length > 0) {
    const [l, r] = [before.indexOf(idOf(left[0] as T)), before.indexOf(idOf(right[0] as T))];
    const next = l >= 0 && r >= 0 && l < r ? left.shift() : right.shift();
    result.push(next as T);
  }
  return [...result, ...left, ...right];
}

/**
 * Sorts by position as the server's insertion sort does: an item without one (-1) goes before its
 * neighbours.
 */
function sorted<T>(items: readonly T[], positionOf: (item: T) => number): T[] {
  const result = [...items];
  const isLess = (a: T, b: T): boolean => {
    const [left, right] = [positionOf(a), positionOf(b)];
    return left < 0 || right < 0 || left < right;
  };
  for (let i = 1; i < result.length; i++)
    for (let j = i; j > 0 && isLess(result[j] as T, result[j - 1] as T); j--)
      [result[j - 1], result[j]] = [result[j] as T, result[j - 1] as T];
  return result;
}

/** A later twin gives its place to the last of the list. */
function deduplicated(items: readonly unknown[]): readonly unknown[] {
  const result = [...items];
  for (let i = 0; i < result.length - 1; i++)
    for (let j = i + 1; j < result.length; j++)
      if (result[i] === result[j]) {
        const last = result.pop();
        if (j < result.length) result[j] = last;
        j--;
      }
  return result;
}
