// Changes of text that mend a problem, as pure edits.
import type { Range } from "../base/yaml/yamlTree.ts";

import { splitDocuments } from "./documents.ts";
import { parseDocumentText } from "./manifest.ts";
import type { Hint, Problem } from "./problem.ts";
import { entryAdded, type TextEdit } from "./treeEdits.ts";

export interface QuickFix {
  /** "fix.replace" with the new text, "fix.add" with the field's name, or "fix.tabs". */
  readonly title: Hint;
  readonly edits: readonly TextEdit[];
}

const indentStep = 2;
/** More choices than these would not help. */
const mostChoices = 6;

/** What may mend a problem of this very text, best first. */
export function quickFixes(problem: Problem, text: string): QuickFix[] {
  const { hint, code } = problem;
  const [first = "", second = ""] = hint?.args ?? [];
  if (code === "FieldValueRequired") return missingFieldFix(problem, text);
  if (code === "FieldValueNotSupported") return choiceFixes(problem);
  switch (hint?.key) {
    case "hint.didYouMean":
    case "hint.quote":
      return [replacement(problem, first)];
    case "hint.apiVersion":
      return second.split(", ").map((version) => replacement(problem, version));
    case "hint.tab":
      return tabFix(problem, text);
    default:
      return [];
  }
}

function replacement({ start, end }: Range, newText: string): QuickFix {
  return { title: { key: "fix.replace", args: [newText] }, edits: [{ start, end, newText }] };
}

/** The server lists what it supports at the end of its message. */
function choiceFixes(problem: Problem): QuickFix[] {
  const list = /supported values: (.*)$/.exec(problem.message)?.[1] ?? "";
  const choices = [...list.matchAll(/"([^"\\]+)"/g)].map(([, choice = ""]) => choice);
  return choices.slice(0, mostChoices).map((choice) => replacement(problem, choice));
}

/** Spaces instead of the tabs that indent a line. */
function tabFix({ start }: Problem, text: string): QuickFix[] {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? "";
  const newText = indent.replaceAll("\t", " ".repeat(indentStep));
  const edits = [{ start: lineStart, end: lineStart + indent.length, newText }];
  return newText === indent ? [] : [{ title: { key: "fix.tabs", args: [] }, edits }];
}

function missingFieldFix({ start, field }: Problem, text: string): QuickFix[] {
  const place = splitDocuments(text).find((document) => start <= document.end);
  if (!place || !field) return [];
  const location = parseDocumentText(text, place).locate(field);
  const [name, ...deeper] = location?.missing ?? [];
  if (!location || typeof name !== "string" || deeper.length > 0) return [];
  const edit = entryAdded(location.node, location.keyRange, [`${name}: `], text);
  return edit ? [{ title: { key: "fix.add", args: [name] }, edits: [edit] }] : [];
}
