// What a hover over the tree tells: what a thing is, in a sentence, and its numbers at this moment.
import type { Lease } from "../api/types.ts";
import { l10n } from "../base/localize.ts";
import type { ClusterFacts } from "./clusterFacts.ts";
import { componentTooltip, controllerTooltip } from "./componentTooltips.ts";
import { keyTooltip, memberTooltip } from "./etcdTooltips.ts";
import { nodeTooltip, partTooltip } from "./nodeTooltips.ts";
import { containerTooltip, podTooltip } from "./podTooltips.ts";
import type { Group, TreeElement } from "./treeElements.ts";

/**
 * Markdown, or undefined if the row says it all.
 * @param lease the node's sign of life, for the elements that speak of it
 */
export function tooltipOf(
  element: TreeElement,
  facts: ClusterFacts,
  lease?: Lease,
): string | undefined {
  switch (element.type) {
    case "group":
      return groupTooltip(element.group);
    case "component":
      return componentTooltip(element.component, facts);
    case "controller":
      return controllerTooltip(element.name, facts.status);
    case "etcdMember":
      return memberTooltip(element.name, facts.status);
    case "etcdKey":
      return keyTooltip(element.key, element.prefix, facts);
    case "node":
      return nodeTooltip(facts.nodes.get(element.name), facts, lease);
    case "nodePart":
      return partTooltip(element.part, element.node, facts, lease);
    case "pod":
      return podTooltip(facts.pod(element.key));
    case "container":
      return containerTooltip(element.name, facts.pod(element.key));
    case "reconcile":
    case "queued":
    case "etcdGroup":
    case "etcdFolder":
    case "etcdRevision":
    case "etcdMore":
    case "zone":
    case "nodePods":
    case "page":
      return undefined;
  }
}

function groupTooltip(group: Group): string {
  switch (group) {
    case "controlPlane":
      return l10n.t(
        "The control plane decides what runs where and keeps the cluster as it was asked to be. Its components talk only to kube-apiserver.",
      );
    case "workers":
      return l10n.t("Worker nodes are the machines that run your Pods.");
    case "unscheduled":
      return l10n.t(
        "These Pods have no node yet. Right-click one and choose Explain Scheduling to see why.",
      );
  }
}
