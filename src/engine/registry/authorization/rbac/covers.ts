// Does one set of rules allow all that another allows? And how the server names what is missing.
// Source: component-helpers auth/rbac/validation/policy_comparator.go; pkg/registry/rbac/validation
// policy_compact.go, 1.34.
import type { PolicyRule } from "../../../../api/types.ts";
import { urlCovers } from "./policyRule.ts";

/** @returns what `wanted` allows beyond `held`, as rules with at most one of everything. */
export function missingRules(
  held: readonly PolicyRule[],
  wanted: readonly PolicyRule[],
): readonly PolicyRule[] {
  return wanted.flatMap(atomicRules).filter((atom) => !held.some((rule) => covers(rule, atom)));
}

function atomicRules(rule: PolicyRule): PolicyRule[] {
  const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [], verbs } = rule;
  const names = resourceNames.length > 0 ? resourceNames : [undefined];
  const ofResources = apiGroups.flatMap((apiGroup) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb) =>
        names.map((name) => ({
          apiGroups: [apiGroup],
          resources: [resource],
          ...(name === undefined ? {} : { resourceNames: [name] }),
          verbs: [verb],
        })),
      ),
    ),
  );
  const ofUrls = nonResourceURLs.flatMap((url) =>
    verbs.map((verb) => ({ nonResourceURLs: [url], verbs: [verb] })),
  );
  return [...ofResources, ...ofUrls];
}

function covers(rule: PolicyRule, atom: PolicyRule): boolean {
  const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const { apiGroups: [group] = [], resources: [resource] = [], resourceNames: [name] = [] } = atom;
  const [url] = atom.nonResourceURLs ?? [];
  if (!holds(rule.verbs, atom.verbs[0])) return false;
  if (resourceNames.length > 0 && (name === undefined || !resourceNames.includes(name)))
    return false;
  if (url !== undefined) return nonResourceURLs.some((allowed) => urlCovers(allowed, url));
  return holds(apiGroups, group) && coversResource(resources, resource ?? "");
}

function holds(allowed: readonly string[], asked: string | undefined): boolean {
  return allowed.includes("*") || (asked !== undefined && allowed.includes(asked));
}

function coversResource(allowed: readonly string[], resource: string): boolean {
  if (holds(allowed, resource)) return true;
  const slash = resource.indexOf("/");
  return slash >= 0 && allowed.includes(`*${resource.slice(slash)}`);
}

/** One text for each of the rules that `missingRules` found, sorted: "{APIGroups:[...], ...}". */
export function ruleTexts(atoms: readonly PolicyRule[]): readonly string[] {
  return [...new Set(compact(atoms).map(ruleText))].sort();
}

/** Joins the verbs of what differs by nothing else; rules with names or URLs stay apart. */
function compact(atoms: readonly PolicyRule[]): readonly PolicyRule[] {
  const apart: PolicyRule[] = [];
  const joined = new Map<string, PolicyRule>();
  for (const atom of atoms) {
    const key = `${atom.apiGroups}/${atom.resources}`;
    const known = joined.get(key);
    if (atom.nonResourceURLs || atom.resourceNames) apart.push(atom);
    else joined.set(key, known ? { ...known, verbs: [...known.verbs, ...atom.verbs] } : atom);
  }
  return [...apart, ...joined.values()];
}

/** '{APIGroups:[""], Resources:["nodes"], Verbs:["get"]}' */
function ruleText(rule: PolicyRule): string {
  const { apiGroups, resources, nonResourceURLs, resourceNames, verbs } = rule;
  const parts = [
    ["APIGroups", apiGroups],
    ["Resources", resources],
    ["NonResourceURLs", nonResourceURLs],
    ["ResourceNames", resourceNames],
    ["Verbs", verbs],
  ] as const;
  const texts = parts.flatMap(([name, values = []]) =>
    values.length === 0 ? [] : [`${name}:${quotedList(values)}`],
  );
  return `{${texts.join(", ")}}`;
}

/** A list of strings as Go's %q prints it: '["a" "b"]'. */
export function quotedList(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(" ")}]`;
}
