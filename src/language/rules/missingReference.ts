// A field names an object that is neither in the workspace nor in the cluster.
import type { Field } from "../fields.ts";
import { referenceOf } from "../references.ts";
import { bySimilarity } from "../similarName.ts";
import type { Claim, Rule } from "./rule.ts";

/** Kinds that people make; the others come with the cluster. */
const made: ReadonlySet<string> = new Set([
  "ConfigMap",
  "Secret",
  "PersistentVolumeClaim",
  "ServiceAccount",
  "PriorityClass",
  "StorageClass",
  "Service",
  "Deployment",
  "ReplicaSet",
  "ReplicationController",
  "StatefulSet",
]);

/** Others make what these name, in their own time: certificates, volumes, owners. */
const madeByOthers: ReadonlySet<string> = new Set([
  "core.v1.ObjectReference",
  "meta.v1.OwnerReference",
  "networking.v1.IngressTLS",
]);

export const missingReference: Rule = {
  name: "missingReference",
  severity: "warning",
  *claims({ fields, namespace }): Iterable<Claim> {
    for (const field of fields) {
      const reference = referenceOf(field, namespace);
      if (!reference || madeByOthers.has(field.owner?.definition ?? "")) continue;
      const { kind, name, namespace: place } = reference;
      if (!made.has(kind) || isOptional(field)) continue;
      // Every namespace gets this account.
      if (kind === "ServiceAccount" && name === "default") continue;
      const { range } = field.node;
      yield (known) => {
        if (!known.knows(kind) || known.find(kind, place, name)) return undefined;
        const names = [...known.all(kind)]
          .filter((other) => [place, ""].includes(other.namespace) || place === "")
          .map((other) => other.name);
        return {
          range,
          message: { key: "rule.missing", args: [kind, name] },
          replacements: bySimilarity(name, names),
        };
      };
    }
  },
};

function isOptional({ siblings }: Field): boolean {
  const node = siblings.entries.get("optional")?.node;
  return node?.type === "scalar" && node.value === true;
}
