// From the text of a file to the objects that kubectl would send, and to what it would refuse. Pure.
import { FieldPath } from "../api/fieldPath.ts";
import type { KubeObject } from "../api/object.ts";
import type { Range } from "../base/yaml/yamlTree.ts";
import { isBinary, isHelmTemplate, isKubernetesManifest, isOurs } from "../language/detection.ts";
import { missingKindText } from "../language/kindText.ts";
import { type ManifestDocument, parseManifest } from "../language/manifest.ts";
import { problemRange } from "../language/problemRange.ts";

/** Why a whole file cannot be deployed. */
export type Refusal = "empty" | "notKubernetes" | "helm" | "binary" | "tooLarge";

export interface PlannedObject {
  readonly object: KubeObject;
  readonly document: ManifestDocument;
}

/** A document that no server would be asked about. */
export interface BadDocument {
  /** kubectl's words. */
  readonly message: string;
  readonly range: Range;
}

export interface DeployPlan {
  readonly objects: readonly PlannedObject[];
  readonly bad: readonly BadDocument[];
}

/** kube-apiserver reads no longer request. Source: apiserver MaxRequestBodyBytes, kubernetes v1.34. */
export const mostBytes = 3 * 1024 * 1024;

/** The objects of a text in their order, or why there are none. Never throws. */
export function planDeployment(text: string): DeployPlan | Refusal {
  if (text.trim() === "") return "empty";
  if (isBinary(text)) return "binary";
  if (text.length > mostBytes) return "tooLarge";
  if (isHelmTemplate(text) && looksLikeTemplate(text)) return "helm";
  const documents = parseManifest(text).filter((document) => !document.isEmpty);
  if (documents.length === 0) return "empty";
  if (!isKubernetesManifest(text) && !documents.some((document) => isOurs(document, text)))
    return "notKubernetes";
  const objects: PlannedObject[] = [];
  const bad: BadDocument[] = [];
  for (const document of documents) planDocument(document, text, objects, bad);
  return { objects, bad };
}

/** Braces within a quoted string or a ConfigMap's value are data: the YAML reads well then. */
function looksLikeTemplate(text: string): boolean {
  const hasStatement = /^[ \t]*\{\{/m.test(text);
  return hasStatement || parseManifest(text).some(({ syntax }) => syntax.length > 0);
}

function planDocument(
  document: ManifestDocument,
  text: string,
  objects: PlannedObject[],
  bad: BadDocument[],
): void {
  const start = problemRange(document, FieldPath.root, text);
  const [problem] = document.syntax;
  if (problem) {
    bad.push({
      message: `error converting YAML to JSON: ${problem.message}`,
      range: problem.range,
    });
    return;
  }
  const { fields } = document;
  if (!fields) {
    const found = document.root?.type === "list" ? "array" : "string";
    const message = `json: cannot unmarshal ${found} into Go value of type map[string]interface {}`;
    bad.push({ message, range: start });
    return;
  }
  for (const item of itemsOf(fields)) {
    const message = refusalOf(item);
    if (message === undefined) objects.push({ object: item as unknown as KubeObject, document });
    else bad.push({ message, range: start });
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** A List stands for its items. */
function itemsOf(fields: Fields): readonly Fields[] {
  if (fields.kind !== "List" || !Array.isArray(fields.items)) return [fields];
  return fields.items.filter(isMap);
}

function refusalOf(fields: Fields): string | undefined {
  if (typeof fields.kind !== "string" || fields.kind === "") return missingKindText(fields);
  if (typeof fields.apiVersion !== "string" || fields.apiVersion === "")
    return "error validating data: apiVersion not set";
  const metadata = isMap(fields.metadata) ? fields.metadata : {};
  const { name, generateName } = metadata;
  if (typeof name === "string" && name !== "") return undefined;
  return typeof generateName === "string" && generateName !== ""
    ? `from ${generateName}: cannot use generate name with apply`
    : "resource name may not be empty";
}

function isMap(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
