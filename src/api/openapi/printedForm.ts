// An object as clients read it: Go writes some fields although nothing is in them, lists as null.
// Source: encoding/json and the tags of k8s.io/api, 1.34.
import { kindNode, type SchemaNode, type StructNode } from "./compiled.ts";

type Values = Readonly<Record<string, unknown>>;

/** Objects are shared and frozen: each is worked out once. */
const printed = new WeakMap<object, Values>();

/** The same object if nothing is to be added. Kinds that are not built in are printed as they are. */
export function printedForm<T extends object>(object: T, apiVersion: string, kind: string): T {
  const known = printed.get(object);
  if (known) return known as T;
  const node = kindNode(apiVersion, kind);
  if (!node) return object;
  const made = printedStruct(node, object as Values);
  printed.set(object, made);
  return made as T;
}

function printedValue(node: SchemaNode, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (node.type === "struct") return printedStruct(node, value as Values);
  if (node.type === "list" && Array.isArray(value)) {
    if (!hasParts(node.element)) return value;
    const elements = value.map((element) => printedValue(node.element, element));
    return elements.every((element, i) => element === value[i]) ? value : elements;
  }
  return node.type === "map" && hasParts(node.value)
    ? printedMap(node.value, value as Values)
    : value;
}

function printedStruct({ properties, printedZeros }: StructNode, values: Values): Values {
  let changed: Record<string, unknown> | undefined;
  for (const name of Object.keys(values)) {
    const node = properties.get(name);
    if (!node || !hasParts(node)) continue;
    const value = printedValue(node, values[name]);
    if (value === values[name]) continue;
    changed ??= { ...values };
    changed[name] = value;
  }
  for (const [name, zero] of printedZeros) {
    const value = values[name];
    const isNothing = value === undefined || (zero === null && isEmpty(value));
    if (!isNothing || !properties.has(name)) continue;
    changed ??= { ...values };
    changed[name] = zero;
  }
  return changed ?? values;
}

function printedMap(node: SchemaNode, values: Values): Values {
  const entries = Object.entries(values).map(
    ([name, value]) => [name, printedValue(node, value)] as const,
  );
  return entries.every(([name, value]) => value === values[name])
    ? values
    : Object.fromEntries(entries);
}

function hasParts({ type }: SchemaNode): boolean {
  return type === "struct" || type === "list" || type === "map";
}

/** Lists and maps without entries come back from the store as none. Structs that are empty are there. */
function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
