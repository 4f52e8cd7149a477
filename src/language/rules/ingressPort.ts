// An Ingress sends requests to a port that the Service does not have.

import type { TreeNode } from "../../base/yaml/yamlTree.ts";
import { fieldsOf } from "../fields.ts";
import { concepts, type Finding, type Rule, type RuleContext } from "./rule.ts";

export const ingressPort: Rule = {
  name: "ingressPort",
  severity: "warning",
  link: `${concepts}/services-networking/ingress/`,
  *check({ object, namespace, known }: RuleContext): Iterable<Finding> {
    for (const { owner, name, node } of fieldsOf(object)) {
      if (name !== "service" || owner?.definition !== "networking.v1.IngressBackend") continue;
      const service = known.find("Service", namespace, String(scalarIn(node, "name")));
      const port = node.type === "map" ? node.entries.get("port")?.node : undefined;
      if (!service || port?.type !== "map") continue;
      for (const { node: value } of port.entries.values())
        if (value.type === "scalar" && !service.ports.includes(value.value as string | number))
          yield {
            range: value.range,
            message: {
              key: "rule.missingPort",
              args: [service.name, String(value.value), service.ports.join(", ")],
            },
          };
    }
  },
};

function scalarIn(node: TreeNode, name: string): unknown {
  const child = node.type === "map" ? node.entries.get(name)?.node : undefined;
  return child?.type === "scalar" ? child.value : undefined;
}
