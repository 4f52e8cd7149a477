// The text of an expression and what is wrong with it, as cel-go reports it: message, line, arrow.
// Source: cel-go v0.26 common/source.go and common/errors.go.

/** Something wrong at an offset (in UTF-16 units) of the expression. */
export interface CelIssue {
  readonly offset: number;
  readonly message: string;
}

interface Location {
  readonly line: number;
  /** In characters, from 0. */
  readonly column: number;
}

const mostIssues = 100;

/**
 * All issues in the order of the text, one after the other:
 * "ERROR: <input>:1:5: undefined field 'nope'\n | self.nope == 1\n | ....^".
 */
export function issuesText(text: string, issues: readonly CelIssue[]): string {
  const lines = text.split("\n");
  const placed = issues
    .slice(0, mostIssues)
    .map(({ offset, message }) => ({ message, ...locate(lines, offset) }))
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .map((issue) => issueText(lines, issue));
  const truncated = issues.length - mostIssues;
  if (truncated > 0) placed.push(`${truncated} more errors were truncated`);
  return placed.join("\n");
}

function locate(lines: readonly string[], offset: number): Location {
  let start = 0;
  let line = 0;
  while (line < lines.length - 1 && offset > start + (lines[line] ?? "").length) {
    start += (lines[line] ?? "").length + 1;
    line++;
  }
  const before = (lines[line] ?? "").slice(0, Math.max(0, offset - start));
  return { line, column: [...before].length };
}

function issueText(
  lines: readonly string[],
  { line, column, message }: Location & { readonly message: string },
): string {
  const snippet = (lines[line] ?? "").replaceAll("\t", " ");
  // Under a wide character stands a wide dot, so that the arrow keeps its place.
  const dots = [...snippet].slice(0, column).map((c) => (isWide(c) ? "．" : "."));
  const arrow = isWide([...snippet][column] ?? "") ? "＾" : "^";
  const missing = ".".repeat(Math.max(0, column - dots.length));
  const head = `ERROR: <input>:${line + 1}:${column + 1}: ${message}`;
  return `${head}\n | ${snippet}\n | ${dots.join("")}${missing}${arrow}`;
}

function isWide(character: string): boolean {
  return character.length > 0 && (character.codePointAt(0) ?? 0) >= 0x80;
}
