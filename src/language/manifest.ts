// A manifest's text as documents with values and places.
import type { FieldPath, PathStep } from "../api/fieldPath.ts";
import { parseYaml, type SyntaxFault } from "../base/yaml/yamlParser.ts";
import { type Range, type TreeNode, treeValue } from "../base/yaml/yamlTree.ts";
import {
  type DuplicateKey,
  ExcessiveAliasing,
  type TreeError,
} from "../base/yaml/yamlTreeBuilder.ts";
import { type DocumentText, splitDocuments } from "./documents.ts";

export interface SyntaxProblem {
  /** kubectl's words, e.g. "yaml: line 3: could not find expected ':'". */
  readonly message: string;
  readonly range: Range;
  readonly code: "syntax" | "tab" | "anchor" | "key" | "aliases";
}

/** Where a field is: its key and value, or as much of the way there as the text has. */
export interface Location {
  readonly keyRange?: Range;
  readonly node: TreeNode;
  /** The steps that the text does not have. */
  readonly missing: readonly PathStep[];
}

export class ManifestDocument {
  private cachedValue: unknown;
  private hasValue = false;

  constructor(
    readonly place: DocumentText,
    readonly root: TreeNode | undefined,
    readonly syntax: readonly SyntaxProblem[],
    readonly duplicates: readonly DuplicateKey[],
  ) {}

  /** True if there is nothing but comments and blanks. */
  get isEmpty(): boolean {
    return this.syntax.length === 0 && (this.root === undefined || isNull(this.root));
  }

  /** The document as JSON would have it; meaningless where the syntax is wrong. */
  get value(): unknown {
    if (!this.hasValue) {
      this.cachedValue = this.root ? treeValue(this.root) : null;
      this.hasValue = true;
    }
    return this.cachedValue;
  }

  /** The value as a map; undefined if it is none. */
  get fields(): Readonly<Record<string, unknown>> | undefined {
    return this.root?.type === "map" ? (this.value as Record<string, unknown>) : undefined;
  }

  locate(path: FieldPath): Location | undefined {
    if (!this.root) return undefined;
    let node = this.root;
    let keyRange: Range | undefined;
    for (const [i, step] of path.steps.entries()) {
      const next = stepInto(node, step);
      if (!next) return { ...(keyRange ? { keyRange } : {}), node, missing: path.steps.slice(i) };
      node = next.node;
      keyRange = next.keyRange;
    }
    return { ...(keyRange ? { keyRange } : {}), node, missing: [] };
  }
}

interface Step {
  readonly node: TreeNode;
  readonly keyRange?: Range;
}

function stepInto(node: TreeNode, step: PathStep): Step | undefined {
  if (typeof step === "number") {
    const item = node.type === "list" ? node.items[step] : undefined;
    return item && { node: item };
  }
  if (node.type !== "map") return undefined;
  return node.entries.get(typeof step === "object" ? step.key : step);
}

function isNull(node: TreeNode): boolean {
  return node.type === "scalar" && node.value === null;
}

/** Reads every document of a text. Never throws: what is wrong is in the documents' `syntax`. */
export function parseManifest(text: string): ManifestDocument[] {
  return splitDocuments(text).map((place) => parseDocumentText(text, place));
}

/** Reads the one document of `text` that is at `place`. */
export function parseDocumentText(text: string, place: DocumentText): ManifestDocument {
  try {
    const parsed = parseYaml(text.slice(place.start, place.end), place.start);
    if ("syntaxFault" in parsed) {
      const problem = faultProblem(parsed.syntaxFault, text, place);
      return new ManifestDocument(place, undefined, [problem], []);
    }
    const { root, duplicates, errors } = parsed;
    return new ManifestDocument(place, root, errors.map(treeProblem), duplicates);
  } catch (error) {
    if (!(error instanceof ExcessiveAliasing)) throw error;
    const range = { start: place.start, end: firstLineEnd(text, place) };
    const problem: SyntaxProblem = { message: `yaml: ${error.message}`, range, code: "aliases" };
    return new ManifestDocument(place, undefined, [problem], []);
  }
}

/** @param place of the document that has the fault */
export function faultProblem(
  { message, origin, isTab }: SyntaxFault,
  text: string,
  place: DocumentText,
): SyntaxProblem {
  return {
    message: `yaml: ${message}`,
    range: wordRange(text, place.start + origin, place),
    code: isTab ? "tab" : "syntax",
  };
}

function treeProblem({ message, range }: TreeError): SyntaxProblem {
  const code = message.startsWith("invalid map key") ? "key" : "anchor";
  return { message: `yaml: ${message}`, range, code };
}

/** From an offset to the end of the word or line there. */
function wordRange(text: string, offset: number, place: DocumentText): Range {
  const start = Math.min(offset, Math.max(place.end - 1, place.start));
  const lineEnd = text.indexOf("\n", start);
  const end = Math.min(lineEnd < 0 ? place.end : lineEnd, place.end);
  const trimmed = text.slice(start, end).trimEnd().length;
  return { start, end: start + Math.max(trimmed, Math.min(1, place.end - start)) };
}

function firstLineEnd(text: string, { start, end }: DocumentText): number {
  const newline = text.indexOf("\n", start);
  return newline < 0 ? end : Math.min(newline, end);
}
