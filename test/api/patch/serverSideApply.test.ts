import { strict as assert } from "node:assert";
import fc from "fast-check";
import { defineKind } from "../../../src/api/kind.ts";
import { ConfigMap } from "../../../src/api/kinds/configMap.ts";
import { Deployment } from "../../../src/api/kinds/deployment.ts";
import { Service } from "../../../src/api/kinds/service.ts";
import { gvk } from "../../../src/api/object.ts";
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

const annotation = "kubectl.kubernetes.io/last-applied-configuration";

describe("kubectl's move from client-side to server-side apply", () => {
  const config = (a: string): Json => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "m" },
    data: { a, b: "1" },
  });
  const applied = (): ManagedObject => {
    const map = new ManagedObject(ConfigMap);
    return map.update("kubectl-client-side-apply", {
      ...config("1"),
      metadata: { name: "m", annotations: { [annotation]: JSON.stringify(config("1")) } },
    });
  };

  it("meets no conflict about what it applied before, and keeps the annotation true", () => {
    const map = applied().apply("kubectl", config("2"));
    assert.deepEqual(map.content, { data: { a: "2", b: "1" } });
    const { annotations } = (map.live?.metadata ?? {}) as { annotations?: Record<string, string> };
    assert.equal(
      annotations?.[annotation],
      '{"apiVersion":"v1","data":{"a":"2","b":"1"},"kind":"ConfigMap","metadata":{"name":"m"}}\n',
    );
  });

  it("meets conflicts about what somebody changed since", () => {
    const map = applied();
    map.update("other", { ...map.live, data: { a: "9", b: "1" } });
    assert.equal(
      map.refusal("kubectl", config("2")).message,
      'Apply failed with 1 conflict: conflict with "other" using v1: .data.a',
    );
  });

  it("is kubectl's alone", () => {
    assert.equal(
      applied().refusal("flux", config("2")).message,
      'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .data.a',
    );
  });
});

describe("conflicts", () => {
  it("are listed by manager", () => {
    const map = new ManagedObject(ConfigMap)
      .apply("m2", data({ b: "1", c: "1" }))
      .apply("m1", data({ a: "1" }));
    assert.equal(
      map.refusal("m3", data({ a: "2", b: "2", c: "2" })).message,
      'Apply failed with 3 conflicts: conflicts with "m1":\n- .data.a\nconflicts with "m2":\n- .data.b\n- .data.c',
    );
  });

  it("are none about values that are the same", () => {
    const map = new ManagedObject(ConfigMap)
      .apply("m1", data({ a: "1" }))
      .apply("m2", data({ a: "1" }));
    assert.equal(map.owners.length, 2);
  });
});

