// When an indexed Job has succeeded early. Source: pkg/apis/batch/validation validateSuccessPolicy, 1.34.
import { type FieldError, invalid, required, tooLong, tooMany } from "../../fieldError.ts";
import type { FieldPath } from "../../fieldPath.ts";
import type { SuccessPolicy, SuccessPolicyRule } from "../../types.ts";
import { checkNonNegative, each } from "../../validation/fields.ts";
import { goShape } from "../../validation/goShape.ts";

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
  const total = indexes === undefined ? 0 : countIndexes(indexes, completions);
  if (typeof total === "string")
    errors.push(invalid(indexesPath, indexes, `error parsing succeededIndexes: ${total}`));
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
  if (indexes !== undefined && count > (typeof total === "string" ? 0 : total))
    errors.push(
      invalid(
        countPath,
        count,
        `must be less than or equal to ${typeof total === "string" ? 0 : total} (the number of indexes in the specified succeededIndexes field)`,
      ),
    );
  return errors;
}

/** How many indexes "1,3-5" names, or why it names none. */
function countIndexes(text: string, completions: number): number | string {
  if (text === "") return 0;
  let last = -1;
  let total = 0;
  for (const interval of text.split(",")) {
    const limits = interval.split("-");
    if (limits.length > 2)
      return `the fragment ${JSON.stringify(interval)} violates the requirement that an index interval can have at most two parts separated by '-'`;
    const numbers: number[] = [];
    for (const limit of limits) {
      if (!/^[+-]?\d+$/.test(limit))
        return `cannot convert string to integer for index: ${JSON.stringify(limit)}`;
      if (Number(limit) >= completions) return `too large index: ${JSON.stringify(limit)}`;
      numbers.push(Number(limit));
    }
    const [from = 0, to = from] = numbers;
    if (limits.length === 2 && from >= to) return notIncreasing(from, to);
    if (last >= from) return notIncreasing(last, from);
    total += to - from + 1;
    last = to;
  }
  return total;
}

function notIncreasing(previous: number, current: number): string {
  return `non-increasing order, previous: ${previous}, current: ${current}`;
}
