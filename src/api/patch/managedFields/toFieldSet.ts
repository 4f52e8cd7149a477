// All that a value says: what a manager owns that applies it.
// Source: structured-merge-diff v6 typed/tofieldset.go.
import { type FieldSet, FieldSetBuilder } from "./fieldSet.ts";
import type { FieldType, ListType, MapType } from "./fieldType.ts";
import { elementName, type PathElement } from "./pathElement.ts";
import { entryType, formOf, isItemError, isMap, itemElement, type Json } from "./typedValue.ts";

/** Leaves, entries of maps, items of lists; not the lists, maps and structs around them. */
export function toFieldSet(type: FieldType, value: unknown): FieldSet {
  const builder = new FieldSetBuilder();
  collect(type, value, [], builder);
  return builder.build();
}

function collect(
  type: FieldType,
  value: unknown,
  path: PathElement[],
  builder: FieldSetBuilder,
): void {
  const form = formOf(type, value);
  if (form.kind === "scalar") builder.insert(path);
  else if (form.kind === "map") {
    if (form.map.isAtomic) builder.insert(path);
    else if (isMap(value)) collectEntries(form.map, value, path, builder);
  } else if (form.list.isAtomic) builder.insert(path);
  else if (Array.isArray(value)) collectItems(form.list, value, path, builder);
}

function collectEntries(
  map: MapType,
  entries: Json,
  path: PathElement[],
  builder: FieldSetBuilder,
): void {
  for (const [name, value] of Object.entries(entries)) {
    path.push(name);
    const type = entryType(map, name);
    if (type) collect(type, value, path, builder);
    const isEmpty = value === null || (isMap(value) && Object.keys(value).length === 0);
    if (isEmpty || !map.field(name)) builder.insert(path);
    path.pop();
  }
}

/** Of items with the same keys only the place is owned, not what each says. */
function collectItems(
  list: ListType,
  items: readonly unknown[],
  path: PathElement[],
  builder: FieldSetBuilder,
): void {
  const elements = items.map((item) => itemElement(list, item));
  const counts = new Map<string, number>();
  for (const element of elements)
    if (!isItemError(element)) {
      const name = elementName(element);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  for (const [i, element] of elements.entries()) {
    if (isItemError(element)) continue;
    path.push(element);
    if (counts.get(elementName(element)) === 1) collect(list.element, items[i], path, builder);
    builder.insert(path);
    path.pop();
  }
}
