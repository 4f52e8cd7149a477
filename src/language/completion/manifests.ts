// Whole manifests, for a document in which nothing stands yet.

import type { Range } from "../../base/yaml/yamlTree.ts";
import { ownDocuments } from "../ownDocuments.ts";
import { documentAt } from "./cursorPlace.ts";
import { manifestTexts } from "./manifestTexts.ts";
import type { Completion } from "./offer.ts";

export interface ManifestTemplate {
  readonly kind: string;
  readonly apiVersion: string;
  /** With the words that are to be filled in. */
  readonly text: string;
  /** In the notation of snippets: "${1:app}". */
  readonly snippet: string;
}

export const manifestTemplates: readonly ManifestTemplate[] = manifestTexts.map((text) => ({
  kind: /^kind: (.*)$/m.exec(text)?.[1] ?? "",
  apiVersion: /^apiVersion: (.*)$/m.exec(text)?.[1] ?? "",
  text: text.replace(/[«»]/g, ""),
  snippet: snippetOf(text),
}));

/** A manifest of each kind, if nothing but a word is in the document, and the text is no other tool's. */
export function manifestsAt(text: string, offset: number): Completion[] {
  const typed = loneWord(text, offset);
  if (!typed) return [];
  const others = text.slice(0, typed.start) + text.slice(typed.end);
  if (!isBlank(others) && ownDocuments(others).length === 0) return [];
  return manifestTemplates.map(({ kind, apiVersion, text: preview, snippet }) => ({
    label: kind,
    newText: snippet,
    isSnippet: true,
    range: typed,
    kind: "manifest",
    detail: apiVersion,
    preview,
    isRequired: true,
  }));
}

/** The word before the offset, or none, if the document has nothing else. */
function loneWord(text: string, offset: number): Range | undefined {
  const document = documentAt(text, offset);
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const isAlone =
    /^\w*$/.test(text.slice(start, offset)) &&
    isBlank(text.slice(document.start, Math.max(start, document.start))) &&
    isBlank(text.slice(offset, document.end));
  return isAlone ? { start, end: offset } : undefined;
}

/** True if there are only comments and separators. */
function isBlank(text: string): boolean {
  return text.replace(/^(?:[ \t]*#.*|---.*)$/gm, "").trim() === "";
}

/** The words in «» become tab stops, the same words the same one. */
function snippetOf(text: string): string {
  const stops: string[] = [];
  return text.replace(/[\\$}]/g, "\\$&").replace(/«([^»]*)»/g, (_, words: string) => {
    if (!stops.includes(words)) stops.push(words);
    return `\${${stops.indexOf(words) + 1}:${words}}`;
  });
}
