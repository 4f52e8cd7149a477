import assert from "node:assert/strict";
import { PersistentVolume } from "../../../src/api/kinds/persistentVolume.ts";
import { PersistentVolumeClaim } from "../../../src/api/kinds/persistentVolumeClaim.ts";
import { Pod } from "../../../src/api/kinds/pod/kind.ts";
import { hasReason } from "../../../src/api/status.ts";
import type {
  PersistentVolumeClaim as Claim,
  Pod as PodObject,
  PersistentVolume as Volume,
} from "../../../src/api/types.ts";
import { second } from "../../../src/base/time.ts";
import { defaultCluster } from "../../../src/engine/defaultCluster.ts";
import { Engine } from "../../../src/engine/engine.ts";
import { ControlPlane } from "./controlPlane.ts";

const key = (name: string) => ({ namespace: "default", name });
const volumeKey = (name: string) => ({ namespace: "", name });

function claim(name: string, spec: Partial<Claim["spec"]> = {}): Claim {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace: "default" },
    spec: {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "1Gi" } },
      ...spec,
    },
  };
}

function volume(name: string, storage: string, spec: Partial<Volume["spec"]> = {}): Volume {
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name },
    spec: {
      capacity: { storage },
      accessModes: ["ReadWriteOnce"],
      hostPath: { path: "/data" },
      storageClassName: "",
      ...spec,
    },
  };
}

function podWith(claimName: string): PodObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "user", namespace: "default" },
    spec: {
      containers: [
        { name: "c", image: "nginx:1.27", volumeMounts: [{ name: "d", mountPath: "/d" }] },
      ],
      volumes: [{ name: "d", persistentVolumeClaim: { claimName } }],
    },
  };
}

describe("volumes", () => {
  it("a claim gets the smallest volume that will do, and both say so", () => {
    const plane = new ControlPlane();
    for (const [name, size] of [
      ["large", "9Gi"],
      ["fitting", "2Gi"],
      ["small", "500Mi"],
    ] as const)
      plane.client.create(PersistentVolume, volume(name, size));
    plane.client.create(PersistentVolumeClaim, claim("data", { storageClassName: "" }));
    plane.run(5);
    const bound = plane.client.get(PersistentVolumeClaim, key("data"));
    assert.equal(bound.spec.volumeName, "fitting");
    assert.deepEqual([bound.status?.phase, bound.status?.capacity?.storage], ["Bound", "2Gi"]);
    assert.equal(bound.metadata.annotations?.["pv.kubernetes.io/bind-completed"], "yes");
    const phases = ["large", "fitting", "small"].map(
      (name) => plane.client.get(PersistentVolume, volumeKey(name)).status?.phase,
    );
    assert.deepEqual(phases, ["Available", "Bound", "Available"]);
  });

  it("a claim without a volume waits, and is bound once there is one", () => {
    const plane = new ControlPlane();
    plane.client.create(PersistentVolumeClaim, claim("data", { storageClassName: "" }));
    plane.run(5);
    assert.equal(plane.client.get(PersistentVolumeClaim, key("data")).status?.phase, "Pending");
    assert.deepEqual(plane.eventsOf("data"), [
      "FailedBinding: no persistent volumes available for this claim and no storage class is set",
    ]);
    plane.client.create(PersistentVolume, volume("late", "1Gi"));
    plane.run(5);
    assert.equal(plane.client.get(PersistentVolumeClaim, key("data")).status?.phase, "Bound");
  });

  it("says which class is missing", () => {
    const plane = new ControlPlane();
    plane.client.create(PersistentVolumeClaim, claim("data", { storageClassName: "fast" }));
    plane.run(5);
    assert.deepEqual(plane.eventsOf("data"), [
      'ProvisioningFailed: storageclass.storage.k8s.io "fast" not found',
    ]);
  });

  it("a retained volume is Released when its claim goes, and serves no other", () => {
    const plane = new ControlPlane();
    plane.client.create(
      PersistentVolume,
      volume("kept", "1Gi", { persistentVolumeReclaimPolicy: "Retain" }),
    );
    plane.client.create(PersistentVolumeClaim, claim("data", { storageClassName: "" }));
    plane.run(5);
    plane.client.delete(PersistentVolumeClaim, key("data"));
    plane.run(5);
    assert.equal(plane.client.get(PersistentVolume, volumeKey("kept")).status?.phase, "Released");
    plane.client.create(PersistentVolumeClaim, claim("other", { storageClassName: "" }));
    plane.run(5);
    assert.equal(plane.client.get(PersistentVolumeClaim, key("other")).status?.phase, "Pending");
  });

  it("a volume is made for the first Pod, on its node, and goes with its claim", () => {
    const engine = new Engine({ now: Date.UTC(2026, 0, 31), seed: 1, spec: defaultCluster });
    const client = engine.client("kubernetes-admin");
    engine.clock.run(5 * second);
    client.create(PersistentVolumeClaim, claim("data", { storageClassName: "standard" }));
    engine.clock.run(5 * second);
    assert.equal(client.get(PersistentVolumeClaim, key("data")).status?.phase, "Pending");
    client.create(Pod, podWith("data"));
    engine.clock.run(30 * second);
    const pod = client.get(Pod, key("user"));
    const bound = client.get(PersistentVolumeClaim, key("data"));
    assert.equal(bound.status?.phase, "Bound");
    assert.equal(pod.status?.phase, "Running");
    const made = client.get(PersistentVolume, volumeKey(bound.spec.volumeName ?? ""));
    const terms = made.spec.nodeAffinity?.required?.nodeSelectorTerms;
    assert.deepEqual(terms?.[0]?.matchExpressions?.[0]?.values, [pod.spec.nodeName]);
    // In use, the claim stays; then everything goes.
    client.delete(PersistentVolumeClaim, key("data"));
    engine.clock.run(5 * second);
    assert.ok(client.get(PersistentVolumeClaim, key("data")).metadata.deletionTimestamp);
    client.delete(Pod, key("user"), { gracePeriodSeconds: 0 });
    engine.clock.run(10 * second);
    for (const [kind, name] of [
      [PersistentVolumeClaim, key("data")],
      [PersistentVolume, volumeKey(made.metadata.name)],
    ] as const)
      assert.throws(
        () => client.get(kind as typeof PersistentVolume, name),
        (error) => hasReason(error, "NotFound"),
      );
  });
});
