// A field asks for a key that the ConfigMap or Secret it names does not have.
import { fieldsOf } from "../fields.ts";
import { concepts, type Finding, type Rule, type RuleContext } from "./rule.ts";

const selectors: Readonly<Record<string, string>> = {
  "core.v1.ConfigMapKeySelector": "ConfigMap",
  "core.v1.SecretKeySelector": "Secret",
};

export const missingKey: Rule = {
  name: "missingKey",
  severity: "warning",
  link: `${concepts}/configuration/configmap/`,
  *check({ object, namespace, known }: RuleContext): Iterable<Finding> {
    for (const { owner, name: field, siblings, node } of fieldsOf(object)) {
      const kind = selectors[owner?.definition ?? ""];
      if (kind === undefined || field !== "key" || node.type !== "scalar") continue;
      const nameNode = siblings.entries.get("name")?.node;
      const optional = siblings.entries.get("optional")?.node;
      if (nameNode?.type !== "scalar" || (optional?.type === "scalar" && optional.value)) continue;
      const target = known.find(kind, namespace, String(nameNode.value));
      if (target && !target.keys.includes(String(node.value)))
        yield {
          range: node.range,
          message: {
            key: "rule.missingKey",
            args: [kind, target.name, String(node.value), target.keys.join(", ")],
          },
        };
    }
  },
};
