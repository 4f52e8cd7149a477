import { strict as assert } from "node:assert";
import { ConfigMap } from "../../../src/api/kinds/configMap.ts";
import { Deployment } from "../../../src/api/kinds/deployment.ts";
import { Service } from "../../../src/api/kinds/service.ts";
import { type Json, ManagedObject } from "./fieldManagement.ts";

const data = (data: Json): Json => ({ metadata: { name: "m", namespace: "default" }, data });

describe("server-side apply", () => {
  it("owns what it applies, and nothing around it", () => {
    const map = new ManagedObject(ConfigMap).apply("m1", data({ a: "1", b: "1" }));
    assert.deepEqual(map.owners, ['m1 Apply {"f:data":{"f:a":{},"f:b":{}}}']);
  });

  it("is refused where it would change what somebody else manages", () => {
    const map = new ManagedObject(ConfigMap).apply("m1", data({ a: "1", b: "1" }));
    const { status } = map.refusal("m2", data({ a: "2" }));
    assert.deepEqual(status, {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: 'Apply failed with 1 conflict: conflict with "m1": .data.a',
      reason: "Conflict",
      details: {
        causes: [
          { reason: "FieldManagerConflict", message: 'conflict with "m1"', field: ".data.a" },
        ],
      },
      code: 409,
    });
  });

  it("takes fields over when forced; what it drops and nobody has goes; equal values are shared", () => {
    const map = new ManagedObject(ConfigMap).apply("m1", data({ a: "1", b: "1" }));
    map.apply("m2", data({ a: "2" }), { force: true });
    assert.deepEqual(map.content, { data: { a: "2", b: "1" } });
    assert.deepEqual(map.owners, [
      'm1 Apply {"f:data":{"f:b":{}}}',
      'm2 Apply {"f:data":{"f:a":{}}}',
    ]);
    map.apply("m1", data({ c: "1" }));
    assert.deepEqual(map.content, { data: { a: "2", c: "1" } });
    map.apply("m3", data({ a: "2" }));
    assert.deepEqual(map.owners, [
      'm3 Apply {"f:data":{"f:a":{}}}',
      'm2 Apply {"f:data":{"f:a":{}}}',
      'm1 Apply {"f:data":{"f:c":{}}}',
    ]);
    map.update("upd", { ...map.live, data: { a: "3", c: "1" } });
    assert.deepEqual(map.owners, [
      'm1 Apply {"f:data":{"f:c":{}}}',
      'upd Update {"f:data":{"f:a":{}}}',
    ]);
  });

  it("names conflicting items by their keys and says which version an updater used", () => {
    const service = new ManagedObject(Service).apply("a", {
      metadata: { name: "s" },
      spec: { ports: [{ name: "b", port: 2, protocol: "TCP" }] },
    });
    service.update("kubectl-patch", {
      ...service.live,
      spec: { ports: [{ name: "z", port: 2, protocol: "TCP" }] },
    });
    const { message } = service.refusal("a", {
      metadata: { name: "s" },
      spec: { ports: [{ name: "b", port: 2, protocol: "TCP" }] },
    });
    assert.equal(
      message,
      'Apply failed with 1 conflict: conflict with "kubectl-patch" using v1: .spec.ports[port=2,protocol="TCP"].name',
    );
  });

  it("fills in default keys of items", () => {
    const deployment = new ManagedObject(Deployment).apply("m1", {
      metadata: { name: "d" },
      spec: {
        selector: { matchLabels: { app: "x" } },
        template: {
          metadata: { labels: { app: "x" } },
          spec: {
            containers: [
              {
                name: "c",
                image: "i",
                env: [{ name: "A", value: "1" }],
                ports: [{ containerPort: 80 }],
              },
            ],
          },
        },
      },
    });
    assert.deepEqual(deployment.owners, [
      'm1 Apply {"f:spec":{"f:selector":{},"f:template":{"f:metadata":{"f:labels":{"f:app":{}}},"f:spec":{"f:containers":{"k:{\\"name\\":\\"c\\"}":{".":{},"f:env":{"k:{\\"name\\":\\"A\\"}":{".":{},"f:name":{},"f:value":{}}},"f:image":{},"f:name":{},"f:ports":{"k:{\\"containerPort\\":80,\\"protocol\\":\\"TCP\\"}":{".":{},"f:containerPort":{}}}}}}}}}',
    ]);
  });

  it("keeps an empty map that a manager still applies", () => {
    const map = new ManagedObject(ConfigMap).apply("alice", data({ k: "v1", x: "y" }));
    map.apply("bob", data({ k: "v2" }), { force: true }).apply("alice", data({}));
    assert.deepEqual(map.content, { data: { k: "v2" } });
    assert.deepEqual(map.owners, ['bob Apply {"f:data":{"f:k":{}}}', 'alice Apply {"f:data":{}}']);
  });
});

describe("updates", () => {
  it("own what a Deployment has once it is defaulted", () => {
    const deployment = new ManagedObject(Deployment).update("kubectl-create", {
      metadata: { name: "web", labels: { app: "web" } },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: "web" } },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%" } },
        template: {
          metadata: { labels: { app: "web" } },
          spec: { containers: [{ name: "c", image: "i", resources: {} }], securityContext: {} },
        },
      },
      status: {},
    });
    assert.deepEqual(deployment.owners, [
      'kubectl-create Update {"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:replicas":{},"f:selector":{},"f:strategy":{"f:rollingUpdate":{".":{},"f:maxSurge":{}},"f:type":{}},"f:template":{"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:containers":{"k:{\\"name\\":\\"c\\"}":{".":{},"f:image":{},"f:name":{},"f:resources":{}}},"f:securityContext":{}}}}}',
    ]);
  });

  it("don't own what Go's types leave out", () => {
    const map = new ManagedObject(ConfigMap).update("m", { ...data({}), immutable: false });
    assert.deepEqual(map.owners, ['m Update {"f:immutable":{}}']);
  });

  it("own maps that they make, but not structs that are always there", () => {
    const map = new ManagedObject(ConfigMap).update("kubectl-create", data({ word: "hello" }));
    assert.deepEqual(map.owners, ['kubectl-create Update {"f:data":{".":{},"f:word":{}}}']);
    map.update("kubectl-edit", { ...map.live, data: { word: "goodbye" } });
    assert.deepEqual(map.owners, [
      'kubectl-create Update {"f:data":{}}',
      'kubectl-edit Update {"f:data":{"f:word":{}}}',
    ]);
  });
});
