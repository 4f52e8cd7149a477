// Compares our answers to manifests with recordings of the real API server: the stage at which it refuses
// a document, its words, and the places of its errors.

import { type FieldError, fieldErrorText } from "../api/fieldError.ts";
import { unknownUid, validateNewObject } from "../api/kinds/checks.ts";
import { decode, decodeFailure } from "../api/schema.ts";
import { invalidError } from "../api/status.ts";
import { draft } from "../base/draft.ts";
import { checkDocument, type Problem, type Stage } from "../language/diagnostics.ts";
import { type ManifestDocument, parseManifest } from "../language/manifest.ts";

export interface ValidationConformance {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly { readonly id: string; readonly difference: string }[];
  /** Passes of documents by "kind: stage". */
  readonly table: ReadonlyMap<string, Tally>;
}

export interface Tally {
  passed: number;
  total: number;
}

interface RecordedCase {
  readonly id: string;
  readonly text: string;
  readonly docs: readonly RecordedDocument[];
}

interface RecordedDocument {
  readonly startLine: number;
  readonly gvk?: string;
  readonly stage: Stage | "ok" | "empty";
  readonly status?: string;
  readonly errors?: readonly RecordedError[];
  readonly decodeErrors?: readonly RecordedError[];
}

interface RecordedError {
  readonly message: string;
  readonly field?: string;
  readonly kind?: string;
  readonly at?: {
    readonly exists: boolean;
    readonly keyRange?: RecordedRange;
    readonly valueRange?: RecordedRange;
  };
}

type RecordedRange = readonly [line: number, character: number, endLine: number, end: number];

/** Runs recordings, one JSON object a line; blank lines are skipped. */
export function runValidationConformance(lines: Iterable<string>): ValidationConformance {
  const failures: { id: string; difference: string }[] = [];
  const table = new Map<string, Tally>();
  let passed = 0;
  for (const line of lines) {
    if (line.trim() === "") continue;
    const recorded = JSON.parse(line) as RecordedCase;
    const differences = compareCase(recorded, table);
    if (differences.length === 0) passed++;
    else failures.push({ id: recorded.id, difference: differences.join("\n") });
  }
  return { passed, failed: failures.length, failures, table };
}

function compareCase({ text, docs }: RecordedCase, table: Map<string, Tally>): string[] {
  const documents = parseManifest(text);
  if (documents.length !== docs.length)
    return [`${documents.length} documents instead of ${docs.length}`];
  return documents.flatMap((document, i) => {
    const recorded = docs[i];
    if (!recorded) return [];
    const differences = compareDocument(document, text, recorded);
    const key = `${recorded.gvk ?? "(no kind)"}: ${recorded.stage}`;
    const tally = table.get(key) ?? { passed: 0, total: 0 };
    tally.total++;
    if (differences.length === 0) tally.passed++;
    table.set(key, tally);
    return differences.map((difference) => `document ${i}: ${difference}`);
  });
}

interface Answer {
  readonly stage: RecordedDocument["stage"];
  readonly status: string;
  readonly errors: readonly string[];
}

function compareDocument(
  document: ManifestDocument,
  text: string,
  recorded: RecordedDocument,
): string[] {
  const problems = checkDocument(document, text, { assumesManifest: true });
  const answer = serverAnswer(document, problems);
  const line = document.place.line + 1;
  if (line !== recorded.startLine) return [`starts at line ${line}, not ${recorded.startLine}`];
  if (answer.stage !== recorded.stage)
    return [
      `${answer.stage} instead of ${recorded.stage}\n    ours:   ${answer.status}\n    theirs: ${recorded.status ?? ""}`,
    ];
  return [
    ...compareStatus(answer, recorded),
    ...compareErrors(answer, recorded),
    ...comparePlaces(problems, text, recorded),
  ];
}

