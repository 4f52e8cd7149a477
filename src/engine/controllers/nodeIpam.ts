// node-ipam-controller: gives each node a range of Pod addresses of its own.
// Source: kubernetes v1.34 pkg/controller/nodeipam/ipam/range_allocator.go
import { Node } from "../../api/kinds/node.ts";
import { type ControllerFactory, trigger } from "./controller.ts";

/** kubeadm's podSubnet 10.244.0.0/16, a /24 for each node. */
const rangeCount = 256;

export const nodeIpam: ControllerFactory = () => {
  /** Ranges given out, ahead of the cache. */
  const given = new Map<string, string>();
  return {
    name: "node-ipam-controller",
    account: "node-controller",
    triggers: [
      trigger(Node, ({ old, now }) => [{ namespace: "", name: (now ?? old)?.metadata.name ?? "" }]),
    ],
    reconcile({ name }, { cache, client }) {
      const nodes = cache(Node);
      const node = nodes.get({ namespace: "", name });
      if (!node) given.delete(name);
      if (!node || node.spec.podCIDR || given.has(name)) return undefined;
      const taken = new Set([...given.values(), ...nodes.list().map(({ spec }) => spec.podCIDR)]);
      const range = freeRange(taken);
      if (range === undefined) return undefined;
      client.patch(Node, { namespace: "", name }, { spec: { podCIDR: range, podCIDRs: [range] } });
      given.set(name, range);
      return undefined;
    },
  };
};

function freeRange(taken: ReadonlySet<string | undefined>): string | undefined {
  for (let i = 0; i < rangeCount; i++) {
    const range = `10.244.${i}.0/24`;
    if (!taken.has(range)) return range;
  }
  return undefined;
}
