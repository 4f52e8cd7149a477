import assert from "node:assert/strict";
import type { Lease } from "../../src/api/types.ts";
import { tooltipOf } from "../../src/vscode/tooltips.ts";
import { factsOf, node, pod } from "./clusterFacts.ts";

const lease: Lease = {
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  metadata: { name: "worker-1", namespace: "kube-node-lease" },
  spec: { renewTime: "2026-01-31T11:59:52.000000Z" },
};

describe("tooltips", () => {
  const facts = factsOf({
    nodes: [node("worker-1", { controlPlane: true })],
    pods: [
      pod("web", { on: "worker-1" }),
      pod("done", { on: "worker-1", phase: "Succeeded" }),
      pod("stuck", { unschedulable: "0/3 nodes are available: 3 Insufficient cpu. <b>*x*</b>" }),
    ],
  });
  const nodeTip = tooltipOf({ type: "node", id: "n", name: "worker-1" }, facts, lease) ?? "";

  it("compares what a node has with what its Pods ask for, without those that ended", () => {
    assert.match(nodeTip, /\| cpu \| 2 \| 500m \(25%\) \|/);
    assert.match(nodeTip, /\| memory \| 4Gi \| 0 \|/);
  });

  it("tells the age of the last heartbeat on the cluster's clock", () => {
    assert.match(nodeTip, /Last heartbeat: 8s ago/);
  });

  it("names taints and conditions", () => {
    assert.match(nodeTip, /`node-role.kubernetes.io\/control-plane:NoSchedule`/);
    assert.match(nodeTip, /\| Ready \| True \| KubeletReady \| 60s \|/);
  });

  it("gives the scheduler's words for a Pod without a node, and lets them format nothing", () => {
    const key = { namespace: "default", name: "stuck" };
    const tip = tooltipOf({ type: "pod", id: "p", key }, facts) ?? "";
    assert.match(tip, /0\/3 nodes are available: 3 Insufficient cpu\. \\<b\\>\\\*x\\\*/);
  });

  for (const component of [
    "etcd",
    "kube-apiserver",
    "kube-scheduler",
    "kube-controller-manager",
  ] as const)
    it(`teaches what ${component} does`, () => {
      const tip = tooltipOf({ type: "component", id: "c", component }, facts) ?? "";
      assert.match(tip.split("\n\n")[1] ?? "", new RegExp(`^${component} .{20,}\\.$`));
    });
});
