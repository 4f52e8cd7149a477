// etcd in the tree: its members, its keys, and what they were.
import assert from "node:assert/strict";
import type { EtcdMemberStatus } from "../../src/api/clusterStatus.ts";
import type { EtcdKey, EtcdRevision } from "../../src/api/etcdKeys.ts";
import type { ClusterFacts } from "../../src/vscode/clusterFacts.ts";
import type { EtcdFacts } from "../../src/vscode/etcdElements.ts";
import { etcdText } from "../../src/vscode/etcdText.ts";
import { childrenOf, type TreeElement } from "../../src/vscode/treeElements.ts";
import { rowOf } from "../../src/vscode/treeItems.ts";
import { factsOf, idleStatus, noon } from "./clusterFacts.ts";

const key = (name: string, more: Partial<EtcdKey> = {}): EtcdKey => ({
  key: name,
  createRevision: 7,
  modRevision: 9,
  version: 2,
  size: 1_300,
  ...more,
});

const history: readonly EtcdRevision[] = [
  { type: "delete", revision: 30, at: noon, version: 0, size: 0 },
  { type: "update", revision: 20, at: noon, version: 2, size: 300 },
  { type: "create", revision: 10, version: 1, size: 20_480 },
];

const etcd: EtcdFacts = {
  folders: [
    { prefix: "/registry/deployments/", count: 1 },
    { prefix: "/registry/minions/", count: 4 },
    { prefix: "/registry/pods/", count: 3 },
    { prefix: "/registry/rolebindings/", count: 2 },
    { prefix: "/registry/roles/", count: 1 },
    { prefix: "", count: 1 },
  ],
  keys: (prefix) =>
    prefix === "/registry/pods/"
      ? {
          keys: [key("/registry/pods/default/a", { lease: "1f" }), key("/registry/pods/default/b")],
          count: 3,
        }
      : undefined,
  history: (name) => (name === "/registry/pods/default/a" ? history : undefined),
};

function rows(parent: TreeElement, facts: ClusterFacts = factsOf({ etcd })): string[] {
  return childrenOf(parent, facts).flatMap((child) => {
    const row = rowOf(child, facts);
    return row
      ? [[row.label, row.description].filter((text) => text !== undefined).join(": ")]
      : [];
  });
}

const etcdElement: TreeElement = { type: "component", id: "etcd", component: "etcd" };
const group = (name: "pods" | "roles" | "rest"): TreeElement => ({
  type: "etcdGroup",
  id: `g/${name}`,
  parent: etcdElement,
  group: name,
});

describe("etcd in the tree", () => {
  it("has the members, and the keys in the groups that people ask for", () => {
    assert.deepEqual(rows(etcdElement), [
      "etcd-0: leader · term 2 · index 50",
      "Keys of nodes: 4 keys",
      "Keys of Pods: 3 keys",
      "Keys of ConfigMaps: 0 keys",
      "Keys of Secrets: 0 keys",
      "Keys of service accounts: 0 keys",
      "Keys of roles: 3 keys",
      "All other keys: 2 keys",
    ]);
  });

  it("shows a group of one kind as its keys, with a row for those that are not read", () => {
    assert.deepEqual(rows(group("pods")), [
      "/registry/pods/default/a: revision 9 · 1.3 KB · lease 1f",
      "/registry/pods/default/b: revision 9 · 1.3 KB",
      "1 more keys…",
    ]);
  });

  it("shows a group of several kinds by kind", () => {
    assert.deepEqual(rows(group("roles")), [
      "/registry/rolebindings/: 2 keys",
      "/registry/roles/: 1 key",
    ]);
    assert.deepEqual(rows(group("rest")), [
      "/registry/deployments/: 1 key",
      "outside of /registry/: 1 key",
    ]);
  });

  it("shows what a key was, newest first", () => {
    const [pod] = childrenOf(group("pods"), factsOf({ etcd }));
    assert.ok(pod);
    assert.deepEqual(rows(pod), [
      "revision 30: deleted · 12:00:00",
      "revision 20: changed · 12:00:00 · 300 B",
      "revision 10: created · 20 KB",
    ]);
  });

  for (const [claim, member, text, context] of [
    ["a follower", { role: "follower" }, "follower · term 2 · index 50", "etcdMember.running"],
    ["a stopped one", { role: "stopped" }, "stopped · term 2 · index 50", "etcdMember.stopped"],
    [
      "one that nobody hears",
      { role: "candidate", isCutOff: true },
      "candidate · cut off · term 2 · index 50",
      "etcdMember.cutOff",
    ],
  ] as const)
    it(`a row of a member tells ${claim}`, () => {
      const row = rowOf(
        { type: "etcdMember", id: "m", name: "etcd-0" },
        factsOf({ status: withMember(member) }),
      );
      assert.deepEqual([row?.description, row?.context], [text, context]);
    });

  it("etcd says so when it has no leader", () => {
    const row = rowOf(etcdElement, factsOf({ status: withMember({ role: "candidate" }) }));
    assert.equal(row?.description, "no leader · revision 42");
  });
});

describe("a value of etcd", () => {
  const secret = {
    kind: "Secret",
    metadata: {
      name: "s",
      annotations: { "kubectl.kubernetes.io/last-applied-configuration": "cGFzc3dvcmQ=" },
    },
    data: { password: "cGFzc3dvcmQ=" },
  };

  it("of a Secret is masked wherever it stands", () => {
    assert.doesNotMatch(etcdText(secret, true), /cGFz/);
    assert.match(etcdText(secret, true), /password: ••••••/);
  });

  it("is all there for who asks", () => {
    assert.match(etcdText(secret, false), /password: cGFzc3dvcmQ=/);
  });
});

function withMember(member: Partial<EtcdMemberStatus>) {
  const [first] = idleStatus.etcd.members;
  assert.ok(first);
  return { ...idleStatus, etcd: { ...idleStatus.etcd, members: [{ ...first, ...member }] } };
}
