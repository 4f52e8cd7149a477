// Services: how many there are, and what of the node's ports and of the provider's balancers they take.
// Source: pkg/quota/v1/evaluator/core/services.go, 1.34.
import { Service } from "../kinds/service.ts";
import { wholeAmount } from "../quantity.ts";
import type { Service as ServiceObject } from "../types.ts";
import { countName, type QuotaEvaluator } from "./evaluator.ts";
import { one } from "./usage.ts";

const count = countName(Service);
const names = [count, "services", "services.nodeports", "services.loadbalancers"];

export const serviceEvaluator: QuotaEvaluator = {
  // A Service may become another type.
  handles: () => true,
  matchingResources: (asked) => asked.filter((name) => names.includes(name)),
  matchesScope: () => false,
  usage(object) {
    const { spec } = object as ServiceObject;
    const isBalanced = spec?.type === "LoadBalancer";
    return new Map([
      [count, one],
      ["services", one],
      ["services.nodeports", wholeAmount(nodePorts(spec))],
      ["services.loadbalancers", wholeAmount(isBalanced ? 1 : 0)],
    ]);
  },
};

/** Ports may still have to be drawn: the intent counts. */
function nodePorts(spec: ServiceObject["spec"]): number {
  const { type, ports = [], allocateLoadBalancerNodePorts: allocates } = spec ?? {};
  if (type === "NodePort") return ports.length;
  if (type !== "LoadBalancer") return 0;
  return allocates === false ? ports.filter(({ nodePort }) => nodePort).length : ports.length;
}
