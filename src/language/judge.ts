// One object of a manifest as the server takes it: read, given defaults, and judged.
import type { FieldError } from "../api/fieldError.ts";
import { validateNewObject } from "../api/kinds/checks.ts";
import { validateNew } from "../api/kinds/validateNew.ts";
import type { KubeObject } from "../api/object.ts";
import { type DecodeProblem, decode } from "../api/schema.ts";
import { draft } from "../base/draft.ts";
import type { TreeNode } from "../base/yaml/yamlTree.ts";
import type { CustomKind, CustomKinds } from "./customKinds.ts";
import type { ManifestDocument } from "./manifest.ts";

export interface Judged {
  /** Of reading it. */
  readonly problems: readonly DecodeProblem[];
  /** Of what could be read, in the server's order. */
  readonly errors: readonly FieldError[];
  /** As the server would store it, as far as one can tell without a cluster. */
  readonly object: KubeObject;
}

/** Several ask about the same object: a judgement lasts as long as its text. */
const judged = new WeakMap<TreeNode, Judged>();

/** @returns undefined for a kind whose structure is not known */
export function judge(document: ManifestDocument, custom?: CustomKinds): Judged | undefined {
  const { root, fields } = document;
  if (!root || !fields) return undefined;
  const known = judged.get(root);
  if (known) return known;
  const [apiVersion, kind] = [String(fields.apiVersion), String(fields.kind)];
  const decoded = decode(fields, apiVersion, kind);
  if (!decoded) return judgeCustom(fields, custom?.find(apiVersion, kind));
  const object = draft(decoded.object);
  const errors = validateNewObject(object);
  const judgement = { problems: decoded.problems, errors, object: object as KubeObject };
  judged.set(root, judgement);
  return judgement;
}

function judgeCustom(
  fields: Readonly<Record<string, unknown>>,
  kind: CustomKind | undefined,
): Judged | undefined {
  if (!kind) return undefined;
  const { namespaced, schema } = kind;
  const { object: decoded, problems } = schema.decode(fields);
  const object = draft(decoded);
  const { metadata } = object;
  if (namespaced) metadata.namespace ||= "default";
  if (!metadata.name && metadata.generateName) metadata.name = `${metadata.generateName}xxxxx`;
  const validate = (made: KubeObject) => schema.validate(made);
  const rules = { namespaced, checksFinalizerNames: false, validate };
  return {
    problems,
    errors: validateNew(object as KubeObject, rules),
    object: object as KubeObject,
  };
}
