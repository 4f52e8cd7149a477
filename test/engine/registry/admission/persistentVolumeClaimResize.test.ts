import assert from "node:assert/strict";
import { PersistentVolumeClaim } from "../../../../src/api/kinds/persistentVolumeClaim.ts";
import { StorageClass } from "../../../../src/api/kinds/storageClass.ts";
import { refusal, Scene } from "./scene.ts";

describe("PersistentVolumeClaimResize", () => {
  const provisioner = "example.com/disks";
  let scene: Scene;

  beforeEach(() => {
    scene = new Scene();
    scene.make(StorageClass, "growing", { provisioner, allowVolumeExpansion: true });
    scene.make(StorageClass, "fixed", { provisioner });
  });

  function grow(storageClassName: string, phase?: string): string {
    const key = { namespace: "default", name: "c" };
    const spec = {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "1Gi" } },
      storageClassName,
    };
    const { client } = scene;
    scene.make(PersistentVolumeClaim, "c", { spec });
    if (phase !== undefined)
      client.patch(PersistentVolumeClaim, key, { status: { phase } }, { subresource: "status" });
    return refusal(() =>
      client.patch(PersistentVolumeClaim, key, {
        spec: { resources: { requests: { storage: "2Gi" } } },
      }),
    );
  }

  it("lets claims grow whose class allows it", () => {
    assert.equal(grow("growing", "Bound"), "");
  });

  it("refuses to grow volumes of other classes", () => {
    assert.equal(
      grow("fixed", "Bound"),
      'persistentvolumeclaims "c" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
    );
  });
});