/** The one answer that the server gives: the first stage that refuses hides the others. */
function serverAnswer(document: ManifestDocument, problems: readonly Problem[]): Answer {
  if (document.isEmpty) return { stage: "empty", status: "", errors: [] };
  const first = problems[0];
  if (first?.source === "yaml" || first?.source === "kind")
    return { stage: first.source, status: first.message, errors: [] };
  const fields = document.fields ?? {};
  const [apiVersion, kind] = [String(fields.apiVersion), String(fields.kind)];
  const decoded = decode(fields, apiVersion, kind);
  if (!decoded) return { stage: "kind", status: "unknown kind", errors: [] };
  const slash = apiVersion.lastIndexOf("/");
  const group = slash < 0 ? "" : apiVersion.slice(0, slash);
  const gvk = { group, version: apiVersion.slice(slash + 1), kind };
  const hard = decodeFailure(gvk, decoded.problems, false);
  if (hard !== undefined) return { stage: "decode", status: hard, errors: [] };
  const object = draft(decoded.object);
  const errors = validateNewObject(object);
  const texts = errors.map(fieldErrorText);
  const strict = strictFailure(decodeFailure(gvk, decoded.problems, true), gvk, problems);
  if (strict !== undefined) return { stage: "strict", status: strict, errors: texts };
  if (errors.length === 0) return { stage: "ok", status: "", errors: [] };
  const name = object.metadata.name ?? "";
  return { stage: "validate", status: invalidText(group, kind, name, errors), errors: texts };
}

/** Keys given twice come first, in one message. */
function strictFailure(
  unknown: string | undefined,
  { version, kind }: { readonly version: string; readonly kind: string },
  problems: readonly Problem[],
): string | undefined {
  const lines = problems
    .filter(({ code }) => code === "duplicateKey")
    .map(({ message }) => message.slice(message.indexOf("\n")));
  if (lines.length === 0) return unknown;
  const start = `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: strict decoding error: `;
  const rest = unknown === undefined ? "" : `, ${unknown.slice(start.length)}`;
  return `${start}yaml: unmarshal errors:${lines.join("")}${rest}`;
}

function invalidText(
  group: string,
  kind: string,
  name: string,
  errors: readonly FieldError[],
): string {
  return invalidError({ group, kind, name }, errors).message;
}

/** Random names and ids differ from run to run. */
function masked(text: string): string {
  return text
    .replaceAll("<uid>", "xxxxx")
    .replaceAll(unknownUid, "xxxxx")
    .replace(/^[\s\S]*? is invalid: /, "");
}

function compareStatus(answer: Answer, recorded: RecordedDocument): string[] {
  const theirs = recorded.status ?? "";
  if (masked(answer.status) === masked(theirs)) return [];
  // Go walks maps in random order.
  const mask = (texts: readonly string[]) => texts.map(masked).sort().join("\n");
  if (
    answer.stage === "validate" &&
    mask(answer.errors) === mask((recorded.errors ?? []).map(({ message }) => message))
  )
    return [];
  return [`the words differ\n    ours:   ${answer.status}\n    theirs: ${theirs}`];
}

/** What the author meets after mending unknown fields. */
function compareErrors(answer: Answer, recorded: RecordedDocument): string[] {
  if (recorded.stage !== "strict") return [];
  const sorted = (texts: readonly string[]) => texts.map(masked).sort().join("\n      ");
  const ours = sorted(answer.errors);
  const theirs = sorted((recorded.errors ?? []).map(({ message }) => message));
  return ours === theirs
    ? []
    : [`behind the unknown fields\n    ours:   ${ours}\n    theirs: ${theirs}`];
}

function comparePlaces(
  problems: readonly Problem[],
  text: string,
  { errors = [], decodeErrors = [] }: RecordedDocument,
): string[] {
  return [...errors, ...decodeErrors].flatMap((error) => {
    const { at, message, field, kind } = error;
    if (!at?.exists || kind === "yaml") return [];
    const wanted = [kind === "unknown" ? undefined : at.valueRange, at.keyRange]
      .filter((range) => range !== undefined)
      .map((range) => offsetOf(text, range));
    const found = problems.filter((problem) =>
      field === undefined ? problem.source === "decode" : problem.path === field,
    );
    if (wanted.length === 0 || found.some(({ start }) => wanted.includes(start))) return [];
    // Messages of Go's JSON reader name no index or key: the recorded place is the list or map then.
    if (field === undefined && found.some(({ start }) => isWithin(start, at.valueRange, text)))
      return [];
    const starts = found.map(({ start }) => start).join(", ");
    return [`"${message}" is at ${wanted.join(" or ")}, ours at ${starts || "no place"}`];
  });
}

function isWithin(offset: number, range: RecordedRange | undefined, text: string): boolean {
  if (!range) return false;
  const [, , endLine, end] = range;
  return offsetOf(text, range) <= offset && offset <= offsetOf(text, [endLine, end, 0, 0]);
}

function offsetOf(text: string, [line, character]: RecordedRange): number {
  let offset = 0;
  for (let i = 0; i < line; i++) offset = text.indexOf("\n", offset) + 1;
  return offset + character;
}
