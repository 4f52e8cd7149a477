// An object of a built-in kind of which nobody has said anything: what Go's types hold by themselves.

import { scalarZero } from "../decodeScalar.ts";
import { decode } from "../schema.ts";
import { kindNode, type ScalarNode, type SchemaNode, type StructNode } from "./compiled.ts";
import { structure } from "./structure.ts";

/** Fields that are printed though nobody set them, and are not required. Source: k8s.io/api's JSON tags, 1.34. */
const alwaysPrinted: Readonly<Record<string, readonly string[]>> = {
  "apps.v1.StatefulSetSpec": ["serviceName"],
  "apps.v1.StatefulSetStatus": ["availableReplicas"],
  "core.v1.Event": ["reportingComponent", "reportingInstance"],
  "flowcontrol.v1.FlowSchemaSpec": ["matchingPrecedence"],
};

/** @returns undefined for a kind that is not built in */
export function emptyObject(
  apiVersion: string,
  kind: string,
): Readonly<Record<string, unknown>> | undefined {
  const node = kindNode(apiVersion, kind);
  const decoded = decode({ apiVersion, kind }, apiVersion, kind);
  if (!node || !decoded) return undefined;
  return withZeros(node, { ...decoded.object });
}

function withZeros(node: StructNode, value: Record<string, unknown>): Record<string, unknown> {
  const { required = [] } = structure.definitions[node.definition] ?? {};
  for (const name of [...required, ...(alwaysPrinted[node.definition] ?? [])]) {
    const property = node.properties.get(name);
    if (property && value[name] === undefined && isScalar(property))
      value[name] = scalarZero(property);
  }
  for (const [name, inner] of Object.entries(value)) {
    const property = node.properties.get(name);
    if (property?.type === "struct")
      value[name] = withZeros(property, { ...(inner as Record<string, unknown>) });
  }
  return value;
}

function isScalar(node: SchemaNode): node is ScalarNode {
  return node.type !== "struct" && node.type !== "list" && node.type !== "map";
}
