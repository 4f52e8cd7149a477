// What a rule about manifests is that no server enforces: the server would take the manifest, but it
// would not do what its author means.

import type { Range } from "../../base/yaml/yamlTree.ts";
import type { ManifestDocument } from "../manifest.ts";
import type { KnownObjects } from "../objectIndex.ts";
import type { Hint } from "../problem.ts";

export type RuleSeverity = "error" | "warning" | "information" | "off";

/** What a rule found. */
export interface Finding {
  readonly range: Range;
  readonly message: Hint;
}

export interface RuleContext {
  /** One object of a text. */
  readonly object: ManifestDocument;
  /** "" if the manifest leaves it to whoever applies it. */
  readonly namespace: string;
  readonly known: KnownObjects;
}

export interface Rule {
  /** Names it in settings: "missingReference". */
  readonly name: string;
  readonly severity: RuleSeverity;
  /** Where its subject is explained. */
  readonly link: string;
  check(context: RuleContext): Iterable<Finding>;
}

export const concepts = "https://kubernetes.io/docs/concepts";
