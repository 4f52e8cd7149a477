// Which lists may be sets or maps. Source: ValidateCustomResourceDefinitionOpenAPISchema and
// validateMapListKeysMapSet, apiextensions-apiserver pkg/apis/apiextensions/validation, kubernetes v1.34.
import { type FieldError, forbidden, invalid, notSupported, required } from "../fieldError.ts";
import type { FieldPath } from "../fieldPath.ts";
import type { JSONSchemaProps } from "../types.ts";
import { hasDefault } from "./defaulting.ts";
import { itemsOf } from "./jsonSchema.ts";

const listTypes = ["atomic", "set", "map"];

export function listTypeErrors(schema: JSONSchemaProps, path: FieldPath): FieldError[] {
  const listType = schema["x-kubernetes-list-type"];
  return [
    ...typeErrors(schema, path),
    ...keyUseErrors(schema, path),
    ...(listType === "map" ? mapErrors(schema, path) : []),
    ...(listType === "map" || listType === "set" ? uniquenessErrors(schema, path) : []),
  ];
}

function typeErrors(schema: JSONSchemaProps, path: FieldPath): FieldError[] {
  const listType = schema["x-kubernetes-list-type"];
  if (listType === undefined) return [];
  const errors: FieldError[] = [];
  const type = schema.type ?? "";
  if (type !== "array") {
    const words = "must be array if x-kubernetes-list-type is specified";
    const at = path.child("type");
    errors.push(type === "" ? required(at, words) : invalid(at, type, words));
  } else if (listType === "set") errors.push(...setErrors(itemsOf(schema), path.child("items")));
  if (!listTypes.includes(listType))
    errors.push(notSupported(path.child("x-kubernetes-list-type"), listType, listTypes));
  return errors;
}

/** Items of a set are replaced as a whole. */
function setErrors(items: JSONSchemaProps | undefined, path: FieldPath): FieldError[] {
  const words = "must be atomic as item of a list with x-kubernetes-list-type=set";
  const listType = items?.["x-kubernetes-list-type"];
  if (items?.type === "array" && listType !== undefined && listType !== "atomic")
    return [invalid(path.child("x-kubernetes-list-type"), listType, words)];
  if (items?.type === "object" && items["x-kubernetes-map-type"] !== "atomic")
    return [invalid(path.child("x-kubernetes-map-type"), listType, words)];
  return [];
}

function keyUseErrors(schema: JSONSchemaProps, path: FieldPath): FieldError[] {
  const listType = schema["x-kubernetes-list-type"];
  if (!schema["x-kubernetes-list-map-keys"]?.length || listType === "map") return [];
  const at = path.child("x-kubernetes-list-type");
  const words = "must be map if x-kubernetes-list-map-keys is non-empty";
  return [listType === undefined ? required(at, words) : invalid(at, listType, words)];
}

function mapErrors(schema: JSONSchemaProps, path: FieldPath): FieldError[] {
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  const keysPath = path.child("x-kubernetes-list-map-keys");
  const items = itemsOf(schema);
  const errors: FieldError[] = [];
  if (keys.length === 0)
    errors.push(required(keysPath, "must not be empty if x-kubernetes-list-type is map"));
  if (schema.items === undefined)
    errors.push(
      required(path.child("items"), "must have a schema if x-kubernetes-list-type is map"),
    );
  else if (!items)
    errors.push(
      invalid(
        path.child("items"),
        schema.items,
        "must only have a single schema if x-kubernetes-list-type is map",
      ),
    );
  else if (items.type !== "object")
    errors.push(
      invalid(
        path.child("items", "type"),
        items.type ?? "",
        "must be object if parent array's x-kubernetes-list-type is map",
      ),
    );
  else errors.push(...keyErrors(keys, items, { path, keysPath }));
  return errors;
}

function keyErrors(
  keys: readonly string[],
  items: JSONSchemaProps,
  { path, keysPath }: { readonly path: FieldPath; readonly keysPath: FieldPath },
): FieldError[] {
  return keys.flatMap((key, i) => {
    const property = items.properties?.[key];
    const errors: FieldError[] = [];
    if (!property)
      errors.push(invalid(keysPath, keys, "entries must all be names of item properties"));
    else if (property.type === "array" || property.type === "object")
      errors.push(
        invalid(
          path.child("items", "properties").key(key).child("type"),
          items.type,
          "must be a scalar type if parent array's x-kubernetes-list-type is map",
        ),
      );
    if (keys.indexOf(key) < i)
      errors.push(invalid(keysPath, keys, "must not contain duplicate entries"));
    return errors;
  });
}

/** Items and keys that could be null or missing could not be told apart. */
function uniquenessErrors(schema: JSONSchemaProps, path: FieldPath): FieldError[] {
  const items = itemsOf(schema);
  if (!items) return [];
  const listType = schema["x-kubernetes-list-type"];
  const errors: FieldError[] = [];
  if (items.nullable)
    errors.push(
      forbidden(
        path.child("items", "nullable"),
        `cannot be nullable when x-kubernetes-list-type is ${listType}`,
      ),
    );
  if (listType !== "map") return errors;
  for (const key of schema["x-kubernetes-list-map-keys"] ?? []) {
    const property = items.properties?.[key];
    if (!property) continue;
    const at = path.child("items", "properties").key(key);
    if (!items.required?.includes(key) && !hasDefault(property))
      errors.push(
        required(
          at.child("default"),
          "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property",
        ),
      );
    if (property.nullable)
      errors.push(
        forbidden(
          at.child("nullable"),
          "this property is in x-kubernetes-list-map-keys, so it cannot be nullable",
        ),
      );
  }
  return errors;
}
