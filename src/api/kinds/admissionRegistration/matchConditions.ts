// Conditions in CEL that a request must meet as well.
// Source: pkg/apis/admissionregistration/validation validateMatchConditions, kubernetes v1.34.
import { duplicate, type FieldError, required, tooMany } from "../../fieldError.ts";
import type { FieldPath } from "../../fieldPath.ts";
import { matchConditionErrors } from "../../policies/expressionErrors.ts";
import type { MatchCondition } from "../../types.ts";
import { checkQualifiedName, each } from "../../validation/fields.ts";

const maxConditions = 64;

export function validateMatchConditions(
  conditions: readonly MatchCondition[] | undefined,
  path: FieldPath,
  { hasParams = false }: { readonly hasParams?: boolean } = {},
): FieldError[] {
  const count = conditions?.length ?? 0;
  const names = new Set<string>();
  return [
    ...(count > maxConditions ? [tooMany(path, count, maxConditions)] : []),
    ...each(conditions, path, ({ name = "", expression = "" }, at) => {
      const text = expression.trim();
      const errors =
        text === ""
          ? [required(at.child("expression"))]
          : matchConditionErrors(text, hasParams, at.child("expression"));
      if (name === "") return [...errors, required(at.child("name"))];
      errors.push(...checkQualifiedName(name, at.child("name")));
      if (names.has(name)) errors.push(duplicate(at.child("name"), name));
      names.add(name);
      return errors;
    }),
  ];
}
