import assert from "node:assert/strict";
import { Ingress } from "../../../../src/api/kinds/ingress.ts";
import { IngressClass } from "../../../../src/api/kinds/ingressClass.ts";
import { PersistentVolumeClaim } from "../../../../src/api/kinds/persistentVolumeClaim.ts";
import { StorageClass } from "../../../../src/api/kinds/storageClass.ts";
import { Scene } from "./scene.ts";

const storageDefault = "storageclass.kubernetes.io/is-default-class";
const ingressDefault = "ingressclass.kubernetes.io/is-default-class";

function storageClass(scene: Scene, name: string, annotation = storageDefault): void {
  const annotations = { [annotation]: "true" };
  scene.make(StorageClass, name, { provisioner: "example.com/disks" }, { annotations });
}

function claim(scene: Scene, name: string, spec: object = {}, annotations?: object) {
  return scene.make(
    PersistentVolumeClaim,
    name,
    {
      spec: {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: "1Gi" } },
        ...spec,
      },
    },
    { annotations },
  ).spec?.storageClassName;
}

describe("DefaultStorageClass", () => {
  it("gives claims without a class the default one, and leaves others alone", () => {
    const scene = new Scene();
    const name = "standard";
    scene.client.delete(StorageClass, { namespace: "", name });
    assert.equal(claim(scene, "before"), undefined);
    storageClass(scene, "disks", "storageclass.beta.kubernetes.io/is-default-class");
    assert.equal(claim(scene, "plain"), "disks");
    assert.equal(claim(scene, "named", { storageClassName: "other" }), "other");
    assert.equal(claim(scene, "none", { storageClassName: "" }), "");
    const annotated = { "volume.beta.kubernetes.io/storage-class": "old" };
    assert.equal(claim(scene, "annotated", {}, annotated), undefined);
  });

  it("takes the newest of several, and the first by name of those as new", () => {
    const scene = new Scene();
    storageClass(scene, "older");
    scene.settle(5_000);
    storageClass(scene, "b");
    storageClass(scene, "a");
    assert.equal(claim(scene, "c"), "a");
  });
});

describe("DefaultIngressClass", () => {
  const ingress = (scene: Scene, name: string, spec: object = {}, annotations?: object) =>
    scene.make(
      Ingress,
      name,
      { spec: { defaultBackend: { service: { name: "s", port: { number: 80 } } }, ...spec } },
      { annotations },
    ).spec?.ingressClassName;

  it("gives Ingresses without a class the default one", () => {
    const scene = new Scene();
    scene.make(
      IngressClass,
      "edge",
      { spec: { controller: "example.com/edge" } },
      { annotations: { [ingressDefault]: "true" } },
    );
    assert.equal(ingress(scene, "plain"), "edge");
    assert.equal(ingress(scene, "named", { ingressClassName: "other" }), "other");
    const annotated = { "kubernetes.io/ingress.class": "old" };
    assert.equal(ingress(scene, "annotated", {}, annotated), undefined);
  });
});
