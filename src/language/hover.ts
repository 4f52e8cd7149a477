// What a field is, in Kubernetes' words, with its type and what the server makes of it.
import type { SchemaNode } from "../api/openapi/compiled.ts";
import type { Documentation } from "../api/openapi/documentation.ts";
import { structure } from "../api/openapi/structure.ts";
import type { Range } from "../base/yaml/yamlTree.ts";
import { effectiveObject, valueAt } from "./effective.ts";
import { type Field, fieldAt, objectsOf } from "./fields.ts";
import type { ManifestDocument } from "./manifest.ts";

export interface FieldHover {
  readonly range: Range;
  /** "spec.containers[0].image". */
  readonly path: string;
  /** "string", "[]Container", "map of string". */
  readonly type: string;
  readonly text: string;
  readonly choices: readonly string[];
  readonly isRequired: boolean;
  /** As the server will store it, where the text says something else or less. */
  readonly effective?: unknown;
}

export function hoverAt(
  document: ManifestDocument,
  offset: number,
  documentation: Documentation,
): FieldHover | undefined {
  const field = fieldAt(document, offset);
  if (!field) return undefined;
  const { owner, name, path, keyRange, node } = field;
  const isOnKey = offset >= keyRange.start && offset <= keyRange.end;
  const effective = effectiveValue(document, field);
  const schema = owner && structure.definitions[owner.definition];
  return {
    range: isOnKey ? keyRange : node.range,
    path: path.toString(),
    type: typeName(field.schema),
    text: owner ? (documentation.ofField(`${owner.definition}.${name}`) ?? "") : "",
    choices: schema?.properties?.[name]?.enum ?? [],
    isRequired: schema?.required?.includes(name) ?? false,
    ...(effective === undefined ? {} : { effective }),
  };
}

/** How a type is named to people: Kubernetes' own names, without Go's decorations. */
export function typeName(schema: SchemaNode): string {
  switch (schema.type) {
    case "list":
      return `[]${typeName(schema.element)}`;
    case "map":
      return `map[string]${typeName(schema.value)}`;
    case "struct":
      return schema.definition.slice(schema.definition.lastIndexOf(".") + 1);
    case "int32":
    case "int64":
      return "integer";
    case "bool":
      return "boolean";
    case "double":
      return "number";
    case "intOrString":
      return "integer or string";
    default:
      return schema.type;
  }
}

/** Scalars that the server spells or fills in differently from the text. */
function effectiveValue(document: ManifestDocument, { path, node }: Field): unknown {
  if (node.type !== "scalar") return undefined;
  for (const object of objectsOf(document)) {
    if (object.locate(path)?.node !== node) continue;
    const value = valueAt(effectiveObject(object), path);
    return value === node.value ? undefined : value;
  }
  return undefined;
}
