import assert from "node:assert/strict";
import { EndpointSlice } from "../../../src/api/kinds/endpointSlice.ts";
import { Endpoints } from "../../../src/api/kinds/endpoints.ts";
import { ReplicaSet } from "../../../src/api/kinds/replicaSet.ts";
import { Service } from "../../../src/api/kinds/service.ts";
import { hasReason } from "../../../src/api/status.ts";
import type { Service as ServiceObject } from "../../../src/api/types.ts";
import { ControlPlane } from "./controlPlane.ts";
import { replicaSet, service } from "./objects.ts";

const web = { namespace: "default", name: "web" };

function bare(): ServiceObject {
  const { spec, ...rest } = service("web");
  const { selector: _, ...open } = spec;
  return { ...rest, spec: open };
}

describe("Endpoints", () => {
  it("hold the addresses of ready Pods, and go with their Service", () => {
    const plane = new ControlPlane();
    plane.addMachine("a");
    plane.client.create(ReplicaSet, replicaSet("web", { replicas: 2 }));
    plane.client.create(Service, service("web"));
    plane.run(5);
    const [subset, ...more] = plane.client.get(Endpoints, web).subsets ?? [];
    assert.equal(more.length, 0);
    assert.equal(subset?.addresses?.length, 2);
    assert.deepEqual(
      subset?.addresses?.map(({ targetRef }) => targetRef?.kind),
      ["Pod", "Pod"],
    );
    plane.client.delete(Service, web);
    plane.run(5);
    assert.throws(
      () => plane.client.get(Endpoints, web),
      (error) => hasReason(error, "NotFound"),
    );
  });

  it("that somebody wrote are mirrored through creation, change and deletion", () => {
    const plane = new ControlPlane();
    const slices = () =>
      plane.client
        .list(EndpointSlice, { labelSelector: "kubernetes.io/service-name=web" })
        .items.map(({ endpoints, ports }) => [
          endpoints.flatMap(({ addresses }) => addresses).join(),
          ports?.map(({ port }) => port).join(),
        ]);
    plane.client.create(Service, bare());
    const own = {
      apiVersion: "v1",
      kind: "Endpoints",
      metadata: { ...web },
      subsets: [{ addresses: [{ ip: "10.1.2.3" }], ports: [{ port: 80 }] }],
    };
    const made = plane.client.create(Endpoints, own);
    plane.run(2);
    assert.deepEqual(slices(), [["10.1.2.3", "80"]]);
    plane.client.update(Endpoints, {
      ...made,
      subsets: [{ addresses: [{ ip: "10.2.3.4" }], ports: [{ port: 8080 }] }],
    });
    plane.run(2);
    assert.deepEqual(slices(), [["10.2.3.4", "8080"]]);
    plane.client.delete(Endpoints, web);
    plane.run(2);
    assert.deepEqual(slices(), []);
  });

  it("of the API server itself are there from the start, as both kinds", () => {
    const plane = new ControlPlane();
    const key = { namespace: "default", name: "kubernetes" };
    const [subset] = plane.client.get(Endpoints, key).subsets ?? [];
    const slice = plane.client.get(EndpointSlice, key);
    assert.deepEqual(subset?.addresses?.[0]?.ip, slice.endpoints[0]?.addresses[0]);
    assert.equal(subset?.ports?.[0]?.port, 6443);
  });
});
