// What may stand at the cursor: the fields of the kind, and their values.
import type { ScalarNode, SchemaNode, StructNode } from "../../api/openapi/compiled.ts";
import type { Range } from "../../base/yaml/yamlTree.ts";
import { typeName } from "../hover.ts";
import type { KindStructures } from "../kindStructures.ts";
import type { Mentions } from "../names/mentionIndex.ts";
import { isForOthers } from "../ownDocuments.ts";
import { isPlainText } from "../plainText.ts";
import { type CursorPlace, cursorPlace } from "./cursorPlace.ts";
import { knownKeys, knownValues, nodeLabelKeys, nodeTaintKeys } from "./knownValues.ts";
import { manifestsAt } from "./manifests.ts";
import { type NameChoice, nameChoices } from "./nameChoices.ts";

export interface Completion {
  readonly label: string;
  /** Replaces `range`; "\n" and the indentation after it are the text's own. */
  readonly newText: string;
  /** True if `newText` says by "$0" where the cursor is to be, and writes "\$" for "$". */
  readonly isSnippet: boolean;
  readonly range: Range;
  readonly kind: "field" | "value" | "reference" | "manifest";
  /** "string", "[]Container"; of a reference, the kind it names. */
  readonly detail: string;
  /** Names the documentation: "core.v1.PodSpec.nodeName". */
  readonly documentation?: string;
  /** A custom field's own words. */
  readonly description?: string;
  readonly isRequired: boolean;
}

export interface Taint {
  readonly key: string;
  readonly value?: string;
}

/** What exists where the editor can see: in the cluster, in the workspace. */
export interface KnownNames {
  readonly structures: KindStructures;
  readonly names: Mentions;
  /** With tags, the best first. */
  readonly images: readonly string[];
  readonly taints: readonly Taint[];
}

/** Best first within what is required and what is not. */
export function completionsAt(text: string, offset: number, known: KnownNames): Completion[] {
  if (isForOthers(text, offset)) return [];
  const manifests = manifestsAt(text, offset);
  const place = cursorPlace(text, offset);
  if (!place) return manifests;
  if (place.path.length === 0 && place.key !== undefined) {
    const top = topLevelValues(place, place.key, known.structures);
    if (top) return top;
  }
  const { schema, owner } = schemaOf(place, known.structures);
  if (!schema) return place.path.length === 0 ? [...manifests, ...firstKeys(place)] : [];
  if (place.key !== undefined) {
    if (schema.type === "struct") return values({ text, place, known }, schema, place.key);
    return schema.type === "map" ? labelValues({ text, place, known }) : [];
  }
  if (schema.type === "struct") return keys(schema, place, known.structures);
  if (schema.type === "map") return mapKeys({ text, place, known }, owner);
  return owner && place.path.at(-1) === -1 ? itemValues({ text, place, known }, schema, owner) : [];
}

interface Question {
  readonly text: string;
  readonly place: CursorPlace;
  readonly known: KnownNames;
}

interface Owned {
  readonly schema: SchemaNode | undefined;
  /** The struct and field that hold the list or map which the place is in. */
  readonly owner?: { readonly definition: string; readonly field: string };
}

function schemaOf({ apiVersion, kind, path }: CursorPlace, structures: KindStructures): Owned {
  let schema: SchemaNode | undefined = structures.node(apiVersion, kind);
  let owner: Owned["owner"];
  for (const step of path) {
    if (step === -1) schema = schema?.type === "list" ? schema.element : undefined;
    else if (schema?.type === "struct") {
      owner = { definition: schema.definition, field: step };
      schema = schema.properties.get(step);
    } else schema = schema?.type === "map" ? schema.value : undefined;
  }
  return { schema, ...(owner ? { owner } : {}) };
}

function topLevelValues(
  place: CursorPlace,
  key: string,
  { kinds }: KindStructures,
): Completion[] | undefined {
  const { kind, apiVersion } = place;
  if (key !== "kind" && key !== "apiVersion") return undefined;
  const fitting = kinds.filter((each) =>
    key === "kind" ? !apiVersion || each.apiVersion === apiVersion : !kind || each.kind === kind,
  );
  const names = new Set(fitting.map((each) => each[key]));
  return [...names].sort().map((label) => choiceOf(label, place, key));
}

