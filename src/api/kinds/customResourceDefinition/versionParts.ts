// Subresources, printer columns and selectable fields of a version.
// Source: apiextensions-apiserver pkg/apis/apiextensions/validation/validation.go, kubernetes v1.34.
import { findField } from "../../crd/relativePath.ts";
import { duplicate, type FieldError, invalid, required, tooMany } from "../../fieldError.ts";
import type { FieldPath } from "../../fieldPath.ts";
import type {
  CustomResourceColumnDefinition,
  CustomResourceSubresources,
  JSONSchemaProps,
  SelectableField,
} from "../../types.ts";

const columnTypes = ["boolean", "date", "integer", "number", "string"];
const columnFormats = [
  "byte",
  "date",
  "date-time",
  "double",
  "float",
  "int32",
  "int64",
  "password",
];
const mostSelectableFields = 8;

export function subresourceErrors(
  subresources: CustomResourceSubresources | undefined,
  path: FieldPath,
): FieldError[] {
  const scale = subresources?.scale;
  if (!scale) return [];
  const { labelSelectorPath } = scale;
  return [
    ...replicasErrors(scale.specReplicasPath, path.child("scale", "specReplicasPath"), "spec"),
    ...replicasErrors(
      scale.statusReplicasPath,
      path.child("scale", "statusReplicasPath"),
      "status",
    ),
    ...(labelSelectorPath
      ? selectorErrors(labelSelectorPath, path.child("scale", "labelSelectorPath"))
      : []),
  ];
}

function replicasErrors(text: string, path: FieldPath, part: "spec" | "status"): FieldError[] {
  if (!text) return [required(path)];
  const errors = simplePathErrors(text, path);
  if (errors.length > 0 || text.startsWith(`.${part}.`)) return errors;
  return [invalid(path, text, `should be a json path under .${part}`)];
}

function selectorErrors(text: string, path: FieldPath): FieldError[] {
  const errors = simplePathErrors(text, path);
  if (errors.length > 0 || text.startsWith(".spec.") || text.startsWith(".status.")) return errors;
  return [invalid(path, text, "should be a json path under either .spec or .status")];
}

function simplePathErrors(text: string, path: FieldPath): FieldError[] {
  return text.startsWith(".")
    ? []
    : [invalid(path, text, "must be a simple json path starting with .")];
}

export function columnErrors(
  columns: readonly CustomResourceColumnDefinition[] | undefined,
  path: FieldPath,
): FieldError[] {
  return (columns ?? []).flatMap((column, i) => {
    const { name, type, format, jsonPath } = column;
    const at = path.index(i);
    const types = `must be one of ${columnTypes.join(",")}`;
    const formats = `must be one of ${columnFormats.join(",")}`;
    return [
      ...(name ? [] : [required(at.child("name"))]),
      ...(type ? [] : [required(at.child("type"), types)]),
      ...(type && !columnTypes.includes(type) ? [invalid(at.child("type"), type, types)] : []),
      ...(format && !columnFormats.includes(format)
        ? [invalid(at.child("format"), format, formats)]
        : []),
      ...(jsonPath
        ? simplePathErrors(jsonPath, at.child("JSONPath"))
        : [required(at.child("JSONPath"))]),
    ];
  });
}

export function selectableFieldErrors(
  fields: readonly SelectableField[],
  schema: JSONSchemaProps,
  path: FieldPath,
): FieldError[] {
  const seen = new Set<string>();
  const errors: FieldError[] = [];
  for (const [i, { jsonPath }] of fields.entries()) {
    const at = path.index(i).child("jsonPath");
    if (!jsonPath) {
      errors.push(required(at));
      continue;
    }
    const found = findField(jsonPath, schema, { allowsBrackets: false });
    if (typeof found === "string") {
      errors.push(invalid(at, jsonPath, `is an invalid path: ${found}`));
      continue;
    }
    if (found.path.steps[0] === "metadata")
      errors.push(invalid(at, jsonPath, "must not point to fields in metadata"));
    if (!["string", "boolean", "integer"].includes(found.schema?.type ?? ""))
      errors.push(
        invalid(
          at,
          jsonPath,
          "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.",
        ),
      );
    if (seen.has(found.path.toString())) errors.push(duplicate(at, jsonPath));
    seen.add(found.path.toString());
  }
  if (seen.size > mostSelectableFields) errors.push(tooMany(path, seen.size, mostSelectableFields));
  return errors;
}
