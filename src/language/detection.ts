// Which texts are ours to judge: manifests of Kubernetes, and nothing that merely looks like YAML.
import { splitDocuments } from "./documents.ts";
import { type ManifestDocument, parseDocumentText } from "./manifest.ts";

const topLevelKind = /^["']?kind["']?[ \t]*:/m;
const topLevelVersion = /^["']?apiVersion["']?[ \t]*:/m;
const jsonKind = /"kind"\s*:/;
const jsonVersion = /"apiVersion"\s*:/;
/** Files for tools that read them before any server does. */
const otherTools =
  /^["']?apiVersion["']?[ \t]*:[ \t]*["']?(kustomize\.config\.k8s\.io|skaffold|helm\.|argoproj\.io\/workflow-template-file)/m;

/** True if a document of the text has `apiVersion` and `kind` at its top level. Fast; reads no YAML. */
export function isKubernetesManifest(text: string): boolean {
  if (isBinary(text)) return false;
  const isJson = text.trimStart().startsWith("{");
  return isJson
    ? jsonKind.test(text) && jsonVersion.test(text)
    : topLevelKind.test(text) && topLevelVersion.test(text);
}

/** True if the text holds Go template actions, so that it is no YAML yet. */
export function isHelmTemplate(text: string): boolean {
  return /\{\{-?\s*[\w.$"(/]/.test(text);
}

export function isBinary(text: string): boolean {
  return text.slice(0, 8_000).includes("\u0000");
}

/** True if there is nothing but comments and blanks. */
export function isEmptyText(text: string): boolean {
  return splitDocuments(text).every((place) => parseDocumentText(text, place).isEmpty);
}

/**
 * True if the document is meant for an API server: it has an apiVersion and a kind, or one of the two
 * and metadata. Where its syntax is wrong, the text decides.
 */
export function isOurs(document: ManifestDocument, text: string): boolean {
  const { place, fields } = document;
  const own = text.slice(place.start, place.end);
  if (isBinary(own) || otherTools.test(own)) return false;
  if (document.syntax.length > 0) return isKubernetesManifest(own) || isKubernetesManifest(text);
  if (!fields) return false;
  const { kind, apiVersion, metadata } = fields;
  const isNamed = (value: unknown): boolean => value !== undefined;
  if (isNamed(kind) && isNamed(apiVersion)) return true;
  const hasOne = isNamed(kind) || isNamed(apiVersion);
  return hasOne && typeof metadata === "object" && metadata !== null;
}