function firstKeys(place: CursorPlace): Completion[] {
  const { siblings } = place;
  return ["apiVersion", "kind", "metadata", "spec"]
    .filter((name) => !siblings.has(name))
    .map((name) =>
      fieldOf(name, place, name === "metadata" || name === "spec" ? "block" : "text", {
        detail: "",
        isRequired: true,
      }),
    );
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

function keys(schema: StructNode, place: CursorPlace, structures: KindStructures): Completion[] {
  return [...schema.properties]
    .filter(([name]) => !place.siblings.has(name) && !serverFields.has(name))
    .map(([name, field]) => {
      const { isRequired, hasDefault, description } = structures.facts(schema.definition, name);
      return fieldOf(name, place, shapeOf(field), {
        detail: typeName(field),
        documentation: `${schema.definition}.${name}`,
        ...(description === undefined ? {} : { description }),
        isRequired: isRequired && !hasDefault,
      });
    });
}

type Shape = "block" | "list" | "text" | "other";

function shapeOf({ type }: SchemaNode): Shape {
  if (type === "list") return "list";
  if (type === "struct" || type === "map") return "block";
  return type === "string" || type === "time" || type === "quantity" ? "text" : "other";
}

type FieldRest = Pick<Completion, "detail" | "isRequired"> &
  Partial<Pick<Completion, "documentation" | "description">>;

function fieldOf(name: string, place: CursorPlace, shape: Shape, rest: FieldRest): Completion {
  const { style, typed, column } = place;
  const isSnippet = style !== "block";
  const newText = isSnippet
    ? flowField(name, shape, style === "json")
    : name + blockOpening(shape, column);
  return { label: name, newText, isSnippet, range: typed, kind: "field", ...rest };
}

/** What follows a key: a value on the line, or a block below. */
function blockOpening(shape: Shape, column: number): string {
  const below = `:\n${" ".repeat(column + 2)}`;
  if (shape === "list") return `${below}- `;
  return shape === "block" ? below : ": ";
}

function flowField(name: string, shape: Shape, isJson: boolean): string {
  const key = (isJson ? JSON.stringify(name) : name).replaceAll("$", "\\$");
  if (shape === "list") return `${key}: [$0]`;
  if (shape === "block") return `${key}: {$0}`;
  return isJson && shape === "text" ? `${key}: "$0"` : `${key}: $0`;
}

const labelKeyFields: ReadonlySet<string> = new Set([
  "core.v1.PodAffinityTerm.topologyKey",
  "core.v1.TopologySpreadConstraint.topologyKey",
  "core.v1.NodeSelectorRequirement.key",
]);

function values(question: Question, schema: StructNode, key: string): Completion[] {
  const { place, known } = question;
  const field = schema.properties.get(key);
  if (!field) return [];
  const detail = typeName(field);
  const qualified = `${schema.definition}.${key}`;
  const choose = (labels: readonly string[]): Completion[] =>
    labels.map((label) => choiceOf(label, place, detail, field));
  const { choices } = known.structures.facts(schema.definition, key);
  if (choices.length > 0) return choose(choices);
  if (field.type === "bool") return choose(["true", "false"]);
  if (key === "image" && schema.definition.endsWith("Container")) return choose(known.images);
  if (labelKeyFields.has(qualified)) return choose(nodeKeys(known));
  if (qualified === "meta.v1.LabelSelectorRequirement.key") return choose(podLabelKeys(known));
  if (schema.definition === "core.v1.Toleration" && (key === "key" || key === "value"))
    return choose(taintTexts(key, place, known));
  const names = nameChoices(question.text, place, false, known.names)
    .filter(({ name }) => field.type !== "int32" || /^\d+$/.test(name))
    .map((choice) => referenceOf(choice, place, field));
  return [...names, ...choose(knownValues[qualified] ?? [])];
}

function nodeKeys({ names }: KnownNames): readonly string[] {
  return [...new Set([...nodeLabelKeys, ...labelKeys(names, "Node")])];
}

function podLabelKeys({ names }: KnownNames): readonly string[] {
  return labelKeys(names, "Pod");
}

function labelKeys(names: Mentions, kind: string): readonly string[] {
  const keysOfAll = names
    .definitions("label", kind)
    .map(({ name }) => name.slice(0, name.indexOf("=")));
  return [...new Set(keysOfAll)].sort();
}

function taintTexts(
  field: "key" | "value",
  { siblings }: CursorPlace,
  { taints }: KnownNames,
): readonly string[] {
  if (field === "key") return [...new Set([...taints.map(({ key }) => key), ...nodeTaintKeys])];
  const found = taints.filter(({ key }) => key === siblings.get("key"));
  return [...new Set(found.flatMap(({ value }) => (value ? [value] : [])))];
}

/** Values of a map's key: of a label that Pods have. */
function labelValues({ text, place, known }: Question): Completion[] {
  return nameChoices(text, place, false, known.names).map((choice) => referenceOf(choice, place));
}

function mapKeys({ text, place, known }: Question, owner: Owned["owner"]): Completion[] {
  const labels = nameChoices(text, place, true, known.names)
    .filter(({ key = "" }) => !place.siblings.has(key))
    .map((choice) => labelOf(choice, place));
  const qualified = owner ? `${owner.definition}.${owner.field}` : "";
  const more = [
    ...(knownKeys[qualified] ?? []),
    ...(qualified === "core.v1.PodSpec.nodeSelector" ? nodeKeys(known) : []),
  ];
  return [
    ...labels,
    ...more
      .filter((key) => !place.siblings.has(key))
      .map((key) => fieldOf(key, place, "text", { detail: "", isRequired: false })),
  ];
}

/** Items of a list of texts. */
function itemValues(
  { text, place, known }: Question,
  schema: SchemaNode,
  { definition, field }: { readonly definition: string; readonly field: string },
): Completion[] {
  const { itemChoices } = known.structures.facts(definition, field);
  const choices =
    itemChoices.length > 0 ? itemChoices : (knownValues[`${definition}.${field}`] ?? []);
  if (choices.length > 0)
    return choices.map((label) => choiceOf(label, place, typeName(schema), schema));
  return labelValues({ text, place, known });
}

function labelOf({ key = "", name, kind }: NameChoice, place: CursorPlace): Completion {
  const isJson = place.style === "json";
  const newText = `${isJson ? JSON.stringify(key) : key}: ${isJson ? JSON.stringify(name) : quoted(name)}`;
  return {
    label: `${key}: ${name}`,
    newText,
    isSnippet: false,
    range: place.typed,
    kind: "reference",
    detail: kind,
    isRequired: false,
  };
}

function referenceOf(choice: NameChoice, place: CursorPlace, schema?: SchemaNode): Completion {
  return { ...choiceOf(choice.name, place, choice.kind, schema), kind: "reference" };
}

const unquotedTypes: ReadonlySet<ScalarNode["type"]> = new Set([
  "bool",
  "int32",
  "int64",
  "double",
]);

function choiceOf(
  label: string,
  place: CursorPlace,
  detail: string,
  schema?: SchemaNode,
): Completion {
  const { typed: range, style } = place;
  const isRaw =
    schema !== undefined &&
    ((schema.type !== "struct" &&
      schema.type !== "list" &&
      schema.type !== "map" &&
      unquotedTypes.has(schema.type)) ||
      (schema.type === "intOrString" && /^\d+$/.test(label)));
  const text = style === "json" ? JSON.stringify(label) : quoted(label);
  return {
    label,
    newText: isRaw ? label : text,
    isSnippet: false,
    range,
    kind: "value",
    detail,
    isRequired: false,
  };
}

function quoted(text: string): string {
  return isPlainText(text) ? text : JSON.stringify(text);
}
