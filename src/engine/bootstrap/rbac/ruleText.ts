// A line for each rule, so that a policy reads like a table:
//   get,list core,apps: pods,deployments named web     get urls: /healthz,/livez
import type { PolicyRule } from "../../../api/types.ts";

/** "core" stands for the group without a name; "urls" for paths that are no resources. */
export function ruleOf(line: string): PolicyRule {
  const [, verbs, scope, targets, names] = pattern.exec(line) ?? [];
  if (verbs === undefined || scope === undefined || targets === undefined)
    throw new Error(`not a rule: ${line}`);
  if (scope === "urls") return { verbs: verbs.split(","), nonResourceURLs: targets.split(",") };
  return {
    verbs: verbs.split(","),
    apiGroups: scope.split(",").map((group) => (group === "core" ? "" : group)),
    resources: targets.split(","),
    ...(names === undefined ? {} : { resourceNames: names.split(",") }),
  };
}

const pattern = /^(\S+) (\S+): (\S+)(?: named (\S+))?$/;
