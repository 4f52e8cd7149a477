// Structural schemas: every field has a type, said once, outside of alternatives.
// Source: apiextensions-apiserver pkg/apiserver/schema/{validation,complete,convert}.go, kubernetes v1.34.
import { dequal } from "dequal";
import { goRegexp } from "../cel/regexp.ts";
import { type FieldError, fieldErrorText, forbidden, invalid, required } from "../fieldError.ts";
import type { FieldPath } from "../fieldPath.ts";
import type { JSONSchemaProps } from "../types.ts";
import {
  allowsOtherNames,
  childrenOf,
  isEmbedded,
  isIntOrString,
  itemsOf,
  preservesUnknown,
  sortedProperties,
  valuesOf,
} from "./jsonSchema.ts";

type Level = "root" | "item" | "field";

const intOrString = [{ type: "integer" }, { type: "string" }];

/** What keeps a schema from being structural, sorted by the texts. */
export function validateStructural(schema: JSONSchemaProps, path: FieldPath): FieldError[] {
  return [...invariants(schema, "root", path), ...completeness(schema, schema, path, path)]
    .map((error) => ({ error, text: fieldErrorText(error) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ error }) => error);
}

const unsupported = [
  "id",
  "$schema",
  "$ref",
  "patternProperties",
  "dependencies",
  "additionalItems",
  "definitions",
] as const;

/** Why a schema can't be read as a structural one at all; undefined if it can. */
export function conversionError(schema: JSONSchemaProps): string | undefined {
  for (const name of unsupported)
    if (isThere(schema[name]))
      return `OpenAPIV3Schema '${name.replace("$schema", "schema")}' is not supported`;
  if (schema["x-kubernetes-preserve-unknown-fields"] === false)
    return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined";
  if (Array.isArray(schema.items) && schema.items.length > 0)
    return "OpenAPIV3Schema 'items' must be a schema, but is an array";
  for (const child of childrenOf(schema)) {
    const error = conversionError(child);
    if (error !== undefined) return error;
  }
  return undefined;
}

