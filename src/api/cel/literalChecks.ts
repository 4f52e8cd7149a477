// Literals that could not work in the call they are passed to: a duration or a pattern with a mistake.
// Source: cel-go v0.26 cel/validator.go.
import { parseGoDuration } from "./duration.ts";
import { childrenOf, type Expr } from "./expr.ts";
import { regexpError } from "./regexp.ts";
import type { CelIssue } from "./source.ts";
import { parseTimestamp } from "./timestamp.ts";

/** Functions whose last argument is checked where it is a literal text. */
const isValid: Readonly<Record<string, (text: string) => boolean>> = {
  duration: (text) => parseGoDuration(text) !== undefined,
  timestamp: (text) => parseTimestamp(text) !== undefined,
  matches: (pattern) => regexpError(pattern) === undefined,
};

export function literalIssues(expr: Expr): readonly CelIssue[] {
  return [...ownIssues(expr), ...childrenOf(expr).flatMap(literalIssues)];
}

function ownIssues(expr: Expr): readonly CelIssue[] {
  if (expr.kind !== "call") return [];
  const last = expr.args.at(-1);
  const test = isValid[expr.name];
  if (!test || last?.kind !== "const" || typeof last.value !== "string") return [];
  return test(last.value)
    ? []
    : [{ offset: last.offset, message: `invalid ${expr.name} argument` }];
}
