// An Ingress sends requests to a port that the Service does not have.
import { textIn } from "../../base/yaml/yamlTree.ts";
import type { Claim, Rule } from "./rule.ts";

export const ingressPort: Rule = {
  name: "ingressPort",
  severity: "warning",
  *claims({ fields, namespace }): Iterable<Claim> {
    for (const { owner, name, node } of fields) {
      if (name !== "service" || owner?.definition !== "networking.v1.IngressBackend") continue;
      const port = node.type === "map" ? node.entries.get("port")?.node : undefined;
      if (port?.type !== "map") continue;
      const serviceName = textIn(node, "name") ?? "";
      for (const { node: value } of port.entries.values())
        yield (known) => {
          const service = known.find("Service", namespace, serviceName);
          if (!service || value.type !== "scalar" || service.ports.some((p) => p === value.value))
            return undefined;
          const { ports } = service;
          const args = [service.name, String(value.value), ports.join(", ")];
          const fitting = ports.filter((port) => typeof port === typeof value.value);
          return {
            range: value.range,
            message: { key: "rule.missingPort", args },
            replacements: fitting.map(String),
          };
        };
    }
  },
};
