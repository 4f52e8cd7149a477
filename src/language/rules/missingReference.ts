// A field names an object that is neither in the workspace nor in the cluster.
import { type Field, fieldsOf } from "../fields.ts";
import { referencedKind } from "../references.ts";
import type { TreeNode } from "../yamlTree.ts";
import { concepts, type Finding, type Rule, type RuleContext } from "./rule.ts";

/** Kinds that a learner makes; the others come with the cluster. */
const made: ReadonlySet<string> = new Set([
  "ConfigMap",
  "Secret",
  "PersistentVolumeClaim",
  "ServiceAccount",
  "PriorityClass",
  "StorageClass",
  "Service",
]);

export const missingReference: Rule = {
  name: "missingReference",
  severity: "warning",
  link: `${concepts}/configuration/`,
  *check({ object, namespace, known }: RuleContext): Iterable<Finding> {
    for (const field of fieldsOf(object)) {
      const kind = kindNamedBy(field);
      const name = field.node.type === "scalar" ? field.node.value : undefined;
      if (kind === undefined || typeof name !== "string" || name === "") continue;
      if (!made.has(kind) || !known.knows(kind) || isOptional(field)) continue;
      // An update would take the account that every namespace has.
      if (kind === "ServiceAccount" && name === "default") continue;
      if (!known.find(kind, namespace, name))
        yield { range: field.node.range, message: { key: "rule.missing", args: [kind, name] } };
    }
  },
};

function kindNamedBy({ owner, name, siblings }: Field): string | undefined {
  if (!owner) return undefined;
  if (owner.definition.endsWith("CrossVersionObjectReference") && name === "name")
    return textOf(siblings.entries.get("kind")?.node);
  return referencedKind(owner.definition, name);
}

function isOptional({ siblings }: Field): boolean {
  const node = siblings.entries.get("optional")?.node;
  return node?.type === "scalar" && node.value === true;
}

function textOf(node: TreeNode | undefined): string | undefined {
  return node?.type === "scalar" && typeof node.value === "string" ? node.value : undefined;
}