function isThere(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

function invariants(schema: JSONSchemaProps, level: Level, path: FieldPath): FieldError[] {
  const items = itemsOf(schema);
  const values = valuesOf(schema);
  const errors: FieldError[] = [];
  if (schema.type === "array" && !items)
    errors.push(required(path.child("items"), "must be specified"));
  if (items) errors.push(...invariants(items, "item", path.child("items")));
  for (const [name, property] of sortedProperties(schema))
    errors.push(...invariants(property, "field", path.child("properties").key(name)));
  if (level === "root" && allowsOtherNames(schema))
    errors.push(forbidden(path.child("additionalProperties"), "must not be used at the root"));
  if (values) errors.push(...invariants(values, "field", path.child("additionalProperties")));
  return [
    ...errors,
    ...extensionErrors(schema, path),
    ...alternativeErrors(schema, path, {
      skipsAnyOf: dequal(schema.anyOf, intOrString),
      skipsFirstAllOf: dequal(schema.allOf?.[0]?.anyOf, intOrString),
    }),
    ...typeErrors(schema, level, path),
    ...resourceErrors(schema, level, path),
  ];
}

function extensionErrors(schema: JSONSchemaProps, path: FieldPath): FieldError[] {
  if (!isIntOrString(schema)) return [];
  const words = "must be false if x-kubernetes-int-or-string is true";
  return [
    ...(preservesUnknown(schema)
      ? [invalid(path.child("x-kubernetes-preserve-unknown-fields"), true, words)]
      : []),
    ...(isEmbedded(schema)
      ? [invalid(path.child("x-kubernetes-embedded-resource"), true, words)]
      : []),
  ];
}

const emptyTypeWords: Readonly<Record<Level, string>> = {
  root: "must not be empty at the root",
  item: "must not be empty for specified array items",
  field: "must not be empty for specified object fields",
};

function typeErrors(schema: JSONSchemaProps, level: Level, path: FieldPath): FieldError[] {
  const { type = "" } = schema;
  const at = path.child("type");
  const errors: FieldError[] = [];
  if (isEmbedded(schema) && type !== "object") {
    const words = "must be object if x-kubernetes-embedded-resource is true";
    errors.push(type === "" ? required(at, words) : invalid(at, type, words));
  } else if (type === "" && !isIntOrString(schema) && !preservesUnknown(schema))
    errors.push(required(at, emptyTypeWords[level]));
  if (isEmbedded(schema) && allowsOtherNames(schema))
    errors.push(
      forbidden(
        path.child("additionalProperties"),
        "must not be used if x-kubernetes-embedded-resource is set",
      ),
    );
  if (level === "root" && type !== "" && type !== "object")
    errors.push(invalid(at, type, "must be object at the root"));
  return errors;
}

/** apiVersion, kind and metadata are what they are. */
function resourceErrors(schema: JSONSchemaProps, level: Level, path: FieldPath): FieldError[] {
  const isResource = level === "root" || isEmbedded(schema);
  const at = (name: string) => path.child("properties").key(name);
  const errors: FieldError[] = [];
  for (const name of ["kind", "apiVersion"]) {
    const property = schema.properties?.[name];
    if (isResource && property && property.type !== "string")
      errors.push(invalid(at(name).child("type"), property.type ?? "", "must be string"));
  }
  const metadata = schema.properties?.metadata;
  if (metadata && isResource && metadata.type !== "object")
    errors.push(invalid(at("metadata").child("type"), metadata.type ?? "", "must be object"));
  if (metadata && level === "root" && !restrictsNamesOnly(metadata))
    errors.push(
      forbidden(
        at("metadata"),
        "must not specify anything other than name and generateName, but metadata is implicitly specified",
      ),
    );
  const isEmpty = Object.keys(schema.properties ?? {}).length === 0;
  if (isEmbedded(schema) && !preservesUnknown(schema) && isEmpty)
    errors.push(
      required(
        path.child("properties"),
        "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields",
      ),
    );
  return errors;
}

function restrictsNamesOnly(metadata: JSONSchemaProps): boolean {
  const { properties = {}, type: _type, default: _default, ...rest } = metadata;
  const names = Object.keys(properties);
  return (
    names.every((name) => name === "name" || name === "generateName") &&
    Object.values(rest).every((value) => !isThere(value))
  );
}

interface Skips {
  readonly skipsAnyOf: boolean;
  readonly skipsFirstAllOf: boolean;
}

const noSkips: Skips = { skipsAnyOf: false, skipsFirstAllOf: false };

function alternativeErrors(schema: JSONSchemaProps, path: FieldPath, skips: Skips): FieldError[] {
  const each = (name: "anyOf" | "allOf" | "oneOf") =>
    (schema[name] ?? []).flatMap((alternative, i) => {
      const isSkipped = name === "allOf" && i === 0 && skips.skipsFirstAllOf;
      const inner = isSkipped ? { ...noSkips, skipsAnyOf: true } : noSkips;
      return nestedErrors(alternative, path.child(name).index(i), inner);
    });
  return [
    ...(skips.skipsAnyOf ? [] : each("anyOf")),
    ...each("allOf"),
    ...each("oneOf"),
    ...(schema.not ? nestedErrors(schema.not, path.child("not"), noSkips) : []),
    ...patternErrors(schema.pattern, path.child("pattern")),
  ];
}

function patternErrors(pattern: string | undefined, path: FieldPath): FieldError[] {
  const compiled = pattern ? goRegexp(pattern) : undefined;
  return typeof compiled === "string"
    ? [invalid(path, pattern, `must be a valid regular expression, but isn't: ${compiled}`)]
    : [];
}

/** What alternatives may not say, with the words of the refusal. */
const forbiddenInside = [
  ["type", "must be empty to be structural"],
  ["additionalProperties", "must be undefined to be structural"],
  ["default", "must be undefined to be structural"],
  ["title", "must be empty to be structural"],
  ["description", "must be empty to be structural"],
  ["nullable", "must be false to be structural"],
  ["externalDocs", "must be undefined to be structural"],
  ["x-kubernetes-preserve-unknown-fields", "must be false to be structural"],
  ["x-kubernetes-embedded-resource", "must be false to be structural"],
  ["x-kubernetes-int-or-string", "must be false to be structural"],
  ["x-kubernetes-list-map-keys", "must be empty to be structural"],
  ["x-kubernetes-list-type", "must be undefined to be structural"],
  ["x-kubernetes-map-type", "must be undefined to be structural"],
  ["x-kubernetes-validations", "must be empty to be structural"],
] as const;

function nestedErrors(schema: JSONSchemaProps, path: FieldPath, skips: Skips): FieldError[] {
  const items = itemsOf(schema);
  const errors = alternativeErrors(schema, path, skips);
  if (items) errors.push(...nestedErrors(items, path.child("items"), noSkips));
  for (const [name, property] of sortedProperties(schema))
    errors.push(...nestedErrors(property, path.child("properties").key(name), noSkips));
  for (const [name, words] of forbiddenInside)
    if (isSaid(schema[name])) errors.push(forbidden(path.child(name), words));
  if (schema.properties?.metadata)
    errors.push(
      forbidden(
        path.child("properties").key("metadata"),
        "must not be specified in a nested context",
      ),
    );
  return errors;
}

function isSaid(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== "" && value !== false;
}

/** Fields that alternatives speak of must be specified outside of them too. */
function completeness(
  schema: JSONSchemaProps,
  outside: JSONSchemaProps,
  outsidePath: FieldPath,
  path: FieldPath,
): FieldError[] {
  const each = (name: "allOf" | "anyOf" | "oneOf") =>
    (schema[name] ?? []).flatMap((alternative, i) =>
      nestedCompleteness(alternative, outside, outsidePath, path.child(name).index(i)),
    );
  return [
    ...(schema.not ? nestedCompleteness(schema.not, outside, outsidePath, path.child("not")) : []),
    ...each("allOf"),
    ...each("anyOf"),
    ...each("oneOf"),
  ];
}

function nestedCompleteness(
  schema: JSONSchemaProps,
  outside: JSONSchemaProps | undefined,
  outsidePath: FieldPath,
  path: FieldPath,
): FieldError[] {
  if (!outside) return [required(outsidePath, `because it is defined in ${path}`)];
  const items = itemsOf(schema);
  return [
    ...completeness(schema, outside, outsidePath, path),
    ...(items
      ? nestedCompleteness(items, itemsOf(outside), outsidePath.child("items"), path.child("items"))
      : []),
    ...sortedProperties(schema).flatMap(([name, property]) =>
      nestedCompleteness(
        property,
        outside.properties?.[name],
        outsidePath.child("properties").key(name),
        path.child("properties").key(name),
      ),
    ),
  ];
}
