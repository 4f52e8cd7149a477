// An object as it is kept: Go leaves out what is false, 0 or empty when it writes, unless the field is a
// pointer or has no `omitempty`. Source: encoding/json and the tags of k8s.io/api, 1.34.
import { kindNode, type SchemaNode } from "./compiled.ts";

/** The same object if there is nothing to leave out. Kinds that are not built in keep all. */
export function withoutZeros<T>(object: T, apiVersion: string, kind: string): T {
  const node = kindNode(apiVersion, kind);
  return node ? (keptValue(node, object) as T) : object;
}

type Values = Readonly<Record<string, unknown>>;

function keptValue(node: SchemaNode, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  switch (node.type) {
    case "struct":
      return keptMembers(
        value as Values,
        (name) => node.properties.get(name),
        node.omittedWhenZero,
      );
    case "map":
      return keptMembers(value as Values, () => node.value, none);
    case "list":
      return Array.isArray(value) ? keptElements(node.element, value) : value;
    default:
      return value;
  }
}

const none: ReadonlySet<string> = new Set();

function keptMembers(
  values: Values,
  nodeOf: (name: string) => SchemaNode | undefined,
  omittedWhenZero: ReadonlySet<string>,
): Values {
  let changed: Record<string, unknown> | undefined;
  for (const name of Object.keys(values)) {
    const node = nodeOf(name);
    if (!node) continue;
    const before = values[name];
    const kept = keptValue(node, before);
    const isOmitted = omittedWhenZero.has(name) && isZero(kept);
    if (!isOmitted && kept === before) continue;
    changed ??= { ...values };
    if (isOmitted) delete changed[name];
    else changed[name] = kept;
  }
  return changed ?? values;
}

function keptElements(node: SchemaNode, values: readonly unknown[]): readonly unknown[] {
  const kept = values.map((value) => keptValue(node, value));
  return kept.every((value, i) => value === values[i]) ? values : kept;
}

function isZero(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return value === "" || value === 0 || value === false;
}
