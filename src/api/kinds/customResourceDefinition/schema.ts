// The schema of one version, or of all: structure, defaults, rules.
// Source: validateCustomResourceDefinitionValidation, apiextensions-apiserver
// pkg/apis/apiextensions/validation/validation.go, kubernetes v1.34.
import { validateDefaults } from "../../crd/defaultValues.ts";
import { validateOpenApi } from "../../crd/openApiRules.ts";
import { conversionError, validateStructural } from "../../crd/structural.ts";
import { type FieldError, forbidden, invalid } from "../../fieldError.ts";
import type { FieldPath } from "../../fieldPath.ts";
import type { CustomResourceValidation, JSONSchemaProps } from "../../types.ts";
import { schemaValue } from "./schemaValue.ts";

export interface SchemaOptions {
  readonly hasStatus: boolean;
  /** The schema is what it was before the update. */
  readonly isUnchanged: boolean;
}

export function validateSchema(
  validation: CustomResourceValidation | undefined,
  path: FieldPath,
  { hasStatus, isUnchanged }: SchemaOptions,
): FieldError[] {
  const schema = validation?.openAPIV3Schema;
  if (!schema) return [];
  const at = path.child("openAPIV3Schema");
  const errors = hasStatus ? rootErrors(schema, at) : [];
  if (schema.nullable)
    errors.push(forbidden(at.child("nullable"), "nullable cannot be true at the root"));
  const unreadable = conversionError(schema);
  const structural =
    unreadable === undefined
      ? firstComplaints(
          () => validateStructural(schema, at),
          () => validateDefaults(schema, at),
        )
      : [];
  errors.push(...structural);
  const isSound = unreadable === undefined && structural.length === 0;
  errors.push(...validateOpenApi(schema, at, { isSound, allowsCostlyRules: isUnchanged }));
  if (errors.length === 0 && unreadable !== undefined) errors.push(invalid(at, "", unreadable));
  return errors;
}

function firstComplaints(...checks: readonly (() => FieldError[])[]): FieldError[] {
  for (const check of checks) {
    const errors = check();
    if (errors.length > 0) return errors;
  }
  return [];
}

/** With a status subresource the status is checked by its part of the schema alone. */
const allowedAtRoot =
  "Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations".split(
    " ",
  );

function rootErrors(schema: JSONSchemaProps, path: FieldPath): FieldError[] {
  const value = schemaValue(schema);
  for (const [name, said] of Object.entries(value)) {
    if (said === null || said === "" || said === false) continue;
    if (name === "Type" && said !== "object")
      return [
        invalid(
          path.child("type"),
          said,
          'only "object" is allowed as the type at the root of the schema if the status subresource is enabled',
        ),
      ];
    if (!allowedAtRoot.includes(name))
      return [
        invalid(
          path,
          value,
          `only [${allowedAtRoot.join(" ")}] fields are allowed at the root of the schema if the status subresource is enabled`,
        ),
      ];
  }
  return [];
}
