// Commands on what one row of the tree stands for.
import { env, type TreeView, window } from "vscode";
import { builtInKinds } from "../api/kinds/index.ts";
import { Node } from "../api/kinds/node.ts";
import { Pod } from "../api/kinds/pod/kind.ts";
import type { ObjectKey, ObjectRef } from "../api/object.ts";
import { hasReason } from "../api/status.ts";
import { l10n } from "../base/localize.ts";
import type { Cluster } from "../client/cluster.ts";
import { commands } from "./commandIds.ts";
import type { LiveClusters } from "./liveCluster.ts";
import type { ObjectDocuments } from "./objectDocument.ts";
import type { CommandHandlers } from "./simulatorCommands.ts";
import type { TimelinePanels } from "./timelinePanel.ts";
import type { TreeElement } from "./treeElements.ts";
import { type ObjectName, elementOf as rowOf } from "./treeSearch.ts";

export interface ObjectCommandsWorld {
  readonly clusters: LiveClusters;
  readonly documents: ObjectDocuments;
  readonly timeline: TimelinePanels;
  readonly view: TreeView<TreeElement>;
}

export function objectCommands(world: ObjectCommandsWorld): CommandHandlers {
  const { clusters, documents, timeline, view } = world;
  // Calls without an argument are about what is selected.
  const elementOf = (argument: unknown): TreeElement | undefined =>
    (argument as TreeElement | undefined) ?? view.selection[0];
  return {
    [commands.showObjectYaml]: async (argument) => {
      const element = elementOf(argument);
      if (element?.type === "node")
        await documents.open(Node, { namespace: "", name: element.name });
      else if (element?.type === "pod" || element?.type === "container")
        await documents.open(Pod, element.key);
    },
    [commands.showInTree]: async (argument) => {
      const { facts } = await clusters.ready();
      const row = argument ? rowOf(argument as ObjectName, facts) : undefined;
      if (row) await view.reveal(row, { select: true, focus: true });
    },
    [commands.copyName]: async (argument) => {
      const element = elementOf(argument);
      const name = element && nameOf(element);
      if (name !== undefined) await env.clipboard.writeText(name);
    },
    [commands.deleteObject]: async (argument) => {
      const element = elementOf(argument);
      if (element?.type === "pod") await deletePod(element.key, clusters);
    },
    [commands.explainScheduling]: async (argument) => {
      const element = elementOf(argument);
      if (element?.type !== "pod") return;
      const { cluster } = await clusters.ready();
      const attempt = await lastAttempt(cluster, element.key);
      if (attempt === undefined)
        window.showInformationMessage(
          l10n.t("kube-scheduler has not tried to place {0} yet.", element.key.name),
        );
      timeline.show(attempt === undefined ? {} : { events: [attempt] });
    },
  };
}

/** Opens what the timeline points at. */
export async function openRef(documents: ObjectDocuments, ref: ObjectRef): Promise<void> {
  const kind = builtInKinds.find(({ gvk }) => gvk.kind === ref.kind);
  if (kind) await documents.open(kind, ref);
}

function nameOf(element: TreeElement): string | undefined {
  switch (element.type) {
    case "node":
    case "controller":
    case "container":
    case "etcdMember":
      return element.name;
    case "etcdKey":
      return element.key;
    case "component":
      return element.component;
    case "pod":
      return element.key.name;
    default:
      return undefined;
  }
}

async function deletePod(key: ObjectKey, clusters: LiveClusters): Promise<void> {
  const confirm = l10n.t("Delete");
  const answer = await window.showWarningMessage(
    l10n.t("Delete the Pod {0}?", key.name),
    { modal: true, detail: l10n.t("A controller that owns it makes another one in its place.") },
    confirm,
  );
  if (answer !== confirm) return;
  const { cluster } = await clusters.ready();
  try {
    await cluster.client.delete(Pod, key, { propagationPolicy: "Background" });
  } catch (error) {
    if (!hasReason(error, "NotFound")) throw error;
  }
}

/** The id of the last attempt to schedule the Pod, among the events that are kept. */
async function lastAttempt(cluster: Cluster, key: ObjectKey): Promise<number | undefined> {
  const aborter = new AbortController();
  // All that is kept comes in the first batch.
  for await (const batch of cluster.timeline.events(1, aborter.signal)) {
    aborter.abort();
    return batch.findLast(
      (event) =>
        event.type === "schedule" &&
        event.pod.name === key.name &&
        event.pod.namespace === key.namespace,
    )?.id;
  }
  return undefined;
}
