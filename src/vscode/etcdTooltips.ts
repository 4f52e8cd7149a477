// Hovers over etcd's members and keys.
import { l10n } from "../base/localize.ts";
import type { SimulatorStatus } from "../client/cluster.ts";
import type { ClusterFacts } from "./clusterFacts.ts";
import { roleText } from "./etcdRows.ts";
import { code, heading, line, list } from "./markdown.ts";

export function memberTooltip(
  name: string,
  status: SimulatorStatus | undefined,
): string | undefined {
  const member = status?.etcd.members.find((one) => one.name === name);
  if (!member) return undefined;
  const { role, term, raftIndex, appliedIndex, revision } = member;
  return [
    heading(name),
    line(
      l10n.t(
        "The members of etcd agree by Raft: a write counts once a majority has it. They elect a leader, to whom every write goes.",
      ),
    ),
    list([
      [l10n.t("Role"), roleText(role)],
      [l10n.t("Term"), String(term)],
      [l10n.t("Raft index"), String(raftIndex)],
      [l10n.t("Applied index"), String(appliedIndex)],
      [l10n.t("Revision"), String(revision)],
    ]),
  ].join("");
}

export function keyTooltip(
  key: string,
  prefix: string,
  { etcd }: ClusterFacts,
): string | undefined {
  const found = etcd?.keys(prefix)?.keys.find((one) => one.key === key);
  if (!found) return undefined;
  return [
    line(code(key)),
    list([
      [l10n.t("Created in revision"), String(found.createRevision)],
      [l10n.t("Changed in revision"), String(found.modRevision)],
      [l10n.t("Version"), String(found.version)],
    ]),
  ].join("");
}
