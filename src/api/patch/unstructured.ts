// How the server turns a map into an object of a kind without going through JSON, as it does with what a
// strategic merge or an apply makes, and what it says when it can't.
// Source: apimachinery pkg/runtime/converter.go, 1.34.
import { readScalar } from "../decodeScalar.ts";
import type { SchemaNode, StructNode } from "../openapi/compiled.ts";
import { goStruct } from "../openapi/goStructs.ts";

type Json = Readonly<Record<string, unknown>>;

/** What keeps the value from becoming an object of the kind; undefined if nothing does. */
export function conversionProblem(node: SchemaNode, value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  switch (node.type) {
    case "struct":
      if (!isMap(value)) return `cannot restore struct from: ${goKind(value)}`;
      return structProblem(node, value);
    case "list":
      if (!Array.isArray(value)) return `cannot restore slice from ${goKind(value)}`;
      return first(value, (item) => conversionProblem(node.element, item));
    case "map":
      if (!isMap(value)) return `cannot restore map from ${goKind(value)}`;
      return first(Object.values(value), (entry) => conversionProblem(node.value, entry));
    case "any":
      return undefined;
    case "bytes":
      if (typeof value !== "string") return `cannot restore slice from ${goKind(value)}`;
      return scalarProblem(node, value, "error decoding from json: ");
    case "quantity":
    case "time":
    case "microTime":
    case "intOrString":
      return scalarProblem(node, value, "");
    default:
      return plainProblem(node.type, value);
  }
}

/** Fields are read in the order in which Go's type declares them. */
function structProblem({ definition, properties }: StructNode, value: Json): string | undefined {
  const declared = (goStruct(definition) ?? []).map(({ name }) => name);
  const names = new Set([...declared, ...properties.keys()]);
  return first([...names], (name) => {
    const property = properties.get(name);
    return property && Object.hasOwn(value, name)
      ? conversionProblem(property, value[name])
      : undefined;
  });
}

function scalarProblem(
  node: Parameters<typeof readScalar>[0],
  value: unknown,
  prefix: string,
): string | undefined {
  const read = readScalar(node, value);
  if (!("problem" in read)) return undefined;
  const { problem } = read;
  return problem.kind === "value"
    ? prefix + problem.message
    : `json: cannot unmarshal ${problem.found} into Go value of type ${node.goType}`;
}

/** Go turns numbers into texts, and so the converter says that it will not; other types don't mix at all. */
function plainProblem(
  type: "string" | "bool" | "int32" | "int64" | "double",
  value: unknown,
): string | undefined {
  const wanted = type === "double" ? "float64" : type;
  const found = goKind(value);
  if (found === wanted || (found === "string" && wanted === "string")) return undefined;
  const isNumber = typeof value === "number" || typeof value === "bigint";
  if (wanted === "string" && found === "int64") return `cannot convert ${found} to ${wanted}`;
  if (!isNumber || wanted === "bool" || wanted === "string") return `unrecognized type: ${wanted}`;
  if (wanted === "float64" || found === "int64") return undefined;
  return `cannot convert ${found} to ${wanted}`;
}

function goKind(value: unknown): string {
  if (Array.isArray(value)) return "slice";
  if (typeof value === "object") return "map";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  return Number.isInteger(value) || typeof value === "bigint" ? "int64" : "float64";
}

function first<T>(
  items: readonly T[],
  problem: (item: T) => string | undefined,
): string | undefined {
  for (const item of items) {
    const found = problem(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isMap(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
