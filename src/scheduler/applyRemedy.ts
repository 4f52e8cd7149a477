// Makes the changes of a remedy in thought: on a Pod, a Node, or what runs on it.
import { milliAmount, quantityText, wholeAmount } from "../api/quantity.ts";
import type { RemedyChange } from "../api/remedy.ts";
import type { Node, Pod } from "../api/types.ts";
import { type Draft, draft } from "../base/draft.ts";

/** The Pod with the change made; other changes leave it as it is. */
export function changedPod(pod: Pod, change: RemedyChange): Pod {
  const copy = draft(pod);
  (podChanges[change.type] as ((pod: Draft<Pod>, change: RemedyChange) => void) | undefined)?.(
    copy,
    change,
  );
  return copy as Pod;
}

/** The Node with the change made; other changes leave it as it is. */
export function changedNode(node: Node, change: RemedyChange): Node {
  if (!("node" in change) || change.node !== node.metadata.name) return node;
  const { metadata, spec = {}, status = {} } = node;
  const { taints = [], unschedulable: _, ...open } = spec;
  switch (change.type) {
    case "labelNode": {
      const labels = { ...metadata.labels, [change.key]: change.value };
      return { ...node, metadata: { ...metadata, labels } };
    }
    case "uncordonNode":
      return {
        ...node,
        spec: { ...open, taints: taints.filter(({ key }) => key !== unschedulableTaint) },
      };
    case "removeTaint": {
      const { key, effect } = change.taint;
      const rest = taints.filter((taint) => taint.key !== key || taint.effect !== effect);
      return { ...node, spec: { ...spec, taints: rest } };
    }
    case "growNode": {
      const amount = amountText(change.resource, change.to);
      const allocatable = { ...(status.allocatable ?? status.capacity), [change.resource]: amount };
      return { ...node, status: { ...status, allocatable } };
    }
    case "removePods":
      return node;
  }
}

/** An amount in the units of `ResourceNeed` as a manifest says it: "300m", "512Mi", "2". */
export function amountText(resource: string, amount: number): string {
  if (resource === "cpu") return quantityText(milliAmount(amount));
  const isBytes = /memory|storage|hugepages-/.test(resource);
  return quantityText(wholeAmount(amount, isBytes ? "BinarySI" : "DecimalSI"));
}

/** The taint that cordoning brings. Source: api/core/v1 TaintNodeUnschedulable, 1.34. */
export const unschedulableTaint = "node.kubernetes.io/unschedulable";

type PodChanges = {
  readonly [Type in RemedyChange["type"]]?: (
    pod: Draft<Pod>,
    change: Extract<RemedyChange, { readonly type: Type }>,
  ) => void;
};

const required = "requiredDuringSchedulingIgnoredDuringExecution";

const podChanges: PodChanges = {
  lowerRequest,
  addToleration({ spec }, { taint: { key, value, effect } }) {
    const toleration = value
      ? { key, operator: "Equal" as const, value, effect }
      : { key, operator: "Exists" as const, effect };
    spec.tolerations = [...(spec.tolerations ?? []), toleration];
  },
  removeNodeSelector: ({ spec }, { key }) => delete spec.nodeSelector?.[key],
  removeNodeAffinity: ({ spec }) => delete spec.affinity?.nodeAffinity?.[required],
  removePodAffinity: ({ spec }) => delete spec.affinity?.podAffinity?.[required],
  removePodAntiAffinity: ({ spec }) => delete spec.affinity?.podAntiAffinity?.[required],
  relaxTopologySpread({ spec }, { topologyKey }) {
    for (const constraint of spec.topologySpreadConstraints ?? [])
      if (constraint.topologyKey === topologyKey) constraint.whenUnsatisfiable = "ScheduleAnyway";
  },
  removeHostPort({ spec }, { port }) {
    for (const { ports = [] } of spec.containers)
      for (const each of ports) if (each.hostPort === port) delete each.hostPort;
  },
  removeNodeName: ({ spec }) => delete spec.nodeName,
};

function lowerRequest(
  { spec }: Draft<Pod>,
  { container: name, resource, to }: Extract<RemedyChange, { type: "lowerRequest" }>,
): void {
  const container = spec.containers.find((each) => each.name === name);
  const requests = container?.resources?.requests;
  if (requests) requests[resource] = amountText(resource, to);
  // An extended resource's limit is its request.
  const limits = container?.resources?.limits;
  if (limits?.[resource] !== undefined && resource.includes("/"))
    limits[resource] = amountText(resource, to);
}
