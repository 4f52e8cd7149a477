import assert from "node:assert/strict";
import { editor, eventually, readyCluster } from "../cluster.ts";
import { labelsBelow, rowAt } from "../treeOutline.ts";

const workers = ["worker-1", "worker-2", "worker-3"];

/** Those that must be there whatever else kube-controller-manager runs. */
const controllers = [
  "deployment-controller",
  "replicaset-controller",
  "replicationcontroller-controller",
  "endpointslice-controller",
  "node-lifecycle-controller",
  "taint-eviction-controller",
  "garbage-collector-controller",
  "namespace-controller",
  "serviceaccount-controller",
];

describe("the cluster, once started", () => {
  before(() => readyCluster());

  it("stands in the tree as a control plane and worker nodes", async () => {
    const { tree } = await editor();
    assert.deepEqual(await labelsBelow(tree), ["Control plane", "Worker nodes"]);
    assert.deepEqual(await labelsBelow(tree, "Control plane"), [
      "etcd",
      "kube-apiserver",
      "kube-scheduler",
      "kube-controller-manager",
      "control-plane",
    ]);
    assert.deepEqual(await labelsBelow(tree, "Worker nodes"), workers);
  });

  it("shows the controllers that kube-controller-manager runs", async () => {
    const { tree } = await editor();
    const shown = await labelsBelow(tree, "Control plane", "kube-controller-manager");
    assert.deepEqual(
      controllers.filter((name) => !shown.includes(name)),
      [],
    );
    const row = await rowAt(tree, "Control plane", "kube-controller-manager");
    assert.equal(row?.description, `${shown.length} controllers`);
  });

  for (const worker of workers)
    it(`shows what runs on ${worker}, which is Ready`, async () => {
      const { tree } = await editor();
      const path = ["Worker nodes", worker];
      assert.deepEqual(await labelsBelow(tree, ...path), [
        "kubelet",
        "container runtime",
        "kube-proxy",
        "Pods",
      ]);
      assert.match(
        (await rowAt(tree, ...path))?.description ?? "",
        /^Ready · \d+ Pods? · \d+ cpu · \d+Gi · zone-[abc]$/,
      );
      assert.equal((await rowAt(tree, ...path, "kubelet"))?.description, "v1.34.1");
      assert.match(
        (await rowAt(tree, ...path, "container runtime"))?.description ?? "",
        /^containerd:\/\//,
      );
    });

  it("counts etcd's revisions up as things happen", async () => {
    const { tree } = await editor();
    const revision = async () => {
      const text = (await rowAt(tree, "Control plane", "etcd"))?.description ?? "";
      return Number(/^revision (\d+)$/.exec(text)?.[1]);
    };
    const first = await revision();
    assert.ok(first > 0);
    await eventually(revision, (later) => later > first, "a later revision");
  });
});
