// The rules about manifests beyond what a server enforces, and how they are run.

import type { Range } from "../../base/yaml/yamlTree.ts";
import { isTemplated } from "../detection.ts";
import { objectsOf } from "../fields.ts";
import { parseManifest } from "../manifest.ts";
import type { KnownObjects } from "../objectIndex.ts";
import type { Hint } from "../problem.ts";
import { latestTag, noRequests, portClash, probePort } from "./containers.ts";
import { ingressPort } from "./ingressPort.ts";
import { missingKey } from "./missingKey.ts";
import { missingReference } from "./missingReference.ts";
import type { Rule, RuleSeverity } from "./rule.ts";
import { selectsNothing } from "./selectsNothing.ts";

export const rules: readonly Rule[] = [
  missingReference,
  missingKey,
  selectsNothing,
  ingressPort,
  portClash,
  probePort,
  latestTag,
  noRequests,
];

export interface RuleProblem extends Range {
  readonly rule: string;
  readonly severity: Exclude<RuleSeverity, "off">;
  readonly message: Hint;
  readonly link: string;
}

/** @param severities what the user has chosen for some of the rules */
export function checkRules(
  text: string,
  known: KnownObjects,
  severities: Readonly<Record<string, RuleSeverity | undefined>> = {},
): readonly RuleProblem[] {
  const documents = parseManifest(text);
  if (documents.some((document) => isTemplated(document, text))) return [];
  const problems: RuleProblem[] = [];
  for (const rule of rules) {
    const severity = severities[rule.name] ?? rule.severity;
    if (severity === "off") continue;
    for (const object of documents.flatMap(objectsOf)) {
      const { namespace } = (object.fields?.metadata ?? {}) as { readonly namespace?: unknown };
      const place = typeof namespace === "string" ? namespace : "";
      for (const { range, message } of rule.check({ object, namespace: place, known }))
        problems.push({ ...range, rule: rule.name, severity, message, link: rule.link });
    }
  }
  return problems;
}
