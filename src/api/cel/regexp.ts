// Patterns in expressions, compiled once.
import { GoRegexp } from "../../base/goRegexp/goRegexp.ts";
import { CelError } from "./value.ts";

const mostKept = 500;
const compiled = new Map<string, GoRegexp | string>();

/** The pattern, or Go's words for what is wrong with it. */
export function goRegexp(pattern: string): GoRegexp | string {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  if (compiled.size >= mostKept) compiled.clear();
  const made = GoRegexp.compile(pattern);
  compiled.set(pattern, made);
  return made;
}

export function regexpError(pattern: string): string | undefined {
  const made = goRegexp(pattern);
  return typeof made === "string" ? made : undefined;
}

/** @throws CelError if the pattern is none */
export function regexpOrFail(pattern: string): GoRegexp {
  const made = goRegexp(pattern);
  if (typeof made === "string") throw new CelError(made);
  return made;
}

export function matchesRegexp(text: string, pattern: string): boolean {
  return regexpOrFail(pattern).test(text);
}
