import assert from "node:assert/strict";
import { Lease } from "../../../../src/api/kinds/lease.ts";
import { Node } from "../../../../src/api/kinds/node.ts";
import { Pod } from "../../../../src/api/kinds/pod/kind.ts";
import type { PodSpec } from "../../../../src/api/types.ts";
import { refusal, Scene } from "./scene.ts";

const containers = [{ name: "c", image: "i" }] as PodSpec["containers"];
const key = (name: string) => ({ namespace: "", name });
const podKey = (name: string) => ({ namespace: "default", name });

describe("NodeRestriction", () => {
  let scene: Scene;
  let uid: string;

  beforeEach(() => {
    scene = new Scene();
    uid = scene.make(Node, "a").metadata.uid ?? "";
    scene.make(Node, "b");
    scene.make(Pod, "mine", { spec: { containers, nodeName: "a" } });
    scene.make(Pod, "other", { spec: { containers, nodeName: "b" } });
  });

  const kubelet = () => scene.as("system:node:a");

  it("lets a kubelet change its own Node only, and of that no taints, owners or labels that count", () => {
    const table: readonly (readonly [string, object, string])[] = [
      ["a", { metadata: { labels: { team: "x", "node.kubernetes.io/x": "y" } } }, ""],
      [
        "b",
        { metadata: { labels: { team: "x" } } },
        'nodes "b" is forbidden: node "a" is not allowed to modify node "b"',
      ],
      [
        "a",
        { spec: { taints: [] } },
        'nodes "a" is forbidden: node "a" is not allowed to modify taints',
      ],
      [
        "a",
        {
          metadata: {
            labels: {
              "node-restriction.kubernetes.io/x": "y",
              "kubernetes.io/team": "x",
              "kubernetes.io/os": "linux",
            },
          },
        },
        'nodes "a" is forbidden: is not allowed to modify labels: kubernetes.io/team, node-restriction.kubernetes.io/x',
      ],
      [
        "a",
        {
          metadata: {
            ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "b", uid: "1-2-3" }],
          },
        },
        'nodes "a" is forbidden: node "a" is not allowed to modify ownerReferences',
      ],
    ];
    for (const [name, patch, message] of table)
      assert.equal(
        refusal(() => kubelet().patch(Node, key(name), patch)),
        message,
      );
  });

  it("lets no Node register with labels of a role", () => {
    const labels = { "node-role.kubernetes.io/control-plane": "" };
    assert.equal(
      refusal(() => scene.make(Node, "c", {}, { labels }, scene.as("system:node:c"))),
      'nodes "c" is forbidden: node "c" is not allowed to set the following labels: node-role.kubernetes.io/control-plane',
    );
  });

  it("lets a kubelet report and delete the Pods of its node", () => {
    const report = (name: string) => () =>
      kubelet().patch(Pod, podKey(name), { status: { message: "x" } }, { subresource: "status" });
    assert.equal(refusal(report("mine")), "");
    assert.equal(
      refusal(report("other")),
      'pods "other" is forbidden: node "a" can only update pod status for pods with spec.nodeName set to itself',
    );
    assert.equal(
      refusal(() => kubelet().delete(Pod, podKey("other"))),
      'pods "other" is forbidden: node "a" can only delete pods with spec.nodeName set to itself',
    );
    assert.equal(
      refusal(() => kubelet().delete(Pod, podKey("mine"))),
      "",
    );
  });

  it("lets a kubelet make mirror Pods that name nothing, and no other", () => {
    const owner = { apiVersion: "v1", kind: "Node", name: "a", uid, controller: true };
    const annotations = { "kubernetes.io/config.mirror": "x" };
    const mirror = { annotations, ownerReferences: [owner] };
    const own = { containers, nodeName: "a" };
    const table: readonly (readonly [object, object, string])[] = [
      [
        {},
        own,
        'pod does not have "kubernetes.io/config.mirror" annotation, node "a" can only create mirror pods',
      ],
      [
        mirror,
        { ...own, nodeName: "b" },
        'node "a" can only create pods with spec.nodeName set to itself',
      ],
      [{ annotations }, own, 'node "a" can only create pods with an owner reference set to itself'],
      [
        { annotations, ownerReferences: [{ ...owner, controller: false }] },
        own,
        'node "a" can only create pods with a controller owner reference set to itself',
      ],
      [
        { annotations, ownerReferences: [{ ...owner, uid: "other" }] },
        own,
        `node a UID mismatch: expected other got ${uid}`,
      ],
      [
        mirror,
        { ...own, volumes: [{ name: "v", configMap: { name: "m" } }] },
        'node "a" can not create pods that reference configmaps',
      ],
      [
        mirror,
        { ...own, volumes: [{ name: "v", persistentVolumeClaim: { claimName: "m" } }] },
        'node "a" can not create pods that reference persistentvolumeclaims',
      ],
      [mirror, own, ""],
    ];
    for (const [metadata, spec, message] of table)
      assert.equal(
        refusal(() => scene.make(Pod, "new", { spec }, metadata, kubelet())),
        message && `pods "new" is forbidden: ${message}`,
      );
  });

  it("lets a kubelet have the Lease of its name", () => {
    const lease = (name: string, namespace: string) =>
      refusal(() => scene.make(Lease, name, { spec: {} }, { namespace }, kubelet()));
    assert.equal(lease("a", "kube-node-lease"), "");
    assert.equal(
      lease("b", "kube-node-lease"),
      'leases.coordination.k8s.io "b" is forbidden: can only access node lease with the same name as the requesting node',
    );
  });
});
