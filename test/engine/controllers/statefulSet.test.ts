import assert from "node:assert/strict";
import { ControllerRevision } from "../../../src/api/kinds/controllerRevision.ts";
import { PersistentVolumeClaim } from "../../../src/api/kinds/persistentVolumeClaim.ts";
import { Pod } from "../../../src/api/kinds/pod/kind.ts";
import { StatefulSet } from "../../../src/api/kinds/statefulSet.ts";
import { controllerOf } from "../../../src/api/object.ts";
import type {
  PersistentVolumeClaim as PersistentVolumeClaimObject,
  Pod as PodObject,
  StatefulSet as StatefulSetObject,
} from "../../../src/api/types.ts";
import { ControlPlane } from "./controlPlane.ts";
import { statefulSet, template } from "./objects.ts";

const web = { namespace: "default", name: "web" };
const claimTemplate: PersistentVolumeClaimObject = {
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "data" },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
};

function start(spec: Partial<StatefulSetObject["spec"]> = {}): ControlPlane {
  const plane = new ControlPlane();
  plane.addMachine("worker");
  plane.client.create(StatefulSet, statefulSet("web", spec));
  return plane;
}

function statusOf(plane: ControlPlane): NonNullable<StatefulSetObject["status"]> {
  return plane.client.get(StatefulSet, web).status ?? { replicas: 0 };
}

function names(plane: ControlPlane): readonly string[] {
  return plane
    .podList()
    .map(({ metadata }) => metadata.name)
    .toSorted();
}

function imagesByName(plane: ControlPlane): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    plane.podList().map(({ metadata, spec }) => [metadata.name, spec.containers[0]?.image]),
  );
}

function setImage(plane: ControlPlane, image: string): void {
  plane.client.patch(StatefulSet, web, { spec: { template: template(image) } });
}

function claims(plane: ControlPlane): readonly string[] {
  return plane.client.list(PersistentVolumeClaim).items.map(({ metadata }) => metadata.name);
}

function isUpdated(plane: ControlPlane): boolean {
  const { currentRevision, updateRevision, readyReplicas } = statusOf(plane);
  return currentRevision === updateRevision && readyReplicas === 3;
}

describe("StatefulSet controller", () => {
  it("makes one Pod after the other, each once the one before is ready", () => {
    const plane = start();
    plane.run(0.5);
    assert.deepEqual(names(plane), ["web-0"]);
    plane.runUntil(() => names(plane).length === 2);
    const [first] = plane.podList();
    assert.equal(first?.status?.phase, "Running");
    plane.run(5);
    assert.deepEqual(names(plane), ["web-0", "web-1", "web-2"]);
    assert.deepEqual(
      plane.eventsOf("web"),
      [0, 1, 2].map((n) => `SuccessfulCreate: create Pod web-${n} in StatefulSet web successful`),
    );
  });

  it("makes them all at once where that is allowed", () => {
    const plane = start({ podManagementPolicy: "Parallel" });
    plane.run(0.5);
    assert.deepEqual(names(plane), ["web-0", "web-1", "web-2"]);
  });

  it("gives its Pods names, host names and labels of their own", () => {
    const plane = start({ replicas: 1, ordinals: { start: 5 } });
    plane.run(3);
    const pod = plane.podList()[0] as PodObject;
    const revision = statusOf(plane).currentRevision;
    assert.equal(pod.metadata.generateName, "web-");
    assert.deepEqual(pod.metadata.labels, {
      app: "web",
      "apps.kubernetes.io/pod-index": "5",
      "controller-revision-hash": revision,
      "statefulset.kubernetes.io/pod-name": "web-5",
    });
    assert.equal(pod.spec.hostname, "web-5");
    assert.equal(pod.spec.subdomain, "web");
  });

  it("reports its Pods", () => {
    const plane = start();
    plane.run(8);
    const { currentRevision, updateRevision, ...counts } = statusOf(plane);
    assert.match(currentRevision ?? "", /^web-[bcdfghjklmnpqrstvwxz2456789]+$/);
    assert.equal(currentRevision, updateRevision);
    assert.deepEqual(counts, {
      availableReplicas: 3,
      collisionCount: 0,
      currentReplicas: 3,
      observedGeneration: 1,
      readyReplicas: 3,
      replicas: 3,
      updatedReplicas: 3,
    });
  });

  it("makes a Pod again under its name, and waits with the others meanwhile", () => {
    const plane = start();
    plane.run(8);
    plane.client.delete(Pod, { namespace: "default", name: "web-1" });
    plane.run(0.5);
    plane.client.patch(StatefulSet, web, { spec: { replicas: 4 } });
    plane.run(0.2);
    assert.ok(!names(plane).includes("web-3"));
    plane.run(8);
    assert.deepEqual(names(plane), ["web-0", "web-1", "web-2", "web-3"]);
  });

  it("takes away the highest first, one after the other", () => {
    const plane = start();
    plane.run(8);
    plane.client.patch(StatefulSet, web, { spec: { replicas: 1 } });
    plane.run(0.5);
    const going = plane
      .podList()
      .filter(({ metadata }) => metadata.deletionTimestamp !== undefined)
      .map(({ metadata }) => metadata.name);
    assert.deepEqual(going, ["web-2"]);
    plane.run(5);
    assert.deepEqual(names(plane), ["web-0"]);
  });

  it("replaces a Pod that has ended, well or badly", () => {
    const plane = start({ replicas: 1 });
    plane.run(3);
    const [before] = plane.podList();
    assert.ok(before);
    plane.endPod(before, 0);
    plane.run(3);
    const [after] = plane.podList();
    assert.equal(after?.metadata.name, "web-0");
    assert.notEqual(after?.metadata.uid, before.metadata.uid);
  });
});

