// Defaults in a schema must be what the schema itself would accept.
// Source: apiextensions-apiserver pkg/apiserver/schema/defaulting/validation.go, kubernetes v1.34.
import { dequal } from "dequal";
import { draft } from "../../base/draft.ts";
import { type FieldError, invalid } from "../fieldError.ts";
import type { FieldPath } from "../fieldPath.ts";
import type { JSONSchemaProps } from "../types.ts";
import { CelValidator } from "./celValidator.ts";
import { hasDefault } from "./defaulting.ts";
import { readEmbeddedMeta, validateEmbedded } from "./embeddedMeta.ts";
import { asEmbedded, isEmbedded, itemsOf, metaFields, sortedProperties } from "./jsonSchema.ts";
import { prune } from "./pruning.ts";
import { validateAgainstSchema } from "./schemaValidator.ts";

/** @param schema of a whole resource */
export function validateDefaults(schema: JSONSchemaProps, path: FieldPath): FieldError[] {
  return defaultsWithin(asEmbedded(schema), path, false);
}

function defaultsWithin(
  schema: JSONSchemaProps,
  path: FieldPath,
  isInsideMeta: boolean,
): FieldError[] {
  const insideMeta = isInsideMeta && !isEmbedded(schema);
  const items = itemsOf(schema);
  return [
    ...(hasDefault(schema) ? ownErrors(schema, path.child("default"), insideMeta) : []),
    ...(items ? defaultsWithin(items, path.child("items"), insideMeta) : []),
    ...sortedProperties(schema).flatMap(([name, property]) =>
      defaultsWithin(
        property,
        path.child("properties").key(name),
        insideMeta || (isEmbedded(schema) && metaFields.has(name)),
      ),
    ),
  ];
}

function ownErrors(schema: JSONSchemaProps, path: FieldPath, isInsideMeta: boolean): FieldError[] {
  const value: unknown = draft(schema.default);
  if (isInsideMeta) return validateAgainstSchema(value, schema, path);
  const pruned: unknown = draft(schema.default);
  prune(pruned, schema, isEmbedded(schema));
  const errors = dequal(pruned, schema.default)
    ? []
    : [invalid(path, schema.default, "must not have unknown fields")];
  const [broken] = readEmbeddedMeta(value, schema).filter(({ stage }) => stage === "decode");
  if (broken) return [...errors, invalid(path.append(broken.path), value, broken.message)];
  const embedded = validateEmbedded(value, schema, path);
  if (embedded.length > 0) return [...errors, ...embedded];
  const invalidValues = validateAgainstSchema(value, schema, path);
  if (invalidValues.length > 0) return [...errors, ...invalidValues];
  return [...errors, ...ruleErrors(value, schema, path)];
}

function ruleErrors(value: unknown, schema: JSONSchemaProps, path: FieldPath): FieldError[] {
  const { errors } = new CelValidator(schema, { isResource: isEmbedded(schema) }).validate(value);
  return errors.map((error) => ({ ...error, path: path.append(error.path) }));
}
