// Rows of the control plane: its components, and the controllers of kube-controller-manager.

import type { QueueEntry } from "../api/clusterStatus.ts";
import { type Fault, faultKey } from "../api/fault.ts";
import { l10n } from "../base/localize.ts";
import type { ControllerStatus } from "../client/cluster.ts";
import type { ClusterFacts } from "./clusterFacts.ts";
import { hasLeader } from "./etcdRows.ts";
import type { Component } from "./treeElements.ts";
import { bad, good, type Icon, row, separator, type TreeRow, waiting } from "./treeRow.ts";

const componentIcons: Record<Component, string> = {
  etcd: "database",
  "kube-apiserver": "server-process",
  "kube-scheduler": "list-selection",
  "kube-controller-manager": "settings-gear",
};

export function componentRow(component: Component, facts: ClusterFacts): TreeRow {
  const isRunning = isComponentRunning(component, facts);
  const isHeaded = component !== "etcd" || hasLeader(facts);
  const state = isWanted(component, facts) ? "running" : "stopped";
  const means = facts.status?.setUp === "kubeadm" ? "manifest" : "stoppable";
  const hasChildren =
    component === "etcd" ||
    component === "kube-controller-manager" ||
    (component === "kube-scheduler" && (facts.status?.scheduler.queue.length ?? 0) > 0);
  return row(component, {
    description: isRunning ? componentNumbers(component, facts) : absence(component, facts),
    icon: isRunning
      ? { id: componentIcons[component], color: isHeaded ? good : bad }
      : { id: "circle-slash", color: bad },
    collapsible: hasChildren ? "collapsed" : "none",
    context: `component.${means}.${state}.${component}`,
  });
}

export function isComponentRunning(component: Component, facts: ClusterFacts): boolean {
  const state = facts.status?.components.find(({ name }) => name === component);
  return isWanted(component, facts) && (state?.isRunning ?? true);
}

/** Whether nobody stopped it; it may still be unable to run. */
export function isWanted(component: Component, { status }: ClusterFacts): boolean {
  const key = faultKey(stopOf(component));
  return !status?.faults.some((fault) => faultKey(fault) === key);
}

/** What stops a component; its manifest is moved away where it is a static Pod. */
export function stopOf(component: Component): Fault {
  return component === "etcd"
    ? { type: "stopEtcdMember", member: "etcd-0" }
    : { type: "stopComponent", component };
}

/** A component that is stopped, or that does not get to run: what it wrote last tells why. */
function absence(component: Component, facts: ClusterFacts): string {
  const { status } = facts;
  if (!isWanted(component, facts))
    return status?.setUp === "kubeadm" ? l10n.t("Manifest moved away") : l10n.t("Stopped");
  const lastLine = status?.components.find(({ name }) => name === component)?.lastLine;
  return [l10n.t("Not running"), lastLine ?? ""].filter((text) => text !== "").join(separator);
}

function componentNumbers(component: Component, facts: ClusterFacts): string {
  const { status } = facts;
  if (!status) return "";
  switch (component) {
    case "etcd": {
      const revision = l10n.t("revision {0}", status.etcd.revision);
      return hasLeader(facts) ? revision : [l10n.t("no leader"), revision].join(separator);
    }
    case "kube-apiserver":
      return l10n.t("{0} watches", status.apiServer.watches);
    case "kube-scheduler": {
      const { active, backoff, unschedulable, gated } = status.scheduler;
      if (active + backoff + unschedulable + gated === 0) return l10n.t("queue empty");
      const queues = [
        active > 0 && l10n.t("{0} active", active),
        backoff > 0 && l10n.t("{0} in backoff", backoff),
        unschedulable > 0 && l10n.t("{0} unschedulable", unschedulable),
        gated > 0 && l10n.t("{0} gated", gated),
      ];
      return queues.filter((text) => text !== false).join(separator);
    }
    case "kube-controller-manager":
      return l10n.t("{0} controllers", status.controllers.length);
  }
}

/** A Pod that waits for the scheduler: where it waits, and what for. */
export function queuedRow(pod: string, { status }: ClusterFacts): TreeRow | undefined {
  const entry = status?.scheduler.queue.find((one) => one.pod === pod);
  if (!entry) return undefined;
  const places: Readonly<Record<QueueEntry["place"], string>> = {
    active: l10n.t("active"),
    backoff: l10n.t("in backoff"),
    unschedulable: l10n.t("unschedulable"),
    gated: l10n.t("gated"),
  };
  const texts = [
    places[entry.place],
    entry.attempts > 0 && l10n.t("attempt {0}", entry.attempts),
    entry.plugins.length > 0 && l10n.t("rejected by {0}", entry.plugins.join(", ")),
  ].filter((text) => text !== false);
  return row(pod.replace(/^default\//, ""), {
    description: texts.join(separator),
    icon: { id: entry.place === "active" ? "play" : "watch", color: waiting },
    collapsible: "none",
    context: "queued",
  });
}

export function controllerRow(name: string, { status }: ClusterFacts): TreeRow | undefined {
  const controller = status?.controllers.find((one) => one.name === name);
  if (!controller) return undefined;
  const { running, queued, lastError, recent } = controller;
  const isStoppedAlone = status?.faults.some(
    (fault) => fault.type === "stopController" && fault.controller === name,
  );
  const texts = [
    !running && l10n.t("Stopped"),
    queued > 0 && l10n.t("{0} queued", queued),
    running && lastError !== undefined && l10n.t("last run failed"),
  ].filter((text) => text !== false);
  return row(name, {
    ...(texts.length === 0 ? {} : { description: texts.join(separator) }),
    icon: controllerIcon(controller),
    collapsible: recent.length > 0 ? "collapsed" : "none",
    context: `controller${running ? ".running" : isStoppedAlone ? ".stopped" : ""}`,
  });
}

function controllerIcon({ running, lastError }: ControllerStatus): Icon {
  if (!running) return { id: "circle-slash", color: bad };
  return { id: "sync", color: lastError === undefined ? good : waiting };
}
