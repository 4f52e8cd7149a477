// etcd in the tree: its members, and its keys in the groups that people ask for.
import type { EtcdFolder, EtcdKey, EtcdRevision } from "../api/etcdKeys.ts";
import type { TreeElement } from "./treeElements.ts";

export type EtcdGroup = (typeof etcdGroups)[number];

export const etcdGroups = [
  "nodes",
  "pods",
  "configs",
  "secrets",
  "accounts",
  "roles",
  "rest",
] as const;

/** What was read of etcd until now; undefined where nobody has looked yet. */
export interface EtcdFacts {
  readonly folders: readonly EtcdFolder[] | undefined;
  /** The first keys of a folder, and how many it has. */
  keys(prefix: string): { readonly keys: readonly EtcdKey[]; readonly count: number } | undefined;
  /** Newest first. */
  history(key: string): readonly EtcdRevision[] | undefined;
}

const folders: Readonly<Record<Exclude<EtcdGroup, "rest">, readonly string[]>> = {
  nodes: ["minions", "csinodes"],
  pods: ["pods"],
  configs: ["configmaps"],
  secrets: ["secrets"],
  accounts: ["serviceaccounts"],
  roles: ["roles", "rolebindings", "clusterroles", "clusterrolebindings"],
};
const groupOfFolder: ReadonlyMap<string, EtcdGroup> = new Map(
  Object.entries(folders).flatMap(([group, names]) =>
    names.map((name): [string, EtcdGroup] => [`/registry/${name}/`, group as EtcdGroup]),
  ),
);

/** The folders of a group that hold something; undefined until they are read. */
export function foldersOf(group: EtcdGroup, etcd: EtcdFacts): readonly EtcdFolder[] | undefined {
  return etcd.folders?.filter(({ prefix }) => (groupOfFolder.get(prefix) ?? "rest") === group);
}

export function etcdChildren(
  parent: TreeElement,
  memberNames: readonly string[],
): readonly TreeElement[] {
  return [
    ...memberNames.map(
      (name): TreeElement => ({
        type: "etcdMember",
        id: `${parent.id}/member/${name}`,
        parent,
        name,
      }),
    ),
    ...etcdGroups.map(
      (group): TreeElement => ({
        type: "etcdGroup",
        id: `${parent.id}/keys/${group}`,
        parent,
        group,
      }),
    ),
  ];
}

/** The keys of a group that has one folder; the folders of one that has more. */
export function groupChildren(
  parent: TreeElement,
  group: EtcdGroup,
  etcd: EtcdFacts,
): readonly TreeElement[] {
  const found = foldersOf(group, etcd) ?? [];
  const [only] = found;
  if (only && group !== "rest" && found.length === 1)
    return folderChildren(parent, only.prefix, etcd);
  return found.map(({ prefix }) => ({
    type: "etcdFolder",
    id: `${parent.id}${prefix}`,
    parent,
    prefix,
  }));
}

export function folderChildren(
  parent: TreeElement,
  prefix: string,
  etcd: EtcdFacts,
): readonly TreeElement[] {
  const { keys = [], count = 0 } = etcd.keys(prefix) ?? {};
  const more: TreeElement = { type: "etcdMore", id: `${parent.id}/more`, parent, prefix };
  return [
    ...keys.map(
      ({ key }): TreeElement => ({
        type: "etcdKey",
        id: `key/${key}`,
        parent,
        key,
        prefix,
      }),
    ),
    ...(count > keys.length ? [more] : []),
  ];
}

/** The revisions of a key, newest first. */
export function keyChildren(
  parent: TreeElement,
  key: string,
  etcd: EtcdFacts,
): readonly TreeElement[] {
  return (etcd.history(key) ?? []).map(({ revision }) => ({
    type: "etcdRevision",
    id: `${parent.id}@${revision}`,
    parent,
    key,
    revision,
  }));
}
