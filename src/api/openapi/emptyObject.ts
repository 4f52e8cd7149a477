// An object of a built-in kind of which nobody has said anything: what Go's types hold by themselves.
import { decode } from "../schema.ts";
import { kindNode, type StructNode } from "./compiled.ts";
import { type GoField, goStruct } from "./goStructs.ts";

/** @returns undefined for a kind that is not built in */
export function emptyObject(
  apiVersion: string,
  kind: string,
): Readonly<Record<string, unknown>> | undefined {
  const node = kindNode(apiVersion, kind);
  const decoded = decode({ apiVersion, kind }, apiVersion, kind);
  return node && decoded && withZeros(node, { ...decoded.object });
}

/** Adds the zeros that Go prints. Structs by value and lists that are never absent are there already. */
function withZeros(node: StructNode, value: Record<string, unknown>): Record<string, unknown> {
  for (const field of goStruct(node.definition) ?? [])
    if (value[field.name] === undefined && isPrintedZero(field))
      value[field.name] = zeros[field.type];
  for (const [name, inner] of Object.entries(value)) {
    const property = node.properties.get(name);
    if (property?.type === "struct")
      value[name] = withZeros(property, { ...(inner as Record<string, unknown>) });
  }
  return value;
}

const zeros: Readonly<Record<string, unknown>> = {
  string: "",
  bool: false,
  int32: 0,
  int64: 0,
  double: 0,
};

function isPrintedZero({ shape, isKept, type }: GoField): boolean {
  return shape === "value" && isKept && type in zeros;
}
