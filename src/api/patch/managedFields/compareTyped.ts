// What differs between two values of a type: the fields that a write changed.
// Source: structured-merge-diff v6 typed/compare.go.
import { dequal } from "dequal";
import { FieldSet, FieldSetBuilder } from "./fieldSet.ts";
import type { FieldType, ListType, MapType } from "./fieldType.ts";
import { elementName, type PathElement } from "./pathElement.ts";
import {
  entryType,
  type Form,
  formOf,
  isItemError,
  isMap,
  itemElement,
  type Json,
} from "./typedValue.ts";

export interface Comparison {
  readonly removed: FieldSet;
  readonly modified: FieldSet;
  readonly added: FieldSet;
}

const nothing: Comparison = {
  removed: FieldSet.empty,
  modified: FieldSet.empty,
  added: FieldSet.empty,
};

/** From `left`, which was there, to `right`. An absent value is undefined; null is a value. */
export function compareTyped(type: FieldType, left: unknown, right: unknown): Comparison {
  if (left === right) return nothing;
  const comparer = new Comparer();
  comparer.compare(type, left, right);
  return comparer.result();
}

class Comparer {
  private readonly path: PathElement[] = [];
  private readonly removed = new FieldSetBuilder();
  private readonly modified = new FieldSetBuilder();
  private readonly added = new FieldSetBuilder();

  result(): Comparison {
    return {
      removed: this.removed.build(),
      modified: this.modified.build(),
      added: this.added.build(),
    };
  }

  compare(type: FieldType, left: unknown, right: unknown): void {
    // Parts that nobody touched are often the very same object.
    if (left === right) return;
    if (left === undefined) this.added.graft(this.path, fieldsWithin(type, right));
    else if (right === undefined) this.removed.graft(this.path, fieldsWithin(type, left));
    else {
      const [was, is] = [formOf(type, left), formOf(type, right)];
      if (was.kind !== is.kind) this.compareForm(was, left, right);
      this.compareForm(is, left, right);
    }
  }

  private compareForm(form: Form, left: unknown, right: unknown): void {
    if (form.kind === "map") this.compareMaps(form.map, left, right);
    else if (form.kind === "list") this.compareLists(form.list, left, right);
    else this.compareLeaf(left, right);
  }

  /** Where both are empty, null and an empty one differ. */
  private compareMaps(map: MapType, left: unknown, right: unknown): void {
    const [before, after] = [isMap(left) ? left : {}, isMap(right) ? right : {}];
    const isEmpty = Object.keys(before).length + Object.keys(after).length === 0;
    if (map.isAtomic || isEmpty) this.compareLeaf(left, right);
    else this.compareEntries(map, before, after);
  }

  private compareLists(list: ListType, left: unknown, right: unknown): void {
    const [before, after] = [listOf(left), listOf(right)];
    if (list.isAtomic || before.length + after.length === 0) this.compareLeaf(left, right);
    // Most lists did not change, and to see that is cheaper than to tell their items apart.
    else if (before.length !== after.length || !dequal(before, after))
      this.compareItems(list, before, after);
  }

  private compareLeaf(left: unknown, right: unknown): void {
    if (!dequal(left, right)) this.modified.insert(this.path);
  }

  private compareEntries(map: MapType, left: Json, right: Json): void {
    for (const name of Object.keys(left)) {
      const after = Object.hasOwn(right, name) ? right[name] : undefined;
      if (left[name] !== after) this.compareEntry(map, name, left[name], after);
    }
    for (const name of Object.keys(right))
      if (!Object.hasOwn(left, name)) this.compareEntry(map, name, undefined, right[name]);
  }

  private compareEntry(map: MapType, name: string, left: unknown, right: unknown): void {
    const type = entryType(map, name);
    if (!type) return;
    this.path.push(name);
    this.compare(type, told(map, name, left), told(map, name, right));
    this.path.pop();
  }

  private compareItems(
    list: ListType,
    before: readonly unknown[],
    after: readonly unknown[],
  ): void {
    const left = itemsByName(list, before);
    const right = itemsByName(list, after);
    const all = new Map([...left, ...right].map(([name, { element }]) => [name, element]));
    for (const [name, element] of all) {
      this.path.push(element);
      this.compareNamesakes(
        list.element,
        left.get(name)?.items ?? [],
        right.get(name)?.items ?? [],
      );
      this.path.pop();
    }
  }

  /** Items with the same keys: usually one on each side at most. */
  private compareNamesakes(
    type: FieldType,
    left: readonly unknown[],
    right: readonly unknown[],
  ): void {
    const hadSeveral = left.length > 1;
    const hasSeveral = right.length > 1;
    if (hadSeveral && hasSeveral) {
      if (!dequal(left, right)) this.modified.insert(this.path);
    } else if (hadSeveral) {
      if (right.length > 0) this.compare(type, undefined, right[0]);
      this.removed.insert(this.path);
    } else if (hasSeveral) {
      if (left.length > 0) this.compare(type, left[0], undefined);
      this.added.insert(this.path);
    } else this.compare(type, left[0], right[0]);
  }
}

/** All that is in a value that came or went as a whole, also the maps and lists in it. */
function fieldsWithin(type: FieldType, value: unknown): FieldSet {
  const form = formOf(type, value);
  if (form.kind === "map" && !form.map.isAtomic && isMap(value)) {
    const { map } = form;
    return FieldSet.ofMembers(
      Object.entries(value).flatMap(([name, inner]) => {
        const entry = entryType(map, name);
        return entry && told(map, name, inner) !== undefined
          ? [[name, fieldsWithin(entry, inner)] as const]
          : [];
      }),
    );
  }
  if (form.kind !== "list" || form.list.isAtomic || !Array.isArray(value)) return FieldSet.empty;
  const { element: itemType } = form.list;
  return FieldSet.ofMembers(
    [...itemsByName(form.list, value).values()].map(({ element, items }) => [
      element,
      items.length === 1 ? fieldsWithin(itemType, items[0]) : FieldSet.empty,
    ]),
  );
}

/** The value as Go's types hold it. */
function told(map: MapType, name: string, value: unknown): unknown {
  return map.omits(name, value) ? undefined : value;
}

interface Namesakes {
  readonly element: PathElement;
  readonly items: unknown[];
}

function itemsByName(list: ListType, items: readonly unknown[]): ReadonlyMap<string, Namesakes> {
  const byName = new Map<string, Namesakes>();
  for (const item of items) {
    const element = itemElement(list, item);
    if (isItemError(element)) continue;
    const name = elementName(element);
    const known = byName.get(name);
    if (known) known.items.push(item);
    else byName.set(name, { element, items: [item] });
  }
  return byName;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
