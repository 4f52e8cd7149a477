import assert from "node:assert/strict";
import { ControllerRevision } from "../../../src/api/kinds/controllerRevision.ts";
import { DaemonSet } from "../../../src/api/kinds/daemonSet.ts";
import { Node } from "../../../src/api/kinds/node.ts";
import { Pod } from "../../../src/api/kinds/pod/kind.ts";
import { keyOf } from "../../../src/api/object.ts";
import type { DaemonSet as DaemonSetObject, Pod as PodObject } from "../../../src/api/types.ts";
import { ControlPlane } from "./controlPlane.ts";
import { daemonSet, template } from "./objects.ts";

const log = { namespace: "default", name: "log" };

function start(spec: Partial<DaemonSetObject["spec"]> = {}, machines = ["a", "b", "c"]) {
  const plane = new ControlPlane();
  for (const name of machines) plane.addMachine(name, { zone: name });
  plane.client.create(DaemonSet, daemonSet("log", spec));
  plane.run(5);
  return plane;
}

function statusOf(plane: ControlPlane): Partial<NonNullable<DaemonSetObject["status"]>> {
  return plane.client.get(DaemonSet, log).status ?? {};
}

function imagesByNode(plane: ControlPlane): Readonly<Record<string, string>> {
  const living = plane.podList().filter(({ metadata }) => !metadata.deletionTimestamp);
  return Object.fromEntries(
    [...Map.groupBy(living, ({ spec }) => spec.nodeName ?? "")]
      .map(([node, pods]) => [node, pods.map(imageOf).toSorted().join("+")] as const)
      .sort(),
  );
}

function imageOf({ spec }: PodObject): string {
  return (spec.containers[0]?.image ?? "").replace("nginx:", "");
}

function setImage(plane: ControlPlane, image: string): void {
  plane.client.patch(DaemonSet, log, { spec: { template: template(image) } });
}

function taint(plane: ControlPlane, name: string, effect: "NoSchedule" | "NoExecute"): void {
  plane.client.patch(
    Node,
    { namespace: "", name },
    { spec: { taints: [{ key: "gpu", value: "yes", effect }] } },
  );
}

describe("DaemonSet controller", () => {
  it("puts a Pod on every node, bound there by affinity", () => {
    const plane = start();
    assert.deepEqual(imagesByNode(plane), { a: "1", b: "1", c: "1" });
    const pod = plane.podList().find(({ spec }) => spec.nodeName === "b");
    assert.deepEqual(pod?.spec.affinity, {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            { matchFields: [{ key: "metadata.name", operator: "In", values: ["b"] }] },
          ],
        },
      },
    });
    assert.deepEqual(
      (pod?.spec.tolerations ?? []).map(({ key, effect }) => `${key}:${effect}`),
      [
        "node.kubernetes.io/not-ready:NoExecute",
        "node.kubernetes.io/unreachable:NoExecute",
        "node.kubernetes.io/disk-pressure:NoSchedule",
        "node.kubernetes.io/memory-pressure:NoSchedule",
        "node.kubernetes.io/pid-pressure:NoSchedule",
        "node.kubernetes.io/unschedulable:NoSchedule",
      ],
    );
    const [revision] = plane.client.list(ControllerRevision).items;
    assert.deepEqual(pod?.metadata.labels, {
      app: "web",
      "controller-revision-hash": revision?.metadata.labels?.["controller-revision-hash"],
      "pod-template-generation": "1",
    });
    assert.equal(
      revision?.metadata.name,
      `log-${pod?.metadata.labels?.["controller-revision-hash"]}`,
    );
  });

  it("reports the nodes", () => {
    assert.deepEqual(statusOf(start()), {
      currentNumberScheduled: 3,
      desiredNumberScheduled: 3,
      numberAvailable: 3,
      numberMisscheduled: 0,
      numberReady: 3,
      observedGeneration: 1,
      updatedNumberScheduled: 3,
    });
  });

  it("follows the nodes that come", () => {
    const plane = start({}, ["a"]);
    plane.addMachine("b");
    plane.run(5);
    assert.deepEqual(imagesByNode(plane), { a: "1", b: "1" });
  });

  it("chooses nodes by selector, and leaves those that no longer fit", () => {
    const { spec } = template();
    const plane = start({
      template: { ...template(), spec: { ...spec, nodeSelector: { zone: "a" } } },
    });
    assert.deepEqual(imagesByNode(plane), { a: "1" });
    plane.client.patch(Node, { namespace: "", name: "a" }, { metadata: { labels: { zone: "x" } } });
    plane.run(5);
    assert.deepEqual(imagesByNode(plane), {});
    plane.client.patch(Node, { namespace: "", name: "b" }, { metadata: { labels: { zone: "a" } } });
    plane.run(5);
    assert.deepEqual(imagesByNode(plane), { b: "1" });
  });

  it("keeps what runs on a node that takes no more, but makes nothing new there", () => {
    const plane = start();
    taint(plane, "b", "NoSchedule");
    plane.run(5);
    assert.deepEqual(imagesByNode(plane), { a: "1", b: "1", c: "1" });
    const { desiredNumberScheduled, numberMisscheduled } = statusOf(plane);
    assert.deepEqual([desiredNumberScheduled, numberMisscheduled], [2, 1]);
    const pod = plane.podList().find(({ spec }) => spec.nodeName === "b");
    assert.ok(pod);
    plane.client.delete(Pod, keyOf(pod));
    plane.run(5);
    assert.deepEqual(imagesByNode(plane), { a: "1", c: "1" });
  });

  it("replaces what fails, the second time only after a while, and says so", () => {
    const plane = start({}, ["a"]);
    const replacement = (): number => {
      const [pod] = plane.podList();
      assert.ok(pod);
      const failedAt = plane.elapsed;
      plane.endPod(pod, 1);
      plane.runUntil(() =>
        plane.podList().some(({ metadata }) => metadata.uid !== pod.metadata.uid),
      );
      return plane.elapsed - failedAt;
    };
    assert.ok(replacement() < 0.5);
    assert.ok(replacement() >= 1);
    assert.match(
      plane.eventsOf("log").find((text) => text.startsWith("FailedDaemonPod")) ?? "",
      /^FailedDaemonPod: Found failed daemon pod default\/log-\w+ on node a, will try to kill it$/,
    );
  });
});

