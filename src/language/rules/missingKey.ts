// A field asks for a key that the ConfigMap or Secret it names does not have.

import { type MapNode, type Range, textIn } from "../../base/yaml/yamlTree.ts";
import type { Field } from "../fields.ts";
import { bySimilarity } from "../similarName.ts";
import type { Claim, Rule } from "./rule.ts";

/** Structs that name an object, and the field that does. */
const sources: Readonly<Record<string, { readonly kind: string; readonly name: string }>> = {
  "core.v1.ConfigMapKeySelector": { kind: "ConfigMap", name: "name" },
  "core.v1.ConfigMapVolumeSource": { kind: "ConfigMap", name: "name" },
  "core.v1.ConfigMapProjection": { kind: "ConfigMap", name: "name" },
  "core.v1.SecretKeySelector": { kind: "Secret", name: "name" },
  "core.v1.SecretVolumeSource": { kind: "Secret", name: "secretName" },
  "core.v1.SecretProjection": { kind: "Secret", name: "name" },
};

export const missingKey: Rule = {
  name: "missingKey",
  severity: "warning",
  *claims({ fields, namespace }): Iterable<Claim> {
    for (const field of fields) {
      const source = sources[field.owner?.definition ?? ""];
      if (!source || isTrue(field.siblings, "optional")) continue;
      const name = textIn(field.siblings, source.name);
      if (name === undefined) continue;
      for (const { key, range } of keysIn(field))
        yield (known) => {
          const target = known.find(source.kind, namespace, name);
          // Of an object without keys it may be that they are not known.
          if (!target || target.keys.length === 0 || target.keys.includes(key)) return undefined;
          const { keys } = target;
          return {
            range,
            message: { key: "rule.missingKey", args: [source.kind, name, key, keys.join(", ")] },
            replacements: bySimilarity(key, keys),
          };
        };
    }
  },
};

/** The keys that a field asks for: `key` itself, or those of a volume's `items`. */
function keysIn({ name, node }: Field): readonly { key: string; range: Range }[] {
  if (name === "key" && node.type === "scalar")
    return [{ key: String(node.value), range: node.range }];
  if (name !== "items" || node.type !== "list") return [];
  return node.items.flatMap((item) => {
    const key = item.type === "map" ? item.entries.get("key")?.node : undefined;
    return key?.type === "scalar" ? [{ key: String(key.value), range: key.range }] : [];
  });
}

function isTrue({ entries }: MapNode, name: string): boolean {
  const node = entries.get(name)?.node;
  return node?.type === "scalar" && node.value === true;
}
