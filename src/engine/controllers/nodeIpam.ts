// node-ipam-controller: gives each node a range of Pod addresses.
import { Node } from "../../api/kinds/node.ts";
import { keyOf } from "../../api/object.ts";
import type { Node as NodeObject } from "../../api/types.ts";
import { nextNodeCidr } from "../network/addresses.ts";
import { type ControllerFactory, trigger } from "./controller.ts";

/** Source: pkg/controller/nodeipam/ipam/range_allocator.go, kubernetes v1.34. */
export const nodeIpam: ControllerFactory = () => {
  /** Ranges given out that the cache may not show yet, by node. */
  const given = new Map<string, string>();
  let last = -1;
  return {
    name: "node-ipam-controller",
    account: "node-controller",
    eventSource: "cidrAllocator",
    triggers: [
      trigger(Node, ({ old, now }) => {
        if (!now && old) given.delete(old.metadata.name);
        return now ? [keyOf(now)] : [];
      }),
    ],
    reconcile(key, { cache, client, events }) {
      const nodes = cache(Node);
      const node = nodes.get(key);
      if (!node || node.metadata.deletionTimestamp !== undefined || node.spec?.podCIDR)
        return undefined;
      const known = given.get(key.name);
      const range =
        known === undefined ? nextNodeCidr(taken(nodes.list(), given), last) : undefined;
      const podCIDR = known ?? range?.text;
      if (podCIDR === undefined) {
        events.record(
          node,
          "Normal",
          "CIDRNotAvailable",
          `Node ${key.name} status is now: CIDRNotAvailable`,
        );
        return undefined;
      }
      if (range) last = range.index;
      given.set(key.name, podCIDR);
      client.patch(Node, key, { spec: { podCIDR, podCIDRs: [podCIDR] } }, { type: "strategic" });
      return undefined;
    },
  };
};

function taken(
  nodes: readonly NodeObject[],
  given: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const ranges = nodes.flatMap(({ spec }) => spec?.podCIDRs ?? []);
  return new Set([...ranges, ...given.values()]);
}
