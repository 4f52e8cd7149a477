// What an element of the tree looks like: pure, from the facts of this moment.
import { isReady } from "../api/kinds/node.ts";
import { l10n } from "../base/localize.ts";
import type { ClusterFacts } from "./clusterFacts.ts";
import { componentRow, controllerRow, queuedRow } from "./componentRows.ts";
import {
  etcdFolderRow,
  etcdGroupRow,
  etcdKeyRow,
  etcdMoreRow,
  etcdRevisionRow,
  memberRow,
} from "./etcdRows.ts";
import { nodePartRow, nodePodsRow, nodeRow, zoneRow } from "./nodeRows.ts";
import { containerRow, podRow } from "./podRows.ts";
import { reconcileRow } from "./reconcileRows.ts";
import { type Group, type TreeElement, unregisteredMachines, workersOf } from "./treeElements.ts";
import { row, type TreeRow, waiting } from "./treeRow.ts";

/** Undefined if the element's object is gone. */
export function rowOf(element: TreeElement, facts: ClusterFacts): TreeRow | undefined {
  switch (element.type) {
    case "group":
      return groupRow(element.group, facts);
    case "component":
      return componentRow(element.component, facts);
    case "controller":
      return controllerRow(element.name, facts);
    case "reconcile":
      return reconcileRow(element.controller, element.index, facts);
    case "queued":
      return queuedRow(element.pod, facts);
    case "etcdMember":
      return memberRow(element.name, facts);
    case "etcdGroup":
      return etcdGroupRow(element.group, facts);
    case "etcdFolder":
      return etcdFolderRow(element.prefix, facts);
    case "etcdKey":
      return etcdKeyRow(element.key, element.prefix, facts);
    case "etcdRevision":
      return etcdRevisionRow(element.key, element.revision, facts);
    case "etcdMore":
      return etcdMoreRow(element.prefix, facts);
    case "zone":
      return zoneRow(element.zone, element.members, facts);
    case "node":
      return nodeRow(element.name, facts.nodes.get(element.name), facts);
    case "nodePart":
      return nodePartRow(element.part, element.node, facts);
    case "nodePods":
      return nodePodsRow(element.node, facts);
    case "pod":
      return podRow(facts.pod(element.key));
    case "container":
      return containerRow(element.name, element.isInit, facts.pod(element.key));
    case "page":
      return row(`${element.first} … ${element.last}`, {
        description: String(element.members.length),
        icon: { id: "ellipsis" },
        collapsible: "collapsed",
        context: "page",
      });
  }
}

function groupRow(group: Group, facts: ClusterFacts): TreeRow {
  switch (group) {
    case "controlPlane":
      return row(l10n.t("Control plane"), {
        icon: { id: "server-environment" },
        collapsible: "expanded",
        context: "group",
      });
    case "workers": {
      const nodes = workersOf(facts);
      const ready = nodes.filter(isReady).length;
      const all = nodes.length + unregisteredMachines(facts, false).length;
      return row(l10n.t("Worker nodes"), {
        description: l10n.t("{0} of {1} Ready", ready, all),
        icon: { id: "server", ...(ready < all ? { color: waiting } : {}) },
        collapsible: "expanded",
        context: "group",
      });
    }
    case "unscheduled":
      return row(l10n.t("Unscheduled Pods ({0})", facts.podCountOn("")), {
        icon: { id: "inbox", color: waiting },
        collapsible: "expanded",
        context: "group",
      });
  }
}
