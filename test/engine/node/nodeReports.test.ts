import assert from "node:assert/strict";
import { Lease as LeaseKind, nodeLeaseNamespace } from "../../../src/api/kinds/lease.ts";
import { Node as NodeKind } from "../../../src/api/kinds/node.ts";
import { parseTime } from "../../../src/base/time.ts";
import { TestCluster, worker } from "./testCluster.ts";

const key = { namespace: "", name: "node-1" };

function reports(cluster: TestCluster, kind: "lease" | "status") {
  return cluster.engine.trace
    .since(1)
    .flatMap((event) => (event.type === "report" && event.report === kind ? [event] : []));
}

describe("a kubelet registers its machine", () => {
  it("with labels, capacity and what is left of it for Pods", () => {
    const cluster = new TestCluster([
      { ...worker, zone: "a", region: "r", labels: { disk: "ssd" } },
    ]);
    const { metadata, spec, status } = cluster.client.get(NodeKind, key);
    assert.deepEqual(metadata.labels, {
      "beta.kubernetes.io/arch": "amd64",
      "beta.kubernetes.io/os": "linux",
      "kubernetes.io/arch": "amd64",
      "kubernetes.io/hostname": "node-1",
      "kubernetes.io/os": "linux",
      "topology.kubernetes.io/region": "r",
      "topology.kubernetes.io/zone": "a",
      disk: "ssd",
    });
    assert.equal(spec.podCIDR, "10.244.0.0/24");
    assert.deepEqual(status?.capacity, {
      cpu: "4",
      "ephemeral-storage": "100Gi",
      "hugepages-1Gi": "0",
      "hugepages-2Mi": "0",
      memory: "8Gi",
      pods: "110",
    });
    assert.deepEqual(
      [status?.allocatable?.memory, status?.allocatable?.["ephemeral-storage"]],
      ["8092Mi", "90Gi"],
    );
    assert.equal(status?.nodeInfo?.kubeletVersion, "v1.34.1");
    assert.deepEqual(
      status?.conditions?.map(({ type, status: is, reason }) => `${type}=${is} ${reason}`),
      [
        "MemoryPressure=False KubeletHasSufficientMemory",
        "DiskPressure=False KubeletHasNoDiskPressure",
        "PIDPressure=False KubeletHasSufficientPID",
        "Ready=True KubeletReady",
      ],
    );
  });

  it("a control-plane machine keeps ordinary Pods away", () => {
    const cluster = new TestCluster([{ ...worker, role: "control-plane" }]);
    const { metadata, spec } = cluster.client.get(NodeKind, key);
    assert.equal(metadata.labels?.["node-role.kubernetes.io/control-plane"], "");
    assert.deepEqual(spec.taints, [
      { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" },
    ]);
  });

  it("and tells how it came up", () => {
    const cluster = new TestCluster();
    assert.deepEqual(cluster.events("node-1"), [
      "Starting: Starting kubelet.",
      "NodeHasSufficientMemory: Node node-1 status is now: NodeHasSufficientMemory",
      "NodeHasNoDiskPressure: Node node-1 status is now: NodeHasNoDiskPressure",
      "NodeHasSufficientPID: Node node-1 status is now: NodeHasSufficientPID",
      "NodeAllocatableEnforced: Updated Node Allocatable limit across pods",
      "NodeReady: Node node-1 status is now: NodeReady",
    ]);
  });
});

describe("a kubelet's signs of life", () => {
  it("the Lease is renewed every ten seconds, a little later each time", () => {
    const cluster = new TestCluster();
    cluster.run(100);
    const times = reports(cluster, "lease").map(({ at }) => at);
    for (const [i, at] of times.slice(1).entries()) {
      const wait = at - (times[i] ?? 0);
      assert.ok(wait >= 10_000 && wait <= 10_400, `${wait}`);
    }
    const { spec } = cluster.client.get(LeaseKind, { ...key, namespace: nodeLeaseNamespace });
    assert.equal(spec.holderIdentity, "node-1");
    assert.equal(spec.leaseDurationSeconds, 40);
    assert.equal(parseTime(spec.renewTime ?? ""), times.at(-1));
  });

  it("an unchanged status is sent every five minutes only", () => {
    const cluster = new TestCluster();
    const before = reports(cluster, "status").length;
    cluster.run(290);
    assert.equal(reports(cluster, "status").length, before);
    cluster.run(25);
    const [again] = reports(cluster, "status").slice(before);
    assert.deepEqual(
      again?.changed,
      ["MemoryPressure", "DiskPressure", "PIDPressure", "Ready"].map(
        (type) => `conditions[${type}].lastHeartbeatTime`,
      ),
    );
  });

  it("a change is sent within ten seconds: an image that was pulled", () => {
    const cluster = new TestCluster();
    cluster.create("web", {});
    cluster.run(14);
    const { status } = cluster.client.get(NodeKind, key);
    const [largest] = status?.images ?? [];
    assert.equal(largest?.sizeBytes, 72_188_133);
    assert.equal(largest?.names?.[1], "docker.io/library/nginx:1.27");
    assert.ok(reports(cluster, "status").at(-1)?.changed.includes("images"));
  });

  it("what someone else writes into the status is set right again", () => {
    const cluster = new TestCluster();
    cluster.client.patch(
      NodeKind,
      key,
      { status: { capacity: { cpu: "99" } } },
      { subresource: "status" },
    );
    cluster.run(12);
    assert.equal(cluster.client.get(NodeKind, key).status?.capacity?.cpu, "4");
  });
});
