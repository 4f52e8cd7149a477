// What may stand at the cursor: the fields of the kind, and their values.
import { kindNode, type SchemaNode, type StructNode } from "../api/openapi/compiled.ts";
import { structure } from "../api/openapi/structure.ts";
import type { Range } from "../base/yaml/yamlTree.ts";
import { type CursorPlace, cursorPlace } from "./cursor.ts";
import { typeName } from "./hover.ts";
import { referencedKind } from "./references.ts";

export interface Completion {
  readonly label: string;
  /** Replaces `range`; "\n" and the indentation after it are the text's own. */
  readonly newText: string;
  readonly range: Range;
  readonly kind: "field" | "value" | "reference";
  /** "string", "[]Container"; of a reference, the kind it names. */
  readonly detail: string;
  /** Names the documentation: "core.v1.PodSpec.nodeName". */
  readonly documentation?: string;
  readonly isRequired: boolean;
}

/** Names that exist where the editor can see: in the cluster, in the workspace. */
export interface KnownNames {
  names(kind: string, namespace: string): readonly string[];
  images(): readonly string[];
}

export function completionsAt(text: string, offset: number, known: KnownNames): Completion[] {
  const place = cursorPlace(text, offset);
  if (!place) return [];
  if (place.path.length === 0 && place.key !== undefined) {
    const top = topLevelValues(place);
    if (top) return top;
  }
  const schema = schemaOf(place);
  if (!schema) return place.path.length === 0 ? firstKeys(place) : [];
  if (place.key !== undefined) return values(schema, place, place.key, known);
  return schema.type === "struct" ? keys(schema, place) : [];
}

function schemaOf({ apiVersion, kind, path }: CursorPlace): SchemaNode | undefined {
  let schema: SchemaNode | undefined = kindNode(apiVersion, kind);
  for (const step of path) {
    if (step === -1) schema = schema?.type === "list" ? schema.element : undefined;
    else if (schema?.type === "struct") schema = schema.properties.get(step);
    else schema = schema?.type === "map" ? schema.value : undefined;
  }
  return schema;
}

const kinds = Object.keys(structure.kinds).map((key) => {
  const slash = key.lastIndexOf("/");
  return { apiVersion: key.slice(0, slash), kind: key.slice(slash + 1) };
});

function topLevelValues({ key, kind, apiVersion, typed }: CursorPlace): Completion[] | undefined {
  if (key !== "kind" && key !== "apiVersion") return undefined;
  const fitting = kinds.filter((each) =>
    key === "kind" ? !apiVersion || each.apiVersion === apiVersion : !kind || each.kind === kind,
  );
  const names = new Set(fitting.map((each) => each[key]));
  return [...names].sort().map((label) => choiceOf(label, typed, key));
}

function firstKeys({ typed, siblings }: CursorPlace): Completion[] {
  return ["apiVersion", "kind", "metadata", "spec"]
    .filter((name) => !siblings.includes(name))
    .map((name) => ({
      label: name,
      newText: name === "metadata" || name === "spec" ? `${name}:\n  ` : `${name}: `,
      range: typed,
      kind: "field",
      detail: "",
      isRequired: true,
    }));
}

/** What the server fills in is not for the author. */
const serverFields: ReadonlySet<string> = new Set([
  "status",
  "managedFields",
  "selfLink",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
]);

function keys(schema: StructNode, { typed, siblings, column }: CursorPlace): Completion[] {
  const required = structure.definitions[schema.definition]?.required ?? [];
  return [...schema.properties]
    .filter(([name]) => !siblings.includes(name) && !serverFields.has(name))
    .map(([name, field]) => ({
      label: name,
      newText: name + opening(field, column),
      range: typed,
      kind: "field",
      detail: typeName(field),
      documentation: `${schema.definition}.${name}`,
      isRequired: required.includes(name),
    }));
}

/** What follows a key: a value on the line, or a block below. */
function opening(field: SchemaNode, column: number): string {
  const below = `:\n${" ".repeat(column + 2)}`;
  if (field.type === "list") return `${below}- `;
  return field.type === "struct" || field.type === "map" ? below : ": ";
}

function values(
  schema: SchemaNode,
  place: CursorPlace,
  key: string,
  known: KnownNames,
): Completion[] {
  const { typed } = place;
  if (schema.type !== "struct") return [];
  const field = schema.properties.get(key);
  if (!field) return [];
  const choices = structure.definitions[schema.definition]?.properties?.[key]?.enum ?? [];
  if (choices.length > 0) return choices.map((label) => choiceOf(label, typed, typeName(field)));
  if (field.type === "bool")
    return ["true", "false"].map((label) => choiceOf(label, typed, "boolean"));
  if (key === "image" && schema.definition.endsWith("Container"))
    return known.images().map((label) => choiceOf(label, typed, "image"));
  const kind = referencedKind(schema.definition, key);
  if (kind === undefined) return [];
  return known
    .names(kind, "default")
    .map((label) => ({ ...choiceOf(label, typed, kind), kind: "reference" }));
}

function choiceOf(label: string, range: Range, detail: string): Completion {
  const isPlain =
    /^[\w./:@-]+$/.test(label) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(label);
  const newText = isPlain || detail === "boolean" ? label : JSON.stringify(label);
  return { label, newText, range, kind: "value", detail, isRequired: false };
}
