// What a field is, in Kubernetes' words, with its type and what the server makes of it.

import type { FieldPath, PathStep } from "../api/fieldPath.ts";
import type { SchemaNode } from "../api/openapi/compiled.ts";
import type { Documentation } from "../api/openapi/documentation.ts";
import type { MapNode, Range, TreeNode } from "../base/yaml/yamlTree.ts";
import type { CustomKinds } from "./customKinds.ts";
import { splitDocuments } from "./documents.ts";
import { effectiveObject, valueAt } from "./effective.ts";
import { contains, type Field, fieldAt, objectsOf } from "./fields.ts";
import { KindStructures } from "./kindStructures.ts";
import { ManifestDocument } from "./manifest.ts";
import { isForOthers, legibleDocument } from "./ownDocuments.ts";

export interface FieldHover {
  readonly range: Range;
  /** "spec.containers[0].image". */
  readonly path: string;
  /** "string", "[]Container", "map of string". */
  readonly type: string;
  readonly text: string;
  readonly choices: readonly string[];
  readonly isRequired: boolean;
  /** As the server will store it, where the text says it otherwise. */
  readonly effective?: unknown;
  /** What the server would put there if the text said nothing. */
  readonly default?: unknown;
  /** What the server adds to a map: names and values. */
  readonly added: readonly (readonly [name: string, value: unknown])[];
}

/** What is known of fields. */
export interface HoverWorld {
  readonly documentation: Documentation;
  readonly custom?: CustomKinds;
}

export function hoverAt(
  text: string,
  offset: number,
  { documentation, custom }: HoverWorld,
): FieldHover | undefined {
  if (isForOthers(text, offset)) return undefined;
  const place = splitDocuments(text).find((each) => contains(each, offset));
  const document = place && legibleDocument(text, place);
  const structures = new KindStructures(custom);
  const field = document && fieldAt(document, offset, structures);
  if (!field) return undefined;
  const { owner, name, path, keyRange, node } = field;
  const isOnKey = offset >= keyRange.start && offset <= keyRange.end;
  const facts = owner && structures.facts(owner.definition, name);
  const words = owner && documentation.ofField(`${owner.definition}.${name}`);
  return {
    range: isOnKey ? keyRange : node.range,
    path: path.toString(),
    type: typeName(field.schema),
    text: words ?? facts?.description ?? "",
    choices: facts?.choices ?? [],
    isRequired: facts?.isRequired ?? false,
    ...serversView(document, field, custom),
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

type ServersView = Pick<FieldHover, "effective" | "default" | "added">;

/** What the server makes of the field. */
function serversView(
  document: ManifestDocument,
  { path, node, owner }: Field,
  custom: CustomKinds | undefined,
): ServersView {
  const object = objectsOf(document).find((each) => each.locate(path)?.node === node);
  if (!object) return { added: [] };
  const value = valueAt(effectiveObject(object, custom), path);
  if (node.type === "map") return { added: addedTo(node, value) };
  if (node.type === "list") return { added: [] };
  const usual = owner ? defaultAt(object, path, custom) : undefined;
  return {
    ...(value === node.value ? {} : { effective: value }),
    ...(isScalar(usual) ? { default: usual } : {}),
    added: [],
  };
}

/** Fields that only the server has set. */
function addedTo(
  { entries }: MapNode,
  value: unknown,
): readonly (readonly [name: string, value: unknown])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).filter(
    ([name, added]) => !entries.has(name) && name !== "status" && added !== null,
  );
}

function defaultAt(
  object: ManifestDocument,
  path: FieldPath,
  custom: CustomKinds | undefined,
): unknown {
  if (!object.root) return undefined;
  const root = without(object.root, path.steps);
  const document = new ManifestDocument(object.place, root, [], []);
  return valueAt(effectiveObject(document, custom), path);
}

/** The tree without the field. */
function without(node: TreeNode, [step, ...rest]: readonly PathStep[]): TreeNode {
  if (step === undefined) return node;
  if (typeof step === "number") {
    if (node.type !== "list") return node;
    return {
      ...node,
      items: node.items.map((item, i) => (i === step ? without(item, rest) : item)),
    };
  }
  if (node.type !== "map") return node;
  const name = typeof step === "object" ? step.key : step;
  const entries = new Map(node.entries);
  const entry = entries.get(name);
  if (rest.length === 0) entries.delete(name);
  else if (entry) entries.set(name, { ...entry, node: without(entry.node, rest) });
  return { ...node, entries };
}

function isScalar(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "" && typeof value !== "object";
}
