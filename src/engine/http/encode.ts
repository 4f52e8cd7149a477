// Objects as the bytes that the server writes. Source: apimachinery pkg/runtime/serializer/json and
// Go's encoding/json, 1.34.
import { stringify } from "yaml";
import type { Kind } from "../../api/kind.ts";
import { printedForm } from "../../api/openapi/printedForm.ts";
import { notAcceptableError } from "../../api/status.ts";
import type { HttpResponse } from "./exchange.ts";
import type { Representation } from "./negotiate.ts";
import { encodeProtobuf, type TypeMeta } from "./protobuf.ts";

export const jsonType = "application/json";
export const yamlType = "application/yaml";
const protobufType = "application/vnd.kubernetes.protobuf";

/** The body of an answer and what it says of it. @throws ApiError NotAcceptable for what has no such form */
export function encoded(
  value: unknown,
  { encoding, isPretty }: Representation,
  isPerson: boolean,
): Pick<HttpResponse, "headers" | "body"> {
  if (encoding === "yaml") return { headers: { "Content-Type": yamlType }, body: yamlText(value) };
  if (encoding === "protobuf")
    return { headers: { "Content-Type": protobufType }, body: protobufBytes(value) };
  return { headers: { "Content-Type": jsonType }, body: jsonText(value, isPretty || isPerson) };
}

function protobufBytes(value: unknown): Uint8Array {
  const bytes = encodeProtobuf(value as TypeMeta);
  if (bytes) return bytes;
  throw notAcceptableError(`only the following media types are accepted: ${jsonType}, ${yamlType}`);
}

/** JSON as the server ends it: with a newline. */
export function jsonText(value: unknown, isPretty = false): string {
  return `${goEscaped(JSON.stringify(value, undefined, isPretty ? 2 : undefined))}\n`;
}

/** On one line, without the newline. */
export function compactJson(value: unknown): string {
  return goEscaped(JSON.stringify(value));
}

/** Go writes what could end a script in HTML as escapes. */
function goEscaped(text: string): string {
  return needsEscape.test(text) ? text.replace(htmlCharacters, escaped) : text;
}

/** Names in the order of the alphabet, as Go writes maps. */
export function yamlText(value: unknown): string {
  return stringify(value, { version: "1.1", sortMapEntries: true, lineWidth: 0 });
}

const needsEscape = /[<>&\u2028\u2029]/;
const htmlCharacters = /[<>&\u2028\u2029]/g;

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/**
 * An object or list with its type first. Items of a list of a built-in kind don't repeat it, since Go
 * knows them by their list.
 */
export function wireForm(body: unknown, kind: Kind | undefined): unknown {
  if (typeof body !== "object" || body === null || !("kind" in body)) return body;
  const { kind: name, apiVersion, metadata, items, ...rest } = printed(body);
  const head = { kind: name, apiVersion, metadata };
  if (!Array.isArray(items)) return { ...head, ...(items === undefined ? {} : { items }), ...rest };
  return { ...head, items: kind?.decode ? items : items.map(withoutType), ...rest };
}

function printed(object: object): Members {
  const { apiVersion, kind } = object as Members;
  return printedForm(object, String(apiVersion), String(kind));
}

interface Members {
  readonly kind?: unknown;
  readonly apiVersion?: unknown;
  readonly metadata?: unknown;
  readonly items?: unknown;
}

function withoutType(item: unknown): unknown {
  const { kind: _kind, apiVersion: _apiVersion, ...rest } = printed(item as Members);
  return rest;
}
