import assert from "node:assert/strict";
import { EndpointSlice } from "../../../src/api/kinds/endpointSlice.ts";
import { Pod } from "../../../src/api/kinds/pod/kind.ts";
import { ReplicaSet } from "../../../src/api/kinds/replicaSet.ts";
import { Service } from "../../../src/api/kinds/service.ts";
import { keyOf } from "../../../src/api/object.ts";
import type { Endpoint, EndpointSlice as EndpointSliceObject } from "../../../src/api/types.ts";
import { packEndpoints } from "../../../src/engine/controllers/endpointSlice/slices.ts";
import { ControlPlane } from "./controlPlane.ts";
import { replicaSet, service } from "./objects.ts";

function makePlane(replicas: number, spec: Parameters<typeof service>[1] = {}): ControlPlane {
  const plane = new ControlPlane();
  plane.addMachine("worker", { "topology.kubernetes.io/zone": "zone-a" });
  plane.client.create(Service, service("web", spec));
  plane.client.create(ReplicaSet, replicaSet("web", { replicas }));
  plane.run(3);
  return plane;
}

function slices(plane: ControlPlane): readonly EndpointSliceObject[] {
  return plane.client
    .list(EndpointSlice, { namespace: "default" })
    .items.filter(({ metadata }) => metadata.name.startsWith("web-"));
}

describe("EndpointSlice controller", () => {
  it("keeps an empty slice for a Service without Pods", () => {
    const [slice, ...others] = slices(makePlane(0));
    assert.equal(others.length, 0);
    assert.deepEqual(slice?.endpoints, []);
    assert.equal(slice?.metadata.labels?.["kubernetes.io/service-name"], "web");
  });

  it("describes each Pod as an endpoint", () => {
    const plane = makePlane(1);
    const [pod] = plane.podList();
    const [slice, ...others] = slices(plane);
    assert.equal(others.length, 0);
    assert.deepEqual(slice?.endpoints, [
      {
        addresses: [pod?.status?.podIP],
        conditions: { ready: true, serving: true, terminating: false },
        nodeName: "worker",
        targetRef: {
          kind: "Pod",
          namespace: "default",
          name: pod?.metadata.name,
          uid: pod?.metadata.uid,
        },
        zone: "zone-a",
      },
    ]);
    assert.deepEqual(slice?.ports, [{ name: "web", port: 80, protocol: "TCP" }]);
    assert.deepEqual(slice?.metadata.labels, {
      "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
      "kubernetes.io/service-name": "web",
    });
    assert.equal(slice?.metadata.ownerReferences?.[0]?.kind, "Service");
  });

  it("keeps a Pod that is going as serving but not ready, until it is gone", () => {
    const plane = makePlane(2);
    const [pod] = plane.podList();
    assert.ok(pod);
    plane.client.delete(Pod, keyOf(pod));
    plane.run(0.5);
    const states = slices(plane)
      .flatMap(({ endpoints }) => endpoints)
      .filter(({ targetRef }) => targetRef?.name === pod.metadata.name)
      .map(({ conditions }) => conditions);
    assert.deepEqual(states, [{ ready: false, serving: true, terminating: true }]);
    plane.run(5);
    const names = slices(plane).flatMap(({ endpoints }) => endpoints.map((e) => e.targetRef?.name));
    assert.equal(names.length, 2);
    assert.ok(!names.includes(pod.metadata.name));
  });

  it("marks the slices of a headless Service", () => {
    const [slice] = slices(makePlane(1, { clusterIP: "None" }));
    assert.equal(slice?.metadata.labels?.["service.kubernetes.io/headless"], "");
  });

  it("fills slices with a hundred endpoints each", () => {
    const plane = makePlane(250);
    plane.run(5);
    const counts = slices(plane).map(({ endpoints }) => endpoints.length);
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      250,
    );
    assert.ok(counts.every((count) => count <= 100) && counts.length <= 4, counts.join(" "));
  });

  it("takes the slices with the Service", () => {
    const plane = makePlane(1);
    plane.client.delete(Service, { namespace: "default", name: "web" });
    plane.run(1);
    assert.deepEqual(slices(plane), []);
  });
});

function endpoints(from: number, to: number): readonly Endpoint[] {
  return Array.from({ length: to - from }, (_, i) => ({
    addresses: [`10.0.0.${from + i}`],
    targetRef: { kind: "Pod", uid: `uid-${from + i}` },
  }));
}

function slice(name: string, held: readonly Endpoint[]): EndpointSliceObject {
  const metadata = { name };
  const kind = { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" };
  return { ...kind, metadata, addressType: "IPv4", endpoints: held };
}

describe("packing endpoints", () => {
  for (const [claim, existing, wanted, expected] of [
    ["the first go to a new slice", [], [0, 3], { create: [3], update: [], delete: [] }],
    [
      "a full slice is followed by another",
      [],
      [0, 12],
      { create: [10, 2], update: [], delete: [] },
    ],
    ["what stays is not written", [[0, 3]], [0, 3], { create: [], update: [], delete: [] }],
    [
      "new ones go to the fullest slice with room for all",
      [
        [0, 4],
        [4, 11],
        [11, 20],
      ],
      [0, 22],
      { create: [], update: ["1: 9"], delete: [] },
    ],
    [
      "slices that change anyway are filled first",
      [
        [0, 5],
        [5, 14],
      ],
      [1, 20],
      { create: [], update: ["0: 10"], delete: [] },
    ],
    [
      "empty slices go",
      [
        [0, 2],
        [2, 9],
      ],
      [2, 9],
      { create: [], update: [], delete: ["0"] },
    ],
  ] as const)
    it(claim, () => {
      const held = existing.map(([from, to], i) => slice(String(i), endpoints(from, to)));
      const packing = packEndpoints(held, endpoints(wanted[0], wanted[1]), 10);
      assert.deepEqual(
        {
          create: packing.create.map((packed) => packed.length),
          update: packing.update.map(
            ({ slice: { metadata }, endpoints: packed }) => `${metadata.name}: ${packed.length}`,
          ),
          delete: packing.delete.map(({ metadata }) => metadata.name),
        },
        expected,
      );
    });
});
