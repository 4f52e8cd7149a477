// A field names an object that is neither in the workspace nor in the cluster.
import { type Field, fieldsOf } from "../fields.ts";
import { referenceOf } from "../references.ts";
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
      const reference = referenceOf(field, namespace);
      if (!reference) continue;
      const { kind, name, namespace: place } = reference;
      if (!made.has(kind) || !known.knows(kind) || isOptional(field)) continue;
      // An update would take the account that every namespace has.
      if (kind === "ServiceAccount" && name === "default") continue;
      if (!known.find(kind, place, name))
        yield { range: field.node.range, message: { key: "rule.missing", args: [kind, name] } };
    }
  },
};

function isOptional({ siblings }: Field): boolean {
  const node = siblings.entries.get("optional")?.node;
  return node?.type === "scalar" && node.value === true;
}
