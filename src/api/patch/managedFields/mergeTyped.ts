// An applied value laid over the present one. Nothing is removed by it; lists take the order of what is
// applied where the two disagree. Source: structured-merge-diff v6 typed/merge.go.
import { setOwn } from "../../../base/setOwn.ts";
import type { FieldType, ListType, MapType } from "./fieldType.ts";
import { elementName } from "./pathElement.ts";
import {
  entryType,
  type Form,
  formOf,
  isItemError,
  isMap,
  itemElement,
  type Json,
} from "./typedValue.ts";

/** Both are of the type; an absent one is undefined. @returns undefined if nothing is left */
export function mergeTyped(type: FieldType, left: unknown, right: unknown): unknown {
  const form = formOf(type, right === undefined ? left : right);
  return mergeForm(form, left, right);
}

function mergeForm(form: Form, left: unknown, right: unknown): unknown {
  if (form.kind === "map") {
    const [before, after] = [isMap(left) ? left : {}, isMap(right) ? right : {}];
    if (!form.map.isAtomic && Object.keys(before).length + Object.keys(after).length > 0)
      return mergeEntries(form.map, before, after);
  }
  if (form.kind === "list") {
    const [before, after] = [listOf(left), listOf(right)];
    if (!form.list.isAtomic && before.length + after.length > 0)
      return mergeItems(form.list, before, after);
  }
  return right === undefined ? left : right;
}

function mergeEntries(map: MapType, left: Json, right: Json): Json | undefined {
  const merged: Record<string, unknown> = {};
  const mergeEntry = (name: string): void => {
    const type = entryType(map, name);
    const before = Object.hasOwn(left, name) ? left[name] : undefined;
    const after = Object.hasOwn(right, name) ? right[name] : undefined;
    const value = type && mergeTyped(type, before, after);
    if (value !== undefined) setOwn(merged, name, value);
  };
  for (const name of Object.keys(left)) mergeEntry(name);
  for (const name of Object.keys(right)) if (!Object.hasOwn(left, name)) mergeEntry(name);
  return Object.keys(merged).length === 0 ? undefined : merged;
}

interface NamedItem {
  readonly name: string;
  readonly item: unknown;
}

/**
 * Items of both lists take the order of `right`; those of `left` alone keep their place among them.
 */
function mergeItems(
  list: ListType,
  before: readonly unknown[],
  after: readonly unknown[],
): unknown {
  const left = named(list, before);
  const right = named(list, after);
  const [inLeft, inRight] = [byName(left), byName(right)];
  const shared = right.filter(({ name }) => inLeft.has(name)).map(({ name }) => name);
  const merged = new Set<string>();
  const out: unknown[] = [];
  const take = (old: unknown, item: unknown): void => {
    const value = mergeTyped(list.element, old, item);
    if (value !== undefined) out.push(value);
  };
  let nextShared = shared.shift();
  for (let l = 0, r = 0; l < left.length || r < right.length; ) {
    const [ours, theirs] = [left[l], right[r]];
    if (ours && theirs && ours.name === theirs.name) {
      merged.add(ours.name);
      take(inLeft.get(ours.name), theirs.item);
      l++;
      r++;
      nextShared = shared.shift();
      continue;
    }
    if (
      ours &&
      theirs &&
      inRight.has(ours.name) &&
      nextShared !== undefined &&
      nextShared !== ours.name
    ) {
      // In both, but its turn is later.
      l++;
      continue;
    }
    if (ours && !inRight.has(ours.name)) {
      take(ours.item, undefined);
      l++;
      continue;
    }
    if (ours && merged.has(ours.name)) l++;
    if (theirs) {
      merged.add(theirs.name);
      take(inLeft.get(theirs.name), theirs.item);
      r++;
      if (nextShared === theirs.name) nextShared = shared.shift();
    }
  }
  return out.length === 0 ? undefined : out;
}

function named(list: ListType, items: readonly unknown[]): NamedItem[] {
  return items.flatMap((item) => {
    const element = itemElement(list, item);
    return isItemError(element) ? [] : [{ name: elementName(element), item }];
  });
}

/** Of items with the same keys none is merged with: what is applied takes their place. */
function byName(items: readonly NamedItem[]): ReadonlyMap<string, unknown> {
  const map = new Map<string, unknown>();
  for (const { name, item } of items) map.set(name, map.has(name) ? null : item);
  return map;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
