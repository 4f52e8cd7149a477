// What a rule about manifests is that no server enforces: the server would take the manifest, but it
// would not do what its author means.
import type { Range } from "../../base/yaml/yamlTree.ts";
import { type Field, fieldsOf } from "../fields.ts";
import type { ManifestDocument } from "../manifest.ts";
import type { KnownObjects } from "../objectIndex.ts";
import type { Hint } from "../problem.ts";

export type RuleSeverity = "error" | "warning" | "information" | "hint" | "off";

/** What a rule found. */
export interface Finding {
  readonly range: Range;
  readonly message: Hint;
  /** Texts of which each would mend it in the place of `range`, best first. */
  readonly replacements?: readonly string[];
}

/** Something that an object takes for granted; asked again whenever other objects change. */
export type Claim = (known: KnownObjects) => Finding | undefined;

/** One object of a text. */
export interface RuleObject {
  readonly object: ManifestDocument;
  readonly fields: readonly Field[];
  /** "" if the manifest leaves it to whoever applies it. */
  readonly namespace: string;
}

export interface Rule {
  /** Names it in settings: "missingReference". */
  readonly name: string;
  readonly severity: RuleSeverity;
  claims(object: RuleObject): Iterable<Claim>;
}

const explained = "https://github.com/kubernetes-tutor/kubernetes-tutor/blob/main/docs/rules.md";

/** Where a rule is explained. */
export function ruleLink(name: string): string {
  return `${explained}#${name.toLowerCase()}`;
}

export function ruleObject(object: ManifestDocument): RuleObject {
  const { namespace } = (object.fields?.metadata ?? {}) as { readonly namespace?: unknown };
  return {
    object,
    fields: fieldsOf(object),
    namespace: typeof namespace === "string" ? namespace : "",
  };
}
