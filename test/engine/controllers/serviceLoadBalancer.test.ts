import assert from "node:assert/strict";
import { Event } from "../../../src/api/kinds/event.ts";
import { Service } from "../../../src/api/kinds/service.ts";
import { hasReason } from "../../../src/api/status.ts";
import type { ServiceSpec } from "../../../src/api/types.ts";
import { second } from "../../../src/base/time.ts";
import { Engine } from "../../../src/engine/engine.ts";

const key = { namespace: "default", name: "web" };

function scene(spec: Partial<ServiceSpec> = {}) {
  const engine = new Engine({
    now: Date.UTC(2026, 0, 31, 9),
    seed: 1,
    spec: {
      setUp: "kubeadm",
      machines: [{ name: "control-plane", role: "control-plane", cpu: "2", memory: "4Gi" }],
    },
  });
  engine.clock.run(60 * second);
  const client = engine.client("kubernetes-admin");
  const create = (name: string, own: Partial<ServiceSpec> = {}) =>
    client.create(Service, {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace: "default" },
      spec: { type: "LoadBalancer", ports: [{ port: 80 }], ...own },
    });
  create("web", spec);
  const addresses = (name = "web") =>
    (client.get(Service, { ...key, name }).status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip);
  const events = () =>
    client
      .list(Event, { namespace: "default" })
      .items.filter(({ involvedObject }) => involvedObject.name === "web")
      .map(({ reason }) => reason);
  return {
    client,
    create,
    addresses,
    events,
    run: (span: number) => engine.clock.run(span * second),
  };
}

describe("a Service of type LoadBalancer", () => {
  it("gets an address after a while, and says so", () => {
    const { addresses, events, run, client } = scene();
    run(1);
    assert.deepEqual(addresses(), []);
    assert.deepEqual(client.get(Service, key).metadata.finalizers, [
      "service.kubernetes.io/load-balancer-cleanup",
    ]);
    run(5);
    assert.deepEqual(addresses(), ["172.18.255.1"]);
    assert.deepEqual(events(), ["EnsuringLoadBalancer", "EnsuredLoadBalancer"]);
  });

  it("gets another one than its neighbour, or the one that it asks for", () => {
    const { addresses, create, run } = scene();
    create("other");
    create("third", { loadBalancerIP: "172.18.255.9" });
    run(6);
    assert.equal(new Set([...addresses(), ...addresses("other")]).size, 2);
    assert.deepEqual(addresses("third"), ["172.18.255.9"]);
  });

  it("with a class of its own is left to others", () => {
    const { addresses, run } = scene({ loadBalancerClass: "example.com/lb" });
    run(30);
    assert.deepEqual(addresses(), []);
  });

  it("gives the address back when it becomes another type", () => {
    const { addresses, client, events, run } = scene();
    run(6);
    client.patch(Service, key, { spec: { type: "ClusterIP" } });
    run(2);
    assert.deepEqual(addresses(), []);
    assert.equal(client.get(Service, key).metadata.finalizers, undefined);
    assert.deepEqual(events().slice(2), ["DeletingLoadBalancer", "DeletedLoadBalancer"]);
  });

  it("is gone only when its load balancer is", () => {
    const { client, run } = scene();
    run(6);
    client.delete(Service, key);
    assert.ok(client.get(Service, key).metadata.deletionTimestamp);
    run(2);
    assert.throws(
      () => client.get(Service, key),
      (error) => hasReason(error, "NotFound"),
    );
  });
});
