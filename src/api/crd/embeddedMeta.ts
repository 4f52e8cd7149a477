// Metadata of custom resources, and of resources embedded in them.
// Source: apiextensions-apiserver pkg/apiserver/schema/objectmeta, kubernetes v1.34.

import { assert } from "../../base/assert.ts";
import { type FieldError, fieldErrorText, invalid, required } from "../fieldError.ts";
import { FieldPath } from "../fieldPath.ts";
import { definitionNode, type StructNode } from "../openapi/compiled.ts";
import { type DecodeProblem, decodeStruct } from "../schema.ts";
import type { JSONSchemaProps, ObjectMeta } from "../types.ts";
import { validateObjectMeta } from "../validation/objectMeta.ts";
import { dns1035Label } from "../validation/texts.ts";
import {
  isEmbedded,
  isJsonObject,
  itemsOf,
  type JsonObject,
  propertyOf,
  valuesOf,
} from "./jsonSchema.ts";

function metaNode(): StructNode {
  const node = definitionNode("meta.v1.ObjectMeta");
  assert(node.type === "struct", "ObjectMeta has fields");
  return node;
}

/**
 * Brings `object.metadata` into the server's form, in place: unknown fields go, what cannot be read
 * is reported and left out.
 */
export function readMeta(object: JsonObject, path: FieldPath): readonly DecodeProblem[] {
  const value = object.metadata;
  if (value === undefined) return [];
  if (value !== null && !isJsonObject(value)) {
    const found = Array.isArray(value)
      ? "array"
      : typeof value === "boolean"
        ? "bool"
        : typeof value;
    const message = `json: cannot unmarshal ${found} into Go value of type v1.ObjectMeta`;
    return [problem("type", path.child("metadata"), message)];
  }
  const { result, problems } = decodeStruct(metaNode(), value ?? {});
  object.metadata = result;
  return problems.map((each) => {
    const at = path.child("metadata").append(each.path);
    const message =
      each.kind === "unknown" ? `unknown field ${JSON.stringify(String(at))}` : each.message;
    return { ...each, path: at, message };
  });
}

/** The same for all resources embedded in a value; also checks their apiVersion and kind. */
export function readEmbeddedMeta(
  value: unknown,
  schema: JSONSchemaProps | undefined,
  path: FieldPath = FieldPath.root,
): readonly DecodeProblem[] {
  if (!schema) return [];
  if (Array.isArray(value))
    return value.flatMap((item, i) => readEmbeddedMeta(item, itemsOf(schema), path.index(i)));
  if (!isJsonObject(value)) return [];
  const problems: DecodeProblem[] = [];
  if (isEmbedded(schema)) {
    for (const name of ["apiVersion", "kind"])
      if (value[name] !== undefined && typeof value[name] !== "string") {
        const error = invalid(path.child(name), value[name], "must be a string");
        problems.push(problem("type", path.child(name), fieldErrorText(error)));
      }
    problems.push(...readMeta(value, path).map((each) => embeddedProblem(each, path)));
  }
  for (const name of Object.keys(value)) {
    const child = propertyOf(schema, name) ?? valuesOf(schema);
    problems.push(...readEmbeddedMeta(value[name], child, path.child(name)));
  }
  return problems;
}

/** Within a resource, what is wrong with metadata is told with its place. */
function embeddedProblem(each: DecodeProblem, path: FieldPath): DecodeProblem {
  if (each.kind === "unknown") return each;
  return { ...each, message: `${path.child("metadata")}: Invalid value: ${each.message}` };
}

function problem(kind: DecodeProblem["kind"], path: FieldPath, message: string): DecodeProblem {
  return { stage: "decode", kind, path, message, isFinal: false };
}

/** Checks embedded resources: apiVersion and kind must be there, metadata must be right. */
export function validateEmbedded(
  value: unknown,
  schema: JSONSchemaProps | undefined,
  path: FieldPath = FieldPath.root,
): FieldError[] {
  if (!schema) return [];
  if (Array.isArray(value))
    return value.flatMap((item, i) => validateEmbedded(item, itemsOf(schema), path.index(i)));
  if (!isJsonObject(value)) return [];
  const errors = isEmbedded(schema) ? validateResource(value, path) : [];
  for (const name of Object.keys(value).sort()) {
    const property = propertyOf(schema, name);
    errors.push(
      ...(property
        ? validateEmbedded(value[name], property, path.child(name))
        : validateEmbedded(value[name], valuesOf(schema), path.key(name))),
    );
  }
  return errors;
}

function validateResource(object: JsonObject, path: FieldPath): FieldError[] {
  return [
    ...validateApiVersion(object.apiVersion, path.child("apiVersion")),
    ...validateKind(object.kind, path.child("kind")),
    ...validateMeta(object.metadata, path.child("metadata")),
  ];
}

function validateApiVersion(value: unknown, path: FieldPath): FieldError[] {
  if (value === undefined || value === "") return [required(path)];
  if (typeof value !== "string") return [invalid(path, value, "must be a string")];
  return value.split("/").length > 2
    ? [invalid(path, value, `unexpected GroupVersion string: ${value}`)]
    : [];
}

function validateKind(value: unknown, path: FieldPath): FieldError[] {
  if (value === undefined || value === "") return [required(path)];
  if (typeof value !== "string") return [invalid(path, value, "must be a string")];
  const problems = dns1035Label(value.toLowerCase());
  const words = "may have mixed case, but should otherwise match: ";
  return problems.length === 0 ? [] : [invalid(path, value, words + problems.join(","))];
}

function validateMeta(value: unknown, path: FieldPath): FieldError[] {
  if (value === undefined) return [];
  const holder: JsonObject = { metadata: value };
  const wrong = readMeta(holder, FieldPath.root).find(({ stage }) => stage === "decode");
  if (wrong) return [invalid(path, value, wrong.message)];
  const meta = holder.metadata as ObjectMeta;
  const named = meta.name ? meta : { ...meta, name: "fakename" };
  return validateObjectMeta(
    named,
    {
      namespaced: Boolean(meta.namespace),
      nameRule: "pathSegment",
      checksFinalizerNames: false,
    },
    path,
  );
}
