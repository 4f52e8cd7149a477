// What is wrong with a manifest: everything that the API server would say, one stage after the other,
// said at once and in its own words; and what we would add, apart.
import { closest, distance } from "fastest-levenshtein";
import type { FieldError } from "../api/fieldError.ts";
import { FieldPath } from "../api/fieldPath.ts";
import { validateNewObject } from "../api/kinds/checks.ts";
import { structure } from "../api/openapi/structure.ts";
import { type DecodeProblem, decode } from "../api/schema.ts";
import { draft } from "../base/draft.ts";
import { isHelmTemplate, isOurs } from "./detection.ts";
import { splitDocuments } from "./documents.ts";
import { missingKindText } from "./kindText.ts";
import { type ManifestDocument, parseDocumentText, type SyntaxProblem } from "./manifest.ts";
import { problemRange } from "./problemRange.ts";
import type { DuplicateKey, Range } from "./yamlTree.ts";

/** The stages at which the server refuses a manifest, in its order. */
export type Stage = "yaml" | "kind" | "decode" | "strict" | "validate";

/** A message of ours, to be put into the user's language. */
export interface Hint {
  readonly key: string;
  readonly args: readonly string[];
}

export interface Problem extends Range {
  readonly severity: "error" | "warning";
  /** The server's words. */
  readonly message: string;
  readonly source: Stage;
  /** What kind of problem, e.g. "syntax", "unknownField", "FieldValueRequired". */
  readonly code: string;
  readonly hint?: Hint;
  readonly path?: string;
}

export interface CheckOptions {
  /** Checks a document even if it does not look like a manifest, as kubectl would. */
  readonly assumesManifest?: boolean;
}

/** Problems of a text, in the order of its documents. Never throws. */
export function check(text: string, options: CheckOptions = {}): Problem[] {
  if (isTooLarge(text) || (!options.assumesManifest && isHelmTemplate(text))) return [];
  return splitDocuments(text).flatMap((place) =>
    checkDocument(parseDocumentText(text, place), text, options),
  );
}

const maxLength = 20_000_000;

export function isTooLarge(text: string): boolean {
  return text.length > maxLength;
}

/** Problems of one document; ranges are offsets in the whole text. */
export function checkDocument(
  document: ManifestDocument,
  text: string,
  { assumesManifest = false }: CheckOptions = {},
): Problem[] {
  if (document.isEmpty || !(assumesManifest || isOurs(document, text))) return [];
  if (document.syntax.length > 0) return document.syntax.map(syntaxProblem);
  const { fields } = document;
  if (!fields) return assumesManifest ? [notAnObject(document, text)] : [];
  const kind = kindProblem(document, fields, text);
  if (kind) return [kind];
  if (document.fields?.kind === "List") return [];
  return [
    ...document.duplicates.map((duplicate) => duplicateProblem(duplicate, document, text)),
    ...objectProblems(document, fields, text),
  ];
}

function syntaxProblem({ message, range, code }: SyntaxProblem): Problem {
  const hint: Hint | undefined = code === "tab" ? { key: "hint.tab", args: [] } : undefined;
  return {
    ...range,
    severity: "error",
    message: `error converting YAML to JSON: ${message}`,
    source: "yaml",
    code,
    ...(hint ? { hint } : {}),
  };
}

function notAnObject(document: ManifestDocument, text: string): Problem {
  const found = document.root?.type === "list" ? "array" : "string";
  return {
    ...problemRange(document, FieldPath.root, text),
    severity: "error",
    message: `json: cannot unmarshal ${found} into Go value of type map[string]interface {}`,
    source: "kind",
    code: "notAnObject",
  };
}

type Fields = Readonly<Record<string, unknown>>;

function kindProblem(
  document: ManifestDocument,
  fields: Fields,
  text: string,
): Problem | undefined {
  const { kind, apiVersion } = fields;
  const at = (field: string): Range => problemRange(document, FieldPath.of(field), text);
  if (typeof kind !== "string" || kind === "")
    return {
      ...at("kind"),
      severity: "error",
      message: missingKindText(fields),
      source: "kind",
      code: "missingKind",
      path: "kind",
    };
  const version = typeof apiVersion === "string" ? apiVersion : "";
  if (structure.kinds[`${version}/${kind}`] || isListKind(version, kind)) return undefined;
  if (version !== "" && !isBuiltInGroup(version)) return undefined;
  const versions = versionsOf(kind);
  const field = versions.length > 0 ? "apiVersion" : "kind";
  const hint = kindHint(kind, versions);
  return {
    ...at(field),
    severity: "error",
    message: `no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(version)}`,
    source: "kind",
    code: "unknownKind",
    path: field,
    ...(hint ? { hint } : {}),
  };
}

