// The fields of a manifest with what the structure of their kind says of them.
import { FieldPath } from "../api/fieldPath.ts";
import type { SchemaNode, StructNode } from "../api/openapi/compiled.ts";
import type { MapNode, Range, TreeNode } from "../base/yaml/yamlTree.ts";
import { isList } from "./kindProblem.ts";
import { KindStructures } from "./kindStructures.ts";
import { ManifestDocument } from "./manifest.ts";

/** One field that the text has. */
export interface Field {
  readonly path: FieldPath;
  readonly name: string;
  readonly keyRange: Range;
  readonly node: TreeNode;
  /** What the value may be. */
  readonly schema: SchemaNode;
  /** The struct that the field belongs to; absent for keys of a map. */
  readonly owner?: StructNode;
  /** The map in the text that has the field. */
  readonly siblings: MapNode;
}

const builtIn = new KindStructures();

/** Every known field of the document's objects, outer ones first. Unknown fields are passed over. */
export function fieldsOf(
  document: ManifestDocument,
  structures: KindStructures = builtIn,
): readonly Field[] {
  const fields: Field[] = [];
  for (const object of objectsOf(document)) {
    const { apiVersion, kind } = object.fields ?? {};
    const schema = structures.node(String(apiVersion), String(kind));
    if (schema && object.root) collect(object.root, schema, FieldPath.root, fields);
  }
  return fields;
}

/** The document's object, or the items of its list. */
export function objectsOf(document: ManifestDocument): readonly ManifestDocument[] {
  const { fields } = document;
  if (!fields) return [];
  if (!isList(fields)) return [document];
  const items = document.locate(FieldPath.of("items"))?.node;
  if (items?.type !== "list") return [];
  return items.items
    .map((root) => new ManifestDocument(document.place, root, [], []))
    .flatMap(objectsOf);
}

/** The innermost field whose key or value is at the offset. */
export function fieldAt(
  document: ManifestDocument,
  offset: number,
  structures: KindStructures = builtIn,
): Field | undefined {
  let found: Field | undefined;
  for (const field of fieldsOf(document, structures)) {
    const { keyRange, node } = field;
    if (contains(keyRange, offset)) return field;
    if (node.type === "scalar" && contains(node.range, offset)) found = field;
  }
  return found;
}

export function contains({ start, end }: Range, offset: number): boolean {
  return offset >= start && offset <= end;
}

function collect(node: TreeNode, schema: SchemaNode, path: FieldPath, fields: Field[]): void {
  if (node.type === "list" && schema.type === "list")
    for (const [i, item] of node.items.entries())
      collect(item, schema.element, path.index(i), fields);
  if (node.type !== "map") return;
  for (const { key, keyRange, node: value } of node.entries.values()) {
    const field = fieldSchema(schema, key);
    if (!field) continue;
    const isStruct = schema.type === "struct";
    const at = isStruct ? path.child(key) : path.key(key);
    fields.push({
      path: at,
      name: key,
      keyRange,
      node: value,
      schema: field,
      siblings: node,
      ...(isStruct ? { owner: schema } : {}),
    });
    collect(value, field, at, fields);
  }
}

function fieldSchema(schema: SchemaNode, key: string): SchemaNode | undefined {
  if (schema.type === "struct") return schema.properties.get(key);
  return schema.type === "map" ? schema.value : undefined;
}
