// Hovers over the control plane: what a component does, and its numbers.

import { l10n } from "../base/localize.ts";
import type { ControllerStatus, SimulatorStatus } from "../client/cluster.ts";
import type { ClusterFacts } from "./clusterFacts.ts";
import { isComponentRunning } from "./componentRows.ts";
import { agoText } from "./factTexts.ts";
import { code, heading, line, list, text } from "./markdown.ts";
import type { Component } from "./treeElements.ts";

export function componentTooltip(component: Component, facts: ClusterFacts): string {
  const { status } = facts;
  const numbers = status ? componentNumbers(component, status) : [];
  const stopped = isComponentRunning(component, facts)
    ? []
    : [line(l10n.t("It is stopped. Everything else goes on without it."))];
  return [heading(component), line(componentRole(component)), ...stopped, list(numbers)].join("");
}

function componentRole(component: Component): string {
  switch (component) {
    case "etcd":
      return l10n.t("etcd stores every object of the cluster. Only kube-apiserver talks to it.");
    case "kube-apiserver":
      return l10n.t(
        "kube-apiserver is the one door to the cluster: it checks every request, stores objects, and tells watchers what changed.",
      );
    case "kube-scheduler":
      return l10n.t(
        "kube-scheduler finds a node for every new Pod: it filters out the nodes that do not fit, scores the rest, and binds the Pod to the best.",
      );
    case "kube-controller-manager":
      return l10n.t(
        "kube-controller-manager runs the controllers: loops that compare what is with what was asked for, and act on the difference.",
      );
  }
}

function componentNumbers(component: Component, status: SimulatorStatus): [string, string][] {
  switch (component) {
    case "etcd": {
      const { revision, compactRevision, keys, path, size } = status.etcd;
      return [
        [l10n.t("Revision"), String(revision)],
        [l10n.t("Compacted up to"), String(compactRevision)],
        [l10n.t("Keys"), String(keys)],
        ...(size === undefined ? [] : [sizeRow(size)]),
        [l10n.t("Stored in"), path === undefined ? l10n.t("memory only") : code(path)],
      ];
    }
    case "kube-apiserver": {
      const { reads, writes, failures, watches } = status.apiServer;
      return [
        [l10n.t("Reads"), String(reads)],
        [l10n.t("Writes"), String(writes)],
        [l10n.t("Refused requests"), String(failures)],
        [l10n.t("Open watches"), String(watches)],
      ];
    }
    case "kube-scheduler": {
      const { active, backoff, unschedulable, gated, attempts, bound } = status.scheduler;
      return [
        [l10n.t("Active queue"), String(active)],
        [l10n.t("Backoff queue"), String(backoff)],
        [l10n.t("Unschedulable Pods"), String(unschedulable)],
        [l10n.t("Gated Pods"), String(gated)],
        [l10n.t("Attempts"), String(attempts)],
        [l10n.t("Pods bound"), String(bound)],
      ];
    }
    case "kube-controller-manager":
      return [[l10n.t("Controllers"), String(status.controllers.length)]];
  }
}

function sizeRow(bytes: number): [string, string] {
  return [l10n.t("Database size"), l10n.t("{0} MB", (bytes / 1_024 ** 2).toFixed(1))];
}

export function controllerTooltip(
  name: string,
  status: SimulatorStatus | undefined,
): string | undefined {
  const controller = status?.controllers.find((one) => one.name === name);
  if (!status || !controller) return undefined;
  return heading(name) + list(controllerNumbers(controller, status));
}

function controllerNumbers(
  { queued, reconciles, writes, lastKey, lastAt, lastError }: ControllerStatus,
  { now }: SimulatorStatus,
): [string, string][] {
  const last: [string, string][] =
    lastKey === undefined || lastAt === undefined
      ? []
      : [[l10n.t("Last object"), `${code(lastKey)} (${agoText(now - lastAt)})`]];
  const failure: [string, string][] =
    lastError === undefined ? [] : [[l10n.t("Last error"), text(lastError)]];
  return [
    [l10n.t("Queued"), String(queued)],
    [l10n.t("Reconciles"), String(reconciles)],
    [l10n.t("Writes"), String(writes)],
    ...last,
    ...failure,
  ];
}
