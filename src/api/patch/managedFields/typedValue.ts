// What the walks over typed values share: which form of its type a value has, and how an item of a list
// is told from the others. Source: structured-merge-diff v6 typed/helpers.go.
import type { FieldType, ListType, MapType, ScalarType } from "./fieldType.ts";
import { itemKey, itemValue, type PathElement } from "./pathElement.ts";

export type Json = Readonly<Record<string, unknown>>;

/** The one form of a type that is walked. */
export type Form =
  | { readonly kind: "map"; readonly map: MapType }
  | { readonly kind: "scalar"; readonly scalar: ScalarType }
  | { readonly kind: "list"; readonly list: ListType };

/** The form that fits the value; the type's first if none does, or if there is no value to go by. */
export function formOf(type: FieldType, value: unknown): Form {
  const fitting = fittingForm(type, value);
  if (fitting) return fitting;
  if (type.map) return { kind: "map", map: type.map };
  if (type.scalar) return { kind: "scalar", scalar: type.scalar };
  return { kind: "list", list: type.list as ListType };
}

function fittingForm({ map, scalar, list }: FieldType, value: unknown): Form | undefined {
  if (isScalar(value)) return scalar && { kind: "scalar", scalar };
  if (Array.isArray(value)) return list && { kind: "list", list };
  return isMap(value) && map ? { kind: "map", map } : undefined;
}

/** An item's name within its list, or a text that says why it has none. */
export type ItemElement = PathElement | { readonly error: string };

export function itemElement(list: ListType, item: unknown): ItemElement {
  return list.keys.length > 0 ? keyedElement(list, item) : valueElement(item);
}

export function isItemError(element: ItemElement): element is { readonly error: string } {
  return typeof element === "object" && "error" in element;
}

function keyedElement(list: ListType, item: unknown): ItemElement {
  if (item === null) return { error: "associative list with keys may not have a null element" };
  if (!isMap(item)) return { error: "associative list with keys may not have non-map elements" };
  const fields: [string, unknown][] = [];
  for (const key of list.keys) {
    const value = Object.hasOwn(item, key) ? item[key] : list.keyDefault(key);
    if (value === undefined)
      return {
        error: `associative list with keys has an element that omits key field ${JSON.stringify(key)} (and doesn't have default value)`,
      };
    fields.push([key, value]);
  }
  return itemKey(fields);
}

function valueElement(value: unknown): ItemElement {
  if (isMap(value))
    return { error: "associative list without keys has an element that's a map type" };
  if (Array.isArray(value))
    return { error: "not supported: associative list with lists as elements" };
  if (value === null)
    return { error: "associative list without keys has an element that's an explicit null" };
  return itemValue(value);
}

/** The type of a map's entry; undefined if the map may not have it. */
export function entryType(map: MapType, name: string): FieldType | undefined {
  return map.field(name) ?? map.rest;
}

export function isMap(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isScalar(value: unknown): boolean {
  return (
    typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "boolean" ||
    typeof value === "bigint"
  );
}
