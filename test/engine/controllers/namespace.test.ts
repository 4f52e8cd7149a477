import assert from "node:assert/strict";
import { ConfigMap } from "../../../src/api/kinds/configMap.ts";
import { Deployment } from "../../../src/api/kinds/deployment.ts";
import { Namespace } from "../../../src/api/kinds/namespace.ts";
import { ServiceAccount } from "../../../src/api/kinds/serviceAccount.ts";
import { ControlPlane } from "./controlPlane.ts";
import { deployment } from "./objects.ts";

const key = { namespace: "", name: "shop" };

function makeShop(): ControlPlane {
  const plane = new ControlPlane();
  plane.addMachine("worker");
  const metadata = { name: "shop" };
  plane.client.create(Namespace, { apiVersion: "v1", kind: "Namespace", metadata, spec: {} });
  plane.run(1);
  return plane;
}

function isThere(plane: ControlPlane): boolean {
  return plane.client.list(Namespace).items.some(({ metadata }) => metadata.name === "shop");
}

describe("A namespace", () => {
  it("gets its default ServiceAccount and the API server's certificate", () => {
    const plane = makeShop();
    const names = (list: readonly { readonly metadata: { readonly name: string } }[]) =>
      list.map(({ metadata }) => metadata.name);
    assert.deepEqual(names(plane.client.list(ServiceAccount, { namespace: "shop" }).items), [
      "default",
    ]);
    const [map] = plane.client.list(ConfigMap, { namespace: "shop" }).items;
    assert.equal(map?.metadata.name, "kube-root-ca.crt");
    assert.deepEqual(map?.data, { "ca.crt": "certificate" });
  });

  it("gets them back when they are deleted or changed", () => {
    const plane = makeShop();
    plane.client.delete(ServiceAccount, { namespace: "shop", name: "default" });
    const name = "kube-root-ca.crt";
    plane.client.patch(ConfigMap, { namespace: "shop", name }, { data: { "ca.crt": "forged" } });
    plane.run(1);
    assert.equal(plane.client.list(ServiceAccount, { namespace: "shop" }).items.length, 1);
    const map = plane.client.get(ConfigMap, { namespace: "shop", name });
    assert.deepEqual(map.data, { "ca.crt": "certificate" });
  });

  it("without Pods is gone five seconds after its deletion", () => {
    const plane = makeShop();
    const before = plane.elapsed;
    plane.client.delete(Namespace, key);
    assert.equal(plane.client.get(Namespace, key).status?.phase, "Terminating");
    const after = plane.runUntil(() => !isThere(plane));
    assert.ok(after - before >= 5 && after - before < 5.2, `${after - before} s`);
  });

  it("goes with all that is in it, Pods first, and tells what it waits for", () => {
    const plane = makeShop();
    const web = deployment("web");
    plane.client.create(Deployment, { ...web, metadata: { name: "web", namespace: "shop" } });
    plane.run(5);
    const before = plane.elapsed;
    plane.client.delete(Namespace, key);
    plane.run(5.5);
    const { conditions } = plane.client.get(Namespace, key).status ?? {};
    const remaining = conditions?.find(({ type }) => type === "NamespaceContentRemaining");
    assert.equal(remaining?.reason, "SomeResourcesRemain");
    assert.equal(
      remaining?.message,
      "Some resources are remaining: pods. has 3 resource instances",
    );
    assert.equal(plane.client.list(Deployment, { namespace: "shop" }).items.length, 1);
    const after = plane.runUntil(() => !isThere(plane), 120);
    // The new conditions wake the controller again, five seconds later as always.
    assert.ok(after - before >= 10 && after - before < 10.5, `${after - before} s`);
    assert.equal(plane.client.list(Deployment, { namespace: "shop" }).items.length, 0);
  });
});
