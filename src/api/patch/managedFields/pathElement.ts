// One step of a path through an object, as field management names it: a field, or an item of a list by
// its keys, by its value or by its index. Source: structured-merge-diff v6 fieldpath.
import { goJson } from "../goText.ts";

/** A field's name, or how an item is told from the others of its list. */
export type PathElement = string | ItemKey | ItemValue | ItemIndex;
export type Path = readonly PathElement[];

/** An item of a map-like list, by the values of its keys, in the order of their names. */
export interface ItemKey {
  readonly type: "key";
  /** As in FieldsV1; made once, for sets ask for it often. */
  readonly name: string;
  readonly fields: readonly (readonly [name: string, value: unknown])[];
}

/** An item of a set, by itself. */
export interface ItemValue {
  readonly type: "value";
  readonly name: string;
  readonly value: unknown;
}

export interface ItemIndex {
  readonly type: "index";
  readonly index: number;
}

/** The name of the element within FieldsV1, e.g. `f:spec` or `k:{"name":"c"}`. Equal elements have one name. */
export function elementName(element: PathElement): string {
  if (typeof element === "string") return `f:${element}`;
  return element.type === "index" ? `i:${element.index}` : element.name;
}

/**
 * The element that a name in FieldsV1 stands for.
 * @returns undefined for a type of element that a later version may know; a text that says what is wrong
 */
export function parseElementName(
  name: string,
): PathElement | { readonly error: string } | undefined {
  if (name.length < 2) return { error: "key must be 2 characters long:" };
  if (name[1] !== ":") return { error: `missing colon: ${name}` };
  const rest = name.slice(2);
  switch (name[0]) {
    case "f":
      return rest;
    case "v":
      return parsed(rest, itemValue);
    case "k":
      return parsed(rest, keyElement);
    case "i":
      return /^[+-]?\d+$/.test(rest)
        ? { type: "index", index: Number(rest) }
        : { error: `strconv.Atoi: parsing ${JSON.stringify(rest)}: invalid syntax` };
    default:
      return undefined;
  }
}

/** An item's key; its fields may come in any order. */
export function itemKey(given: Iterable<readonly [name: string, value: unknown]>): ItemKey {
  const fields = [...given];
  if (fields.length > 1) fields.sort(([a], [b]) => compareTexts(a, b));
  const texts = fields.map(([name, value]) => `${scalarJson(name)}:${scalarJson(value)}`);
  return { type: "key", name: `k:{${texts.join(",")}}`, fields };
}

export function itemValue(value: unknown): ItemValue {
  return { type: "value", name: `v:${scalarJson(value)}`, value };
}

/** `goJson`, for short for what needs no escape. */
function scalarJson(value: unknown): string {
  if (typeof value === "string" && /^[\w ./:-]*$/.test(value)) return `"${value}"`;
  return typeof value === "number" ? String(value) : goJson(value);
}

/** The path as messages print it: `.spec.containers[name="c"].image`. */
export function pathText(path: Path): string {
  return path.map(elementText).join("");
}

export function elementText(element: PathElement): string {
  if (typeof element === "string") return `.${element}`;
  if (element.type === "value") return `[=${valueText(element.value)}]`;
  if (element.type === "index") return `[${element.index}]`;
  return `[${element.fields.map(([name, value]) => `${name}=${valueText(value)}`).join(",")}]`;
}

/** Fields come before items by key, those before values, those before indices. */
export function compareElements(a: PathElement, b: PathElement): number {
  if (typeof a === "string" || typeof b === "string")
    return typeof a === "string" && typeof b === "string"
      ? compareTexts(a, b)
      : Number(typeof b === "string") - Number(typeof a === "string");
  if (a.type === "key" && b.type === "key") return compareKeys(a.fields, b.fields);
  if (a.type === "value" && b.type === "value") return compareValues(a.value, b.value);
  if (a.type === "index" && b.type === "index") return a.index - b.index;
  return itemRanks[a.type] - itemRanks[b.type];
}

const itemRanks = { key: 0, value: 1, index: 2 } as const;

function compareKeys(a: ItemKey["fields"], b: ItemKey["fields"]): number {
  for (const [i, [name, value]] of a.entries()) {
    const other = b[i];
    if (!other) return 1;
    const order = compareTexts(name, other[0]) || compareValues(value, other[1]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

const valueRanks: Readonly<Record<string, number>> = {
  number: 0,
  string: 1,
  boolean: 2,
  object: 3,
};

/** Numbers come before texts, those before truth values; lists and maps last. */
function compareValues(a: unknown, b: unknown): number {
  const order = (valueRanks[typeof a] ?? 0) - (valueRanks[typeof b] ?? 0);
  if (order !== 0) return order;
  if (typeof a === "number" || typeof a === "boolean") return Number(a) - Number(b);
  return typeof a === "string"
    ? compareTexts(a, String(b))
    : compareTexts(JSON.stringify(a), JSON.stringify(b));
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function valueText(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function parsed(
  text: string,
  make: (value: unknown) => PathElement | { readonly error: string },
): PathElement | { readonly error: string } {
  try {
    return make(JSON.parse(text));
  } catch {
    return { error: `parsing value: ${text}` };
  }
}

function keyElement(value: unknown): ItemKey | { readonly error: string } {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { error: `expected a map of keys, got ${JSON.stringify(value)}` };
  return itemKey(Object.entries(value));
}