describe("An update of a DaemonSet", () => {
  it("replaces one Pod at a time", () => {
    const plane = start();
    setImage(plane, "nginx:2");
    let most = 0;
    plane.runUntil(() => {
      most = Math.max(most, 3 - (statusOf(plane).numberAvailable ?? 0));
      return Object.values(imagesByNode(plane)).join() === "2,2,2";
    });
    assert.equal(most, 1);
    assert.deepEqual(imagesByNode(plane), { a: "2", b: "2", c: "2" });
  });

  it("replaces as many as may be away", () => {
    const plane = start({
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "60%" } },
    });
    setImage(plane, "nginx:2");
    plane.run(0.5);
    const going = plane.podList().filter(({ metadata }) => metadata.deletionTimestamp);
    assert.equal(going.length, 2);
  });

  it("makes new Pods beside the old where that is asked for", () => {
    const plane = start({
      updateStrategy: {
        type: "RollingUpdate",
        rollingUpdate: { maxUnavailable: 0, maxSurge: 1 },
      },
    });
    setImage(plane, "nginx:2");
    plane.runUntil(() => plane.podList().length === 4);
    assert.equal(statusOf(plane).numberAvailable, 3);
    let fewest = 3;
    plane.runUntil(() => {
      fewest = Math.min(fewest, statusOf(plane).numberAvailable ?? 0);
      return Object.values(imagesByNode(plane)).every((images) => images === "2");
    });
    assert.equal(fewest, 3);
  });

  it("waits for the user where that is asked for", () => {
    const plane = start({ updateStrategy: { type: "OnDelete" } });
    setImage(plane, "nginx:2");
    plane.run(5);
    assert.deepEqual(imagesByNode(plane), { a: "1", b: "1", c: "1" });
    const pod = plane.podList().find(({ spec }) => spec.nodeName === "b");
    assert.ok(pod);
    plane.client.delete(Pod, keyOf(pod));
    plane.run(5);
    assert.deepEqual(imagesByNode(plane), { a: "1", b: "2", c: "1" });
  });

  it("counts its revisions and keeps as many old ones as it may", () => {
    const plane = start({ revisionHistoryLimit: 1 }, ["a"]);
    for (const image of ["nginx:2", "nginx:3", "nginx:1"]) {
      setImage(plane, image);
      plane.run(10);
    }
    const revisions = plane.client.list(ControllerRevision).items;
    assert.deepEqual(revisions.map(({ revision }) => revision).toSorted(), [3, 4]);
    assert.deepEqual(imagesByNode(plane), { a: "1" });
  });
});