const kindKeys = Object.keys(structure.kinds);
const kindNames = [...new Set(kindKeys.map((key) => key.slice(key.lastIndexOf("/") + 1)))];
const builtInVersions = new Set(kindKeys.map((key) => key.slice(0, key.lastIndexOf("/"))));
const builtInGroups = new Set([...builtInVersions].map(groupOf));

function isListKind(version: string, kind: string): boolean {
  return version === "v1" && kind === "List";
}

/** Custom resources may be served elsewhere: only groups of Kubernetes' own are judged. */
function isBuiltInGroup(apiVersion: string): boolean {
  const group = groupOf(apiVersion);
  return builtInGroups.has(group) || !group.includes(".");
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}

function versionsOf(kind: string): string[] {
  return [...builtInVersions].filter((version) => structure.kinds[`${version}/${kind}`]);
}

function kindHint(kind: string, versions: readonly string[]): Hint | undefined {
  const [version] = versions;
  if (version !== undefined) return { key: "hint.apiVersion", args: [kind, versions.join(", ")] };
  const similar = similarName(kind, kindNames);
  return similar === undefined ? undefined : { key: "hint.didYouMean", args: [similar] };
}

function duplicateProblem(
  { key, range, valueStart }: DuplicateKey,
  { place }: ManifestDocument,
  text: string,
): Problem {
  const line = text.slice(place.start, valueStart).split("\n").length;
  return {
    ...range,
    severity: "error",
    message: `yaml: unmarshal errors:\n  line ${line}: key ${JSON.stringify(key)} already set in map`,
    source: "strict",
    code: "duplicateKey",
  };
}

function objectProblems(document: ManifestDocument, fields: Fields, text: string): Problem[] {
  const decoded = decode(fields, String(fields.apiVersion), String(fields.kind));
  if (!decoded) return [];
  const { problems } = decoded;
  const hard = problems.filter(({ stage }) => stage === "decode");
  const errors = validateNewObject(draft(decoded.object));
  return [
    ...problems.map((problem) => decodeProblem(problem, document, text)),
    ...errors
      .filter((error) => !followsFrom(error, hard))
      .map((error) => fieldProblem(error, document, text)),
  ];
}

/** True if the error may be there only because a field could not be read. */
function followsFrom({ path, type }: FieldError, problems: readonly DecodeProblem[]): boolean {
  if (problems.length === 0) return false;
  if (type === "FieldValueNotFound") return true;
  const where = path.toString();
  return problems.some((problem) => {
    const unread = problem.path.toString();
    return where.startsWith(unread) || unread.startsWith(where);
  });
}

function decodeProblem(problem: DecodeProblem, document: ManifestDocument, text: string): Problem {
  const { path, message, stage, kind } = problem;
  const hint = decodeHint(problem, document);
  const isUnknown = kind === "unknown";
  const keyRange = isUnknown ? document.locate(path)?.keyRange : undefined;
  return {
    ...(keyRange ?? problemRange(document, path, text)),
    severity: "error",
    message,
    source: stage,
    code: isUnknown ? "unknownField" : kind === "type" ? "wrongType" : "wrongValue",
    path: path.toString(),
    ...(hint ? { hint } : {}),
  };
}

function decodeHint(problem: DecodeProblem, document: ManifestDocument): Hint | undefined {
  const { path, kind, knownNames = [], found = "", wanted = "" } = problem;
  const last = path.steps.at(-1);
  if (kind === "unknown") {
    const similar = similarName(String(last ?? ""), knownNames);
    return similar === undefined ? undefined : { key: "hint.didYouMean", args: [similar] };
  }
  if (kind !== "type") return undefined;
  const isText = wanted === "string" || /^v\d\.[A-Z]/.test(wanted);
  const node = document.locate(path)?.node;
  if (isText && node?.type === "scalar" && node.value !== null)
    return { key: "hint.quote", args: [JSON.stringify(String(node.value))] };
  if (wanted.startsWith("[]") && found === "object") return { key: "hint.list", args: [] };
  return { key: "hint.type", args: [found, wanted] };
}

function fieldProblem(error: FieldError, document: ManifestDocument, text: string): Problem {
  const path = error.path.toString();
  return {
    ...problemRange(document, error.path, text),
    severity: "error",
    message: `${path}: ${error.detail}`,
    source: "validate",
    code: error.type,
    path,
  };
}

/** The name that was probably meant: other case, or a slip of two letters at most. */
export function similarName(name: string, names: readonly string[]): string | undefined {
  const lower = name.toLowerCase();
  const sameButCase = names.find((known) => known.toLowerCase() === lower);
  if (sameButCase !== undefined) return sameButCase;
  if (names.length === 0) return undefined;
  const nearest = closest(name, [...names]);
  const allowed = name.length <= 3 ? 1 : name.length <= 6 ? 2 : 3;
  return distance(name, nearest) <= allowed ? nearest : undefined;
}
