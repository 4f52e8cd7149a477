// Paths from a schema to one of its fields, as rules and selectable fields name them: ".spec.size",
// ".labels['a.b']". Source: ValidFieldPath, apiextensions-apiserver pkg/apiserver/schema/cel, 1.34.
import { FieldPath } from "../fieldPath.ts";
import type { JSONSchemaProps } from "../types.ts";
import { allowsOtherNames, propertyOf, valuesOf } from "./jsonSchema.ts";

export interface FoundField {
  readonly path: FieldPath;
  readonly schema: JSONSchemaProps | undefined;
}

interface PathOptions {
  /** Names may stand in brackets: ['a.b']. */
  readonly allowsBrackets: boolean;
}

/** The field that a path leads to, or why it leads nowhere. */
export function findField(
  text: string,
  root: JSONSchemaProps,
  { allowsBrackets }: PathOptions,
): FoundField | string {
  const tokens = tokensOf(text);
  let found: FoundField = { path: FieldPath.root, schema: root };
  while (tokens.length > 0) {
    const token = tokens.shift();
    if (token === "[" && !allowsBrackets) return "array notation is not allowed";
    if (token !== "[" && token !== ".") return `expected [ or . but got: ${token}`;
    const name = token === "[" ? bracketedName(tokens) : { name: tokens.shift() };
    if (typeof name === "string") return name;
    if (name.name === undefined) return "unexpected end of JSON path";
    const next = step(found, name.name);
    if (!next) return "does not refer to a valid field";
    found = next;
  }
  return found;
}

/** Delimiters are tokens of their own; text in quotes is one token. */
function tokensOf(text: string): string[] {
  return text.match(/'(?:\\.|[^'\\])*'|[.[\]]|[^.[\]]+/gs) ?? [];
}

/** @returns why the brackets are wrong, or the name in them */
function bracketedName(tokens: string[]): { readonly name: string } | string {
  const quoted = tokens.shift();
  if (quoted === undefined) return "unexpected end of JSON path";
  if (quoted.length < 2 || !/^'.*'$/s.test(quoted))
    return `expected single quoted string but got ${quoted}`;
  const close = tokens.shift();
  if (close === undefined) return "unexpected end of JSON path";
  if (close !== "]") return `expected ] but got ${close}`;
  const unknown = /\\[^abfnrtv'\\]/.exec(quoted.slice(1, -1))?.[0];
  if (unknown !== undefined) return `invalid string literal: invalid escape char ${unknown}`;
  return { name: quoted.slice(1, -1).replace(/\\(.)/g, (_, c: string) => escapes[c] ?? c) };
}

const escapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

function step({ path, schema }: FoundField, name: string): FoundField | undefined {
  if (!schema) return undefined;
  if (schema.properties) {
    const property = propertyOf(schema, name);
    return property && { path: path.child(name), schema: property };
  }
  return allowsOtherNames(schema) ? { path: path.key(name), schema: valuesOf(schema) } : undefined;
}
