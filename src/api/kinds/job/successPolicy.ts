// When an indexed Job has succeeded early. Source: pkg/apis/batch/validation validateSuccessPolicy, 1.34.
import { type FieldError, invalid, required, tooLong, tooMany } from "../../fieldError.ts";
import type { FieldPath } from "../../fieldPath.ts";
import type { SuccessPolicy, SuccessPolicyRule } from "../../types.ts";
import { checkNonNegative, each } from "../../validation/fields.ts";
import { goShape } from "../../validation/goShape.ts";
import { countIndexes, parseIndexes } from "./indexes.ts";

const maxRules = 20;
const maxIndexesLength = 64 * 1024;

export const successPolicyShape = goShape([
  "Rules",
  "rules",
  goShape(
    ["SucceededIndexes", "succeededIndexes", null],
    ["SucceededCount", "succeededCount", null],
  ),
]);

export function validateSuccessPolicy(
  { rules = [] }: SuccessPolicy,
  completions: number,
  path: FieldPath,
): FieldError[] {
  const at = path.child("rules");
  return [
    ...(rules.length === 0
      ? [required(at, "at least one rules must be specified when the successPolicy is specified")]
      : []),
    ...(rules.length > maxRules ? [tooMany(at, rules.length, maxRules)] : []),
    ...each(rules, at, (rule, rulePath) => validateRule(rule, completions, rulePath)),
  ];
}

function validateRule(
  { succeededCount: count, succeededIndexes: indexes }: SuccessPolicyRule,
  completions: number,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  const indexesPath = path.child("succeededIndexes");
  const countPath = path.child("succeededCount");
  if (count === undefined && indexes === undefined)
    errors.push(
      required(path, "at least one of succeededCount or succeededIndexes must be specified"),
    );
  if (indexes !== undefined && indexes.length > maxIndexesLength)
    errors.push(tooLong(indexesPath, maxIndexesLength));
  const parsed = parseIndexes(indexes ?? "", completions);
  const total = typeof parsed === "string" ? 0 : countIndexes(parsed);
  if (typeof parsed === "string")
    errors.push(invalid(indexesPath, indexes, `error parsing succeededIndexes: ${parsed}`));
  if (count === undefined) return errors;
  errors.push(...checkNonNegative(count, countPath));
  if (count > completions)
    errors.push(
      invalid(
        countPath,
        count,
        `must be less than or equal to ${completions} (the number of specified completions)`,
      ),
    );
  if (indexes !== undefined && count > total)
    errors.push(
      invalid(
        countPath,
        count,
        `must be less than or equal to ${total} (the number of indexes in the specified succeededIndexes field)`,
      ),
    );
  return errors;
}
