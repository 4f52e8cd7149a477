// Rows of etcd: its members, its keys by group, and what each key was.
import type { EtcdMemberStatus } from "../api/clusterStatus.ts";
import type { EtcdRevision } from "../api/etcdKeys.ts";
import { l10n } from "../base/localize.ts";
import { formatTimeOfDay } from "../base/time.ts";
import type { ClusterFacts } from "./clusterFacts.ts";
import { commands } from "./commandIds.ts";
import { type EtcdGroup, foldersOf } from "./etcdElements.ts";
import { bad, good, type Icon, row, separator, type TreeRow, waiting } from "./treeRow.ts";

export function memberRow(name: string, { status }: ClusterFacts): TreeRow | undefined {
  const member = status?.etcd.members.find((one) => one.name === name);
  if (!member) return undefined;
  const { role, isCutOff, term, raftIndex } = member;
  const texts = [
    roleText(role),
    ...(isCutOff ? [l10n.t("cut off")] : []),
    l10n.t("term {0}", term),
    l10n.t("index {0}", raftIndex),
  ];
  const condition = role === "stopped" ? "stopped" : isCutOff ? "cutOff" : "running";
  return row(name, {
    description: texts.join(separator),
    icon: memberIcon(member),
    collapsible: "none",
    context: `etcdMember.${condition}`,
  });
}

export function roleText(role: EtcdMemberStatus["role"]): string {
  switch (role) {
    case "leader":
      return l10n.t("leader");
    case "follower":
      return l10n.t("follower");
    case "candidate":
      return l10n.t("candidate");
    case "stopped":
      return l10n.t("stopped");
  }
}

function memberIcon({ role, isCutOff }: EtcdMemberStatus): Icon {
  if (role === "stopped") return { id: "circle-slash", color: bad };
  if (isCutOff) return { id: "debug-disconnect", color: bad };
  if (role === "candidate") return { id: "question", color: waiting };
  return { id: role === "leader" ? "star-full" : "circle-large-outline", color: good };
}

/** Whether a majority of the members has a leader. */
export function hasLeader({ status }: ClusterFacts): boolean {
  return status?.etcd.members.some(({ role, isCutOff }) => role === "leader" && !isCutOff) ?? true;
}

export function etcdGroupRow(group: EtcdGroup, { etcd }: ClusterFacts): TreeRow {
  const found = etcd && foldersOf(group, etcd);
  const count = found?.reduce((sum, folder) => sum + folder.count, 0);
  return row(groupText(group), {
    ...(count === undefined ? {} : { description: countText(count) }),
    icon: { id: groupIcons[group] },
    collapsible: "collapsed",
    context: "etcdGroup",
  });
}

const groupIcons: Readonly<Record<EtcdGroup, string>> = {
  nodes: "server",
  pods: "package",
  configs: "settings",
  secrets: "lock",
  accounts: "account",
  roles: "shield",
  rest: "folder",
};

function groupText(group: EtcdGroup): string {
  switch (group) {
    case "nodes":
      return l10n.t("Keys of nodes");
    case "pods":
      return l10n.t("Keys of Pods");
    case "configs":
      return l10n.t("Keys of ConfigMaps");
    case "secrets":
      return l10n.t("Keys of Secrets");
    case "accounts":
      return l10n.t("Keys of service accounts");
    case "roles":
      return l10n.t("Keys of roles");
    case "rest":
      return l10n.t("All other keys");
  }
}

function countText(count: number): string {
  return count === 1 ? l10n.t("1 key") : l10n.t("{0} keys", count);
}

export function etcdFolderRow(prefix: string, { etcd }: ClusterFacts): TreeRow | undefined {
  const folder = etcd?.folders?.find((one) => one.prefix === prefix);
  if (!folder) return undefined;
  return row(prefix === "" ? l10n.t("outside of /registry/") : prefix, {
    description: countText(folder.count),
    icon: { id: "folder" },
    collapsible: "collapsed",
    context: "etcdFolder",
  });
}

export function etcdKeyRow(key: string, prefix: string, { etcd }: ClusterFacts): TreeRow {
  const found = etcd?.keys(prefix)?.keys.find((one) => one.key === key);
  const texts = found
    ? [
        l10n.t("revision {0}", found.modRevision),
        sizeText(found.size),
        ...(found.lease === undefined ? [] : [l10n.t("lease {0}", found.lease)]),
      ]
    : [];
  return row(key, {
    description: texts.join(separator),
    icon: { id: "key" },
    collapsible: "collapsed",
    context: isSecretKey(key) ? "etcdKey.secret" : "etcdKey",
    onClick: commands.openEtcdKey,
  });
}

export function etcdRevisionRow(
  key: string,
  revision: number,
  { etcd }: ClusterFacts,
): TreeRow | undefined {
  const found = etcd?.history(key)?.find((one) => one.revision === revision);
  if (!found) return undefined;
  const texts = [
    changeText(found.type),
    ...(found.at === undefined ? [] : [formatTimeOfDay(found.at)]),
    ...(found.type === "delete" ? [] : [sizeText(found.size)]),
  ];
  return row(l10n.t("revision {0}", revision), {
    description: texts.join(separator),
    icon: { id: changeIcons[found.type] },
    collapsible: "none",
    context: "etcdRevision",
    onClick: commands.showEtcdChange,
  });
}

const changeIcons: Readonly<Record<EtcdRevision["type"], string>> = {
  create: "diff-added",
  update: "diff-modified",
  delete: "diff-removed",
};

function changeText(type: EtcdRevision["type"]): string {
  switch (type) {
    case "create":
      return l10n.t("created");
    case "update":
      return l10n.t("changed");
    case "delete":
      return l10n.t("deleted");
  }
}

export function etcdMoreRow(prefix: string, { etcd }: ClusterFacts): TreeRow {
  const { keys = [], count = 0 } = etcd?.keys(prefix) ?? {};
  return row(l10n.t("{0} more keys…", count - keys.length), {
    icon: { id: "ellipsis" },
    collapsible: "none",
    context: "etcdMore",
    onClick: commands.loadMoreEtcdKeys,
  });
}

export function isSecretKey(key: string): boolean {
  return key.startsWith("/registry/secrets/");
}

function sizeText(bytes: number): string {
  const kilobytes = bytes / 1_024;
  if (kilobytes < 1) return l10n.t("{0} B", bytes);
  return l10n.t("{0} KB", kilobytes < 10 ? kilobytes.toFixed(1) : Math.round(kilobytes));
}
