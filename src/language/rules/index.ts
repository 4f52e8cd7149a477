// The rules about manifests beyond what a server enforces, and how they are run.

import type { Range } from "../../base/yaml/yamlTree.ts";
import type { Analysis } from "../analysis.ts";
import type { KnownObjects } from "../objectIndex.ts";
import type { Hint } from "../problem.ts";
import { latestTag, noRequests, portClash, probePort, probePortNumber } from "./containers.ts";
import { ingressPort } from "./ingressPort.ts";
import { missingKey } from "./missingKey.ts";
import { missingReference } from "./missingReference.ts";
import { type Rule, type RuleSeverity, ruleLink } from "./rule.ts";
import { podMakers, selectsNothing } from "./selectsNothing.ts";

export const rules: readonly Rule[] = [
  missingReference,
  missingKey,
  selectsNothing,
  ingressPort,
  portClash,
  probePort,
  probePortNumber,
  latestTag,
  noRequests,
];

/** The kinds that rules look up. */
export const ruleKinds: readonly string[] = [
  "ConfigMap",
  "Secret",
  "Service",
  "ServiceAccount",
  "PersistentVolumeClaim",
  "PriorityClass",
  "StorageClass",
  ...podMakers,
];

export interface RuleProblem extends Range {
  readonly rule: string;
  readonly severity: Exclude<RuleSeverity, "off">;
  readonly message: Hint;
  readonly replacements: readonly string[];
  readonly link: string;
}

/** What the user has chosen for some of the rules. */
export type RuleSeverities = Readonly<Record<string, RuleSeverity | undefined>>;

export function ruleProblems(
  analysis: Analysis,
  known: KnownObjects,
  severities: RuleSeverities = {},
): readonly RuleProblem[] {
  const problems: RuleProblem[] = [];
  for (const rule of rules) {
    const severity = severities[rule.name] ?? rule.severity;
    if (severity === "off") continue;
    for (const claim of analysis.claimsOf(rule)) {
      const finding = claim(known);
      if (!finding) continue;
      const { range, message, replacements = [] } = finding;
      const { name } = rule;
      const link = ruleLink(name);
      problems.push({ ...range, rule: name, severity, message, replacements, link });
    }
  }
  return problems;
}
