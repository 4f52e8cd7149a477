// One thing that may stand at the cursor, written as the text around it is.
import type { SchemaNode } from "../../api/openapi/compiled.ts";
import type { Range } from "../../base/yaml/yamlTree.ts";
import { isPlainText } from "../plainText.ts";
import type { CursorPlace } from "./cursorPlace.ts";
import type { NameChoice } from "./nameChoices.ts";

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
  /** A whole manifest, as it will stand there. */
  readonly preview?: string;
  readonly isRequired: boolean;
  /** True if it makes sense to ask again behind it. */
  readonly opensMore?: boolean;
}

/** How the value of a field is written. */
export type Shape = "block" | "list" | "text" | "other";

export function shapeOf({ type }: SchemaNode): Shape {
  if (type === "list") return "list";
  if (type === "struct" || type === "map") return "block";
  return type === "string" || type === "time" || type === "quantity" ? "text" : "other";
}

type FieldRest = Pick<Completion, "detail" | "isRequired"> &
  Partial<Pick<Completion, "documentation" | "description" | "opensMore">>;

export function fieldOf(
  name: string,
  place: CursorPlace,
  shape: Shape,
  rest: FieldRest,
): Completion {
  const { style, typed, column } = place;
  const isSnippet = style !== "block";
  const newText = isSnippet
    ? flowField(name, shape, style === "json")
    : name + blockOpening(shape, column);
  const opensMore = shape === "block" || shape === "list";
  return { label: name, newText, isSnippet, range: typed, kind: "field", opensMore, ...rest };
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

export function labelOf({ key = "", name, kind }: NameChoice, place: CursorPlace): Completion {
  const newText = `${textAt(place, key)}: ${textAt({ style: place.style }, name)}`;
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

export function referenceOf(
  choice: NameChoice,
  place: CursorPlace,
  schema?: SchemaNode,
): Completion {
  return { ...choiceOf(choice.name, place, choice.kind, schema), kind: "reference" };
}

const unquotedTypes: ReadonlySet<SchemaNode["type"]> = new Set([
  "bool",
  "int32",
  "int64",
  "double",
]);

export function choiceOf(
  label: string,
  place: CursorPlace,
  detail: string,
  schema?: SchemaNode,
): Completion {
  const { typed: range } = place;
  const type = schema?.type ?? "string";
  const isRaw = unquotedTypes.has(type) || (type === "intOrString" && /^\d+$/.test(label));
  return {
    label,
    newText: isRaw ? label : textAt(place, label),
    isSnippet: false,
    range,
    kind: "value",
    detail,
    isRequired: false,
  };
}

/** In the quotes that are begun, or in some where it would be no text without. */
function textAt({ style, quote }: Pick<CursorPlace, "style" | "quote">, text: string): string {
  if (quote === "'") return `'${text.replaceAll("'", "''")}'`;
  return style === "json" || quote || !isPlainText(text) ? JSON.stringify(text) : text;
}