describe("an apply", () => {
  for (const [claim, config, code, message] of [
    ["of another kind", { kind: "Secret" }, 400, "invalid object type: /v1, Kind=Secret"],
    ["without a kind", { kind: undefined }, 400, "invalid object type: /v1, Kind="],
    [
      "of another version",
      { apiVersion: "apps/v1" },
      400,
      "invalid object type: apps/v1, Kind=ConfigMap",
    ],
    [
      "with managed fields",
      { metadata: { managedFields: [] } },
      400,
      "metadata.managedFields must be nil",
    ],
    [
      "of a wrong type",
      data({ a: 1 }),
      500,
      "failed to create typed patch object (default/m; /v1, Kind=ConfigMap): .data.a: expected string, got &value.valueUnstructured{Value:1}",
    ],
  ] as const)
    it(`${claim} is refused`, () => {
      const { status } = new ManagedObject(ConfigMap).refusal("m", config as Json);
      assert.deepEqual([status.code, status.message], [code, message]);
    });

  it("that changes nothing keeps the time of its entry", () => {
    const map = new ManagedObject(ConfigMap).apply("m", data({ a: "1" }));
    const before = map.entries;
    assert.deepEqual(map.apply("m", data({ a: "1" })).entries, before);
  });

  it("puts down to those before what it finds and nobody manages", () => {
    const map = new ManagedObject(ConfigMap).update("m", data({ a: "1", b: "1" }));
    map.update("m", { ...map.live, metadata: { name: "m", managedFields: [{}] } });
    assert.deepEqual(map.owners, []);
    map.update("m", { ...map.live, data: { a: "2", b: "1" } });
    assert.deepEqual(map.owners, []);
    map.apply("flux", data({ a: "2" }));
    assert.deepEqual(map.owners, [
      'flux Apply {"f:data":{"f:a":{}}}',
      'before-first-apply Update {"f:data":{".":{},"f:a":{},"f:b":{}}}',
    ]);
  });

  it("of a kind without a schema owns lists as a whole", () => {
    const kind = defineKind({
      gvk: gvk("x.io", "v1", "Thing"),
      plural: "things",
      namespaced: true,
    });
    const thing = new ManagedObject(kind).apply("m", {
      metadata: { name: "t" },
      spec: { list: [{ name: "a" }], map: { a: 1 } },
    });
    assert.deepEqual(thing.owners, [
      'm Apply {"f:spec":{".":{},"f:list":{},"f:map":{".":{},"f:a":{}}}}',
    ]);
  });

  const name = fc.constantFrom("a", "b", "c", "d");
  const entries = fc.dictionary(name, fc.constantFrom("1", "2"), { noNullPrototype: true });
  const managers = fc.constantFrom("m1", "m2", "m3");

  it("twice is like once", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(managers, entries)),
        managers,
        entries,
        (history, who, last) => {
          const map = new ManagedObject(ConfigMap);
          for (const [manager, each] of history) map.apply(manager, data(each), { force: true });
          const { content, owners } = map.apply(who, data(last), { force: true });
          map.apply(who, data(last), { force: true });
          assert.deepEqual([map.content, [...map.owners].sort()], [content, [...owners].sort()]);
        },
      ),
    );
  });

  it("leaves what is applied, and nothing that nobody applies any more", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(managers, entries), { minLength: 1 }), (history) => {
        const map = new ManagedObject(ConfigMap);
        for (const [manager, each] of history) map.apply(manager, data(each), { force: true });
        const last = new Map(history);
        const claimed = new Set([...last.values()].flatMap((each) => Object.keys(each)));
        const there = (map.content.data ?? {}) as Json;
        for (const key of Object.keys(there)) assert.ok(claimed.has(key), key);
        const [, newest] = history.at(-1) ?? ["", {}];
        for (const [key, value] of Object.entries(newest)) assert.equal(there[key], value);
      }),
    );
  });

  it("of things apart makes the same in any order", () => {
    const configs = { m1: { a: "1" }, m2: { b: "2", c: "3" }, m3: { d: "4" } };
    fc.assert(
      fc.property(fc.shuffledSubarray(["m1", "m2", "m3"] as const, { minLength: 3 }), (order) => {
        const map = new ManagedObject(ConfigMap);
        for (const manager of order) map.apply(manager, data(configs[manager]));
        assert.deepEqual(map.content, { data: { a: "1", b: "2", c: "3", d: "4" } });
      }),
    );
  });
});

describe("updates", () => {
  it("by more than ten managers are put together, the oldest first", () => {
    const map = new ManagedObject(ConfigMap).update("m0", data({ z: "1" }));
    for (let i = 1; i <= 12; i++)
      map.update(`m${i}`, { ...map.live, data: { ...(map.content.data as Json), [`k${i}`]: "v" } });
    assert.deepEqual(map.entries.map(({ manager, time }) => `${manager} ${time}`).slice(0, 2), [
      "ancient-changes 1970-01-01T00:00:04Z",
      "m4 1970-01-01T00:00:05Z",
    ]);
    assert.equal(map.entries.length, 10);
    assert.match(map.owners[0] ?? "", /"f:k1":\{\},"f:k2":\{\},"f:k3":\{\}/);
  });

  it("of nothing keep the time; of something make it new", () => {
    const map = new ManagedObject(ConfigMap).update("m", data({ a: "1" }));
    map.update("m", { ...map.live });
    assert.equal(map.entries[0]?.time, "1970-01-01T00:00:01Z");
    map.update("m", { ...map.live, data: { a: "2" } });
    assert.equal(map.entries[0]?.time, "1970-01-01T00:00:03Z");
  });

  it("that take something away leave nobody with it", () => {
    const map = new ManagedObject(ConfigMap).apply("m1", data({ a: "1", b: "1" }));
    map.update("m2", { ...map.live, data: { b: "1" } });
    assert.deepEqual(map.owners, ['m1 Apply {"f:data":{"f:b":{}}}']);
  });

  it("may bring managed fields of their own, if they make sense", () => {
    const entry = {
      manager: "me",
      operation: "Apply",
      apiVersion: "v1",
      fieldsType: "FieldsV1",
      fieldsV1: { "f:data": { "f:a": {} } },
    };
    const map = new ManagedObject(ConfigMap).update("m", data({ a: "1" }));
    const withEntries = (...managedFields: Json[]): Json => ({
      ...map.live,
      metadata: { name: "m", managedFields },
    });
    map.update("m", withEntries(entry));
    assert.deepEqual(map.owners, ['me Apply {"f:data":{"f:a":{}}}']);
    map.update("m", withEntries({ ...entry, manager: "you", fieldsType: "FieldsV9" }));
    assert.deepEqual(map.owners, ['me Apply {"f:data":{"f:a":{}}}']);
  });

  it("by nobody known are put down to unknown", () => {
    const map = new ManagedObject(ConfigMap).update("", data({ a: "1" }));
    assert.equal(map.entries[0]?.manager, "unknown");
  });

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
