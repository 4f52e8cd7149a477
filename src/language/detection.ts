// Which texts are ours to judge: manifests of Kubernetes, and nothing that merely looks like YAML.

import type { TreeNode } from "../base/yaml/yamlTree.ts";
import type { ManifestDocument } from "./manifest.ts";

const topLevelKind = /^["']?kind["']?[ \t]*:/m;
const topLevelVersion = /^["']?apiVersion["']?[ \t]*:/m;
const jsonKind = /"kind"\s*:/;
const jsonVersion = /"apiVersion"\s*:/;
/** Files for tools that read them before any server does. */
const otherTools =
  /^["']?apiVersion["']?[ \t]*:[ \t]*["']?(kustomize\.config\.k8s\.io|skaffold|helm\.|argoproj\.io\/workflow-template-file)/m;

const kubeconfigKind = /^["']?kind["']?[ \t]*:[ \t]*["']?Config\b/m;
const contexts = /^["']?(?:contexts|current-context)["']?[ \t]*:/m;

/** True if a document of the text has `apiVersion` and `kind` at its top level. Fast; reads no YAML. */
export function isKubernetesManifest(text: string): boolean {
  if (isBinary(text)) return false;
  const isJson = text.trimStart().startsWith("{");
  return isJson
    ? jsonKind.test(text) && jsonVersion.test(text)
    : topLevelKind.test(text) && topLevelVersion.test(text);
}

/** True if a document of the text may be ours. Fast; reads no YAML. */
export function mayBeManifest(text: string): boolean {
  if (isBinary(text)) return false;
  const tests = text.trimStart().startsWith("{")
    ? [jsonKind, jsonVersion]
    : [topLevelKind, topLevelVersion];
  return tests.some((test) => test.test(text));
}

/** True if the text holds Go template actions, so that it is no YAML yet. */
export function isHelmTemplate(text: string): boolean {
  return /\{\{-?\s*[\w.$"(/]/.test(text);
}

/** Actions that only Helm knows, in a value of one line. */
const helmAction =
  /\{\{-?[^}]*(\.Values|\.Release|\.Chart|\.Capabilities|\.Template|\binclude |\btpl |\btoYaml )/;

/**
 * True if Helm has yet to make the document: it has actions where they are no YAML, or actions of Helm
 * in a value. Actions within longer texts are data, as in a ConfigMap with templates for others.
 */
export function isTemplated({ place, syntax, root }: ManifestDocument, text: string): boolean {
  const own = text.slice(place.start, place.end);
  if (!own.includes("{{")) return false;
  if (syntax.length > 0) return isHelmTemplate(own);
  return root !== undefined && someScalar(root, (value) => helmAction.test(value));
}

function someScalar(node: TreeNode, test: (line: string) => boolean): boolean {
  if (node.type === "list") return node.items.some((item) => someScalar(item, test));
  if (node.type === "map")
    return [...node.entries.values()].some(
      (entry) => test(entry.key) || someScalar(entry.node, test),
    );
  const { value } = node;
  return typeof value === "string" && !value.includes("\n") && test(value);
}

/** Directives of strategic merge patches: the rest of the object is elsewhere. */
const patchDirective =
  /^[ \t]*(?:- )*["']?\$(?:patch|retainKeys|setElementOrder\/\S+|deleteFromPrimitiveList\/\S+)["']?:/m;

/** True for files that other tools read: kustomizations and their patches, charts, kubeconfigs. */
export function isForOtherTool(document: string): boolean {
  return (
    otherTools.test(document) ||
    patchDirective.test(document) ||
    (kubeconfigKind.test(document) && contexts.test(document))
  );
}

export function isBinary(text: string): boolean {
  return text.slice(0, 8_000).includes("\u0000");
}

/**
 * True if the document is meant for an API server: it has an apiVersion and a kind, or one of the two
 * and metadata. Where its syntax is wrong, its text decides, or the company it is in.
 */
export function isOurs(
  document: ManifestDocument,
  text: string,
  isAmongManifests = isKubernetesManifest(text),
): boolean {
  const { place, fields } = document;
  const own = text.slice(place.start, place.end);
  if (isBinary(own) || isForOtherTool(own)) return false;
  if (document.syntax.length > 0) return isAmongManifests || isKubernetesManifest(own);
  if (!fields) return false;
  const { kind, apiVersion, metadata } = fields;
  const isNamed = (value: unknown): boolean => value !== undefined;
  if (isNamed(kind) && isNamed(apiVersion)) return true;
  const hasOne = isNamed(kind) || isNamed(apiVersion);
  return hasOne && typeof metadata === "object" && metadata !== null;
}