describe("An update of a StatefulSet", () => {
  it("goes from the highest to the lowest, and waits for each", () => {
    const plane = start();
    plane.run(8);
    setImage(plane, "nginx:2");
    plane.runUntil(() => imagesByName(plane)["web-2"] === "nginx:2");
    assert.deepEqual(imagesByName(plane), {
      "web-0": "nginx:1",
      "web-1": "nginx:1",
      "web-2": "nginx:2",
    });
    plane.runUntil(() => isUpdated(plane));
    assert.deepEqual(new Set(Object.values(imagesByName(plane))), new Set(["nginx:2"]));
    const { currentReplicas, updatedReplicas } = statusOf(plane);
    assert.deepEqual([currentReplicas, updatedReplicas], [3, 3]);
  });

  it("stops at the partition, below which Pods come back as they were", () => {
    const plane = start({
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 2 } },
    });
    plane.run(8);
    setImage(plane, "nginx:2");
    plane.run(10);
    plane.client.delete(Pod, { namespace: "default", name: "web-0" });
    plane.run(10);
    assert.deepEqual(imagesByName(plane), {
      "web-0": "nginx:1",
      "web-1": "nginx:1",
      "web-2": "nginx:2",
    });
    assert.notEqual(statusOf(plane).currentRevision, statusOf(plane).updateRevision);
  });

  it("leaves it to the user where that is asked for", () => {
    const plane = start({ updateStrategy: { type: "OnDelete" } });
    plane.run(8);
    setImage(plane, "nginx:2");
    plane.run(10);
    assert.deepEqual(new Set(Object.values(imagesByName(plane))), new Set(["nginx:1"]));
    plane.client.delete(Pod, { namespace: "default", name: "web-1" });
    plane.run(5);
    assert.equal(imagesByName(plane)["web-1"], "nginx:2");
  });

  it("back to an older template takes its revision up again", () => {
    const plane = start();
    plane.run(8);
    const first = statusOf(plane).currentRevision;
    setImage(plane, "nginx:2");
    plane.runUntil(() => isUpdated(plane) && statusOf(plane).currentRevision !== first);
    setImage(plane, "nginx:1");
    plane.runUntil(() => isUpdated(plane) && statusOf(plane).currentRevision === first);
    const revisions = plane.client.list(ControllerRevision).items;
    assert.deepEqual(
      revisions.map(({ metadata, revision }) => [metadata.name === first, revision]).toSorted(),
      [
        [false, 2],
        [true, 3],
      ],
    );
    assert.ok(revisions.every((revision) => controllerOf(revision)?.name === "web"));
  });

  it("keeps as many old revisions as it may", () => {
    const plane = start({ replicas: 1, revisionHistoryLimit: 1 });
    plane.run(3);
    for (const image of ["nginx:2", "nginx:3", "nginx:4"]) {
      setImage(plane, image);
      plane.run(8);
    }
    assert.equal(plane.client.list(ControllerRevision).items.length, 2);
  });
});

describe("The claims of a StatefulSet", () => {
  it("are made before the Pod, and mounted in place of a volume", () => {
    const plane = start({ replicas: 1, volumeClaimTemplates: [claimTemplate] });
    plane.run(3);
    const { metadata } = plane.client.get(PersistentVolumeClaim, {
      namespace: "default",
      name: "data-web-0",
    });
    assert.deepEqual(metadata.labels, { app: "web" });
    assert.equal(metadata.ownerReferences, undefined);
    const volumes = plane.podList()[0]?.spec.volumes ?? [];
    assert.deepEqual(volumes[0], {
      name: "data",
      persistentVolumeClaim: { claimName: "data-web-0" },
    });
    assert.deepEqual(plane.eventsOf("web"), [
      "SuccessfulCreate: create Claim data-web-0 Pod web-0 in StatefulSet web success",
      "SuccessfulCreate: create Pod web-0 in StatefulSet web successful",
    ]);
  });

  it("stay when the set shrinks or goes", () => {
    const plane = start({ replicas: 2, volumeClaimTemplates: [claimTemplate] });
    plane.run(6);
    plane.client.patch(StatefulSet, web, { spec: { replicas: 1 } });
    plane.run(5);
    plane.client.delete(StatefulSet, web, { propagationPolicy: "Background" });
    plane.run(10);
    assert.deepEqual(names(plane), []);
    assert.deepEqual(claims(plane), ["data-web-0", "data-web-1"]);
  });

  it("go with their Pod or their set where the policy says so", () => {
    const plane = start({
      replicas: 2,
      volumeClaimTemplates: [claimTemplate],
      persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete", whenDeleted: "Delete" },
    });
    plane.run(6);
    plane.client.patch(StatefulSet, web, { spec: { replicas: 1 } });
    plane.run(10);
    assert.deepEqual(claims(plane), ["data-web-0"]);
    plane.client.delete(StatefulSet, web, { propagationPolicy: "Background" });
    plane.run(10);
    assert.deepEqual(claims(plane), []);
  });
});
