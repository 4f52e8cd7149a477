// A value without some of its fields and items. Source: structured-merge-diff v6 typed/remove.go.
import { setOwn } from "../../../base/setOwn.ts";
import type { FieldSet } from "./fieldSet.ts";
import type { FieldType, ListType, MapType } from "./fieldType.ts";
import { entryType, formOf, isItemError, isMap, itemElement, type Json } from "./typedValue.ts";

/**
 * Members of `fields` go with all that is in them. A map or list of which something is to go and nothing
 * is left becomes null.
 */
export function removeFields(type: FieldType, value: unknown, fields: FieldSet): unknown {
  const form = formOf(type, value);
  if (form.kind === "scalar") return value;
  if (form.kind === "map")
    return form.map.isAtomic || !isMap(value) ? null : removeEntries(form.map, value, fields);
  return form.list.isAtomic || !Array.isArray(value) ? null : removeItems(form.list, value, fields);
}

function removeEntries(map: MapType, entries: Json, fields: FieldSet): Json | null {
  const left: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(entries)) {
    if (fields.hasElement(name)) continue;
    const inner = fields.under(name);
    const type = entryType(map, name);
    setOwn(left, name, inner.isEmpty || !type ? value : removeFields(type, value, inner));
  }
  return Object.keys(left).length === 0 ? null : left;
}

function removeItems(
  list: ListType,
  items: readonly unknown[],
  fields: FieldSet,
): readonly unknown[] | null {
  const left: unknown[] = [];
  for (const item of items) {
    const element = itemElement(list, item);
    if (isItemError(element)) left.push(item);
    else if (!fields.hasElement(element)) {
      const inner = fields.under(element);
      left.push(inner.isEmpty ? item : removeFields(list.element, item, inner));
    }
  }
  return left.length === 0 ? null : left;
}
