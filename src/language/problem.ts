// What is found wrong in a manifest, with its place in the text.
import type { FieldPath } from "../api/fieldPath.ts";
import type { Range } from "../base/yaml/yamlTree.ts";

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
  /** The same as `path`, to be walked. */
  readonly field?: FieldPath;
}
