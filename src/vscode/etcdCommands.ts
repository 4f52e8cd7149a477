// Commands on etcd: its members, and what its keys were.
import { window } from "vscode";
import type { EtcdMemberStatus } from "../api/clusterStatus.ts";
import type { EtcdMemberCount, EtcdRevision } from "../api/etcdKeys.ts";
import type { Fault } from "../api/fault.ts";
import { l10n } from "../base/localize.ts";
import { formatTimeOfDay } from "../base/time.ts";
import type { Simulator } from "../client/cluster.ts";
import { commands } from "./commandIds.ts";
import type { EtcdDocuments } from "./etcdDocuments.ts";
import { roleText } from "./etcdRows.ts";
import type { LiveClusters } from "./liveCluster.ts";
import type { CommandHandler, CommandHandlers } from "./simulatorCommands.ts";
import type { TreeElement } from "./treeElements.ts";

const counts: readonly EtcdMemberCount[] = [1, 3, 5];

export function etcdCommands(clusters: LiveClusters, documents: EtcdDocuments): CommandHandlers {
  const simulator = async (): Promise<Simulator> => (await clusters.ready()).cluster.simulator;
  const onMember =
    (
      type: "stopEtcdMember" | "cutOffEtcdMember",
      act: "inject" | "heal",
      isMeant: (member: EtcdMemberStatus) => boolean,
    ): CommandHandler =>
    async (argument) => {
      const clock = await simulator();
      const member = memberOf(argument) ?? (await pickMember(clock, isMeant));
      if (member !== undefined) await clock[act]({ type, member } satisfies Fault);
    };
  return {
    [commands.stopEtcdMember]: onMember("stopEtcdMember", "inject", isRunning),
    [commands.startEtcdMember]: onMember("stopEtcdMember", "heal", (one) => !isRunning(one)),
    [commands.cutOffEtcdMember]: onMember("cutOffEtcdMember", "inject", (one) => !one.isCutOff),
    [commands.connectEtcdMember]: onMember("cutOffEtcdMember", "heal", (one) => one.isCutOff),
    [commands.setEtcdMembers]: async () => {
      const clock = await simulator();
      const count = await pickCount(clock.status.etcd.members.length);
      if (count !== undefined) await clock.etcd.setMembers(count);
    },
    [commands.openEtcdKey]: async (argument) => {
      const element = argument as TreeElement | undefined;
      if (element?.type === "etcdKey") await documents.open(element.key, undefined);
      else if (element?.type === "etcdRevision")
        await documents.open(element.key, element.revision);
    },
    [commands.showEtcdChange]: async (argument) => {
      const element = argument as TreeElement | undefined;
      if (element?.type !== "etcdRevision") return;
      const { key, revision } = element;
      const before = previousOf(revision, await (await simulator()).etcd.history(key));
      if (before === undefined) await documents.open(key, revision);
      else await documents.compare(key, [before, revision]);
    },
    [commands.compareEtcdRevisions]: async (argument) => {
      const element = argument as TreeElement | undefined;
      if (element?.type !== "etcdRevision") return;
      const { key, revision } = element;
      const history = await (await simulator()).etcd.history(key);
      const other = await pickRevision(history.filter((one) => one.revision !== revision));
      if (other !== undefined) await documents.compare(key, [other, revision]);
    },
    [commands.revealEtcdSecret]: async (argument) => {
      const element = argument as TreeElement | undefined;
      if (element?.type !== "etcdKey") return;
      documents.reveal(element.key);
      await documents.open(element.key, undefined);
    },
    [commands.loadMoreEtcdKeys]: async (argument) => {
      const element = argument as TreeElement | undefined;
      if (element?.type === "etcdMore") await clusters.live?.facts.etcd?.more(element.prefix);
    },
  };
}

function isRunning({ role }: EtcdMemberStatus): boolean {
  return role !== "stopped";
}

function memberOf(argument: unknown): string | undefined {
  const element = argument as TreeElement | undefined;
  return element?.type === "etcdMember" ? element.name : undefined;
}

async function pickMember(
  { status }: Simulator,
  isMeant: (member: EtcdMemberStatus) => boolean,
): Promise<string | undefined> {
  const items = status.etcd.members
    .filter(isMeant)
    .map(({ name, role }) => ({ label: name, description: roleText(role) }));
  if (items.length === 0) {
    window.showInformationMessage(l10n.t("There is no such member of etcd."));
    return undefined;
  }
  const placeHolder = l10n.t("Choose a member of etcd");
  return (await window.showQuickPick(items, { placeHolder }))?.label;
}

async function pickCount(present: number): Promise<EtcdMemberCount | undefined> {
  const items = counts.map((count) => ({
    label: count === 1 ? l10n.t("1 member") : l10n.t("{0} members", count),
    count,
    description:
      count === present
        ? l10n.t("as now")
        : l10n.t("goes on with {0} of them stopped", Math.floor(count / 2)),
  }));
  const placeHolder = l10n.t("How many members should etcd have?");
  const picked = await window.showQuickPick(items, { placeHolder });
  return picked?.count === present ? undefined : picked?.count;
}

async function pickRevision(history: readonly EtcdRevision[]): Promise<number | undefined> {
  const items = history.map(({ revision, at }) => ({
    label: l10n.t("revision {0}", revision),
    revision,
    ...(at === undefined ? {} : { description: formatTimeOfDay(at) }),
  }));
  const placeHolder = l10n.t("Compare with which revision?");
  return (await window.showQuickPick(items, { placeHolder }))?.revision;
}

/** The revision before, of a history that begins with the newest; undefined if nothing was there. */
function previousOf(revision: number, history: readonly EtcdRevision[]): number | undefined {
  const before = history.find((one) => one.revision < revision);
  return before?.type === "delete" ? undefined : before?.revision;
}
