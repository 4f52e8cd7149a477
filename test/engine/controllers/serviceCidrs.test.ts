import assert from "node:assert/strict";
import { Service } from "../../../src/api/kinds/service.ts";
import { ServiceCIDR } from "../../../src/api/kinds/serviceCidr.ts";
import type { Service as ServiceObject } from "../../../src/api/types.ts";
import { second } from "../../../src/base/time.ts";
import { Engine } from "../../../src/engine/engine.ts";

const key = { namespace: "", name: "more" };

function scene() {
  const engine = new Engine({
    now: Date.UTC(2026, 0, 31, 9),
    seed: 1,
    spec: { machines: [], hasDefaultStorage: false },
  });
  const client = engine.client("kubernetes-admin");
  const wait = (seconds: number): void => engine.clock.run(seconds * second);
  client.create(ServiceCIDR, {
    apiVersion: ServiceCIDR.apiVersion,
    kind: "ServiceCIDR",
    metadata: { name: key.name },
    spec: { cidrs: ["10.97.0.0/24"] },
  });
  wait(1);
  return { client, wait };
}

function serviceAt(clusterIP: string): ServiceObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "default" },
    spec: { ports: [{ port: 80 }], clusterIP },
  };
}

describe("a range for Services", () => {
  it("is ready, and addresses may be asked for by name", () => {
    const { client } = scene();
    const { metadata, status } = client.get(ServiceCIDR, key);
    assert.deepEqual(metadata.finalizers, ["networking.k8s.io/service-cidr-finalizer"]);
    assert.equal(status?.conditions?.[0]?.message, "Kubernetes Service CIDR is ready");
    assert.equal(client.create(Service, serviceAt("10.97.0.9")).spec.clusterIP, "10.97.0.9");
  });

  it("does not reach beyond its end", () => {
    const { client } = scene();
    assert.throws(
      () => client.create(Service, serviceAt("10.97.1.9")),
      /failed to allocate IP 10\.97\.1\.9: the provided IP \(10\.97\.1\.9\) is not in the valid range/,
    );
  });

  it("stays while a Service has one of its addresses", () => {
    const { client, wait } = scene();
    client.create(Service, serviceAt("10.97.0.9"));
    wait(1);
    client.delete(ServiceCIDR, key);
    wait(20);
    const [condition] = client.get(ServiceCIDR, key).status?.conditions ?? [];
    assert.deepEqual(
      [condition?.status, condition?.reason, condition?.message],
      [
        "False",
        "Terminating",
        "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR",
      ],
    );
    client.delete(Service, { namespace: "default", name: "web" });
    wait(20);
    assert.throws(() => client.get(ServiceCIDR, key), /not found/);
  });

  it("goes a while after nobody needs it", () => {
    const { client, wait } = scene();
    client.delete(ServiceCIDR, key);
    wait(5);
    assert.ok(client.get(ServiceCIDR, key).metadata.deletionTimestamp);
    wait(6);
    assert.throws(() => client.get(ServiceCIDR, key), /not found/);
  });
});
