// What is wrong with a manifest: everything that the API server would say, one stage after the other,
// said at once and in its own words; and what we would add, apart.
import { dequal } from "dequal";
import type { FieldError } from "../api/fieldError.ts";
import { FieldPath } from "../api/fieldPath.ts";
import type { DecodeProblem } from "../api/schema.ts";
import type { CustomKinds } from "./customKinds.ts";
import { isKubernetesManifest, isOurs, isTemplated, mayBeManifest } from "./detection.ts";
import { type DocumentText, splitDocuments } from "./documents.ts";
import { judge } from "./judge.ts";
import { type Fields, isList, kindProblem } from "./kindProblem.ts";
import {
  faultProblem,
  ManifestDocument,
  parseDocumentText,
  type SyntaxProblem,
} from "./manifest.ts";
import type { Hint, Problem, Stage } from "./problem.ts";
import { problemRange } from "./problemRange.ts";
import {
  isSchedulerConfiguration,
  schedulerConfigurationProblems,
} from "./schedulerConfiguration.ts";
import { similarName } from "./similarName.ts";
import { syntaxFaults } from "./syntaxFaults.ts";

export type { Problem, Stage };

export interface CheckOptions {
  /** Checks a document even if it does not look like a manifest, as kubectl would. */
  readonly assumesManifest?: boolean;
  /** Kinds beside the built-in ones. */
  readonly custom?: CustomKinds;
  /** Tells all faults of a document's syntax, and not only the one at which a server stops. */
  readonly findsAllFaults?: boolean;
}

/** Problems of a text, in the order of its documents. Never throws. */
export function check(text: string, options: CheckOptions = {}): Problem[] {
  const documents = checkedPlaces(text, options).map((place) => parseDocumentText(text, place));
  if (!options.assumesManifest && documents.some((document) => isTemplated(document, text)))
    return [];
  return documents.flatMap((document) => checkDocument(document, text, options));
}

/** Documents beyond these characters are not checked, so that no text holds the editor up. */
const mostCharacters = 1_000_000;

export function checkedPlaces(
  text: string,
  { assumesManifest = false }: CheckOptions,
): DocumentText[] {
  if (!assumesManifest && !mayBeManifest(text)) return [];
  return splitDocuments(text).filter(({ end }) => end <= mostCharacters);
}

/**
 * Problems of one document; ranges are offsets in `text`.
 * @param isAmongManifests if other documents of the text are manifests, one that is broken is taken for
 * one as well
 */
export function checkDocument(
  document: ManifestDocument,
  text: string,
  { assumesManifest = false, custom, findsAllFaults = false }: CheckOptions = {},
  isAmongManifests = isKubernetesManifest(text),
): Problem[] {
  if (document.isEmpty || !(assumesManifest || isOurs(document, text, isAmongManifests))) return [];
  if (document.syntax.length > 0)
    return (findsAllFaults ? allFaults(document, text) : document.syntax).map(syntaxProblem);
  const { fields } = document;
  if (!fields) return assumesManifest ? [notAnObject(document, text)] : [];
  const duplicates = duplicateProblems(document, text);
  const problems = fieldsProblems({ document, fields, text, custom });
  const isKindWrong = problems[0]?.source === "kind";
  return isKindWrong ? [...problems, ...duplicates] : [...duplicates, ...problems];
}

function allFaults({ place, syntax }: ManifestDocument, text: string): readonly SyntaxProblem[] {
  const faults = syntaxFaults(text.slice(place.start, place.end));
  return faults.length < 2 ? syntax : faults.map((fault) => faultProblem(fault, text, place));
}

interface Checked {
  readonly document: ManifestDocument;
  readonly fields: Fields;
  readonly text: string;
  readonly custom: CustomKinds | undefined;
}

function fieldsProblems(checked: Checked): Problem[] {
  const { document, fields, text, custom } = checked;
  if (isSchedulerConfiguration(fields))
    return schedulerConfigurationProblems(document, fields, text);
  const kind = kindProblem(document, fields, text);
  if (kind) return [kind];
  if (!isList(fields)) return objectProblems(document, text, custom);
  const items = document.locate(FieldPath.of("items"))?.node;
  if (items?.type !== "list") return [];
  return items.items.flatMap((root) => {
    const item = new ManifestDocument(document.place, root, [], []);
    if (item.fields) return fieldsProblems({ ...checked, document: item, fields: item.fields });
    return [notAnObject(item, text)];
  });
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

function duplicateProblems({ duplicates, place }: ManifestDocument, text: string): Problem[] {
  let line = 1;
  let counted = place.start;
  return duplicates.map(({ key, range, valueStart }) => {
    // Duplicates come in the order of the text, but for those that a merge brings from further up.
    if (valueStart < counted) [line, counted] = [1, place.start];
    line += text.slice(counted, valueStart).split("\n").length - 1;
    counted = valueStart;
    return {
      ...range,
      severity: "error",
      message: `yaml: unmarshal errors:\n  line ${line}: key ${JSON.stringify(key)} already set in map`,
      source: "strict",
      code: "duplicateKey",
    };
  });
}

function objectProblems(
  document: ManifestDocument,
  text: string,
  custom: CustomKinds | undefined,
): Problem[] {
  const judged = judge(document, custom);
  if (!judged) return [];
  const { problems, errors } = judged;
  const hard = problems.filter(({ stage }) => stage === "decode");
  return [
    ...problems.map((problem, i) => decodeProblem(problem, document, text, i < mostHints)),
    ...errors
      .filter((error) => !followsFrom(error, hard))
      .map((error) => fieldProblem(error, document, text)),
  ];
}

/** True if the error may be there only because a field could not be read. */
function followsFrom({ path, type }: FieldError, problems: readonly DecodeProblem[]): boolean {
  if (problems.length === 0) return false;
  if (type === "FieldValueNotFound") return true;
  return problems.some((problem) => isAlong(problem.path, path));
}

/** True if one of the paths leads through the other. */
function isAlong({ steps: a }: FieldPath, { steps: b }: FieldPath): boolean {
  const length = Math.min(a.length, b.length);
  return dequal(a.slice(0, length), b.slice(0, length));
}

/** To look for similar names takes time that a text of nothing but mistakes is not worth. */
const mostHints = 200;

function decodeProblem(
  problem: DecodeProblem,
  document: ManifestDocument,
  text: string,
  hasHint: boolean,
): Problem {
  const { path, message, stage, kind } = problem;
  const hint = hasHint ? decodeHint(problem, document) : undefined;
  const isUnknown = kind === "unknown";
  const keyRange = isUnknown ? document.locate(path)?.keyRange : undefined;
  return {
    ...(keyRange ?? problemRange(document, path, text)),
    severity: "error",
    message,
    source: stage,
    code: isUnknown ? "unknownField" : kind === "type" ? "wrongType" : "wrongValue",
    path: path.toString(),
    field: path,
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
    field: error.path,
  };
}
