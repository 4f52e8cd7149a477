import assert from "node:assert/strict";
import { CustomResourceDefinition } from "../../../src/api/kinds/customResourceDefinition.ts";
import type { KubeObject } from "../../../src/api/object.ts";
import { Documentation } from "../../../src/api/openapi/documentation.ts";
import type { ObjectList } from "../../../src/api/request.ts";
import { tableOfList } from "../../../src/api/table.ts";
import type { CustomResourceDefinition as DefinitionObject } from "../../../src/api/types.ts";
import { Manifests, messageOf } from "../../support/manifests.ts";

interface Foo extends KubeObject {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

const definition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: foos.x.io}
spec:
  group: x.io
  scope: Namespaced
  names: {plural: foos, kind: Foo, shortNames: [fo], categories: [all]}
  versions:
  - name: v1
    served: true
    storage: true
    subresources:
      status: {}
      scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas, labelSelectorPath: .status.sel}
    selectableFields: [{jsonPath: .spec.color}]
    additionalPrinterColumns:
    - {name: Color, type: string, jsonPath: .spec.color}
    - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            required: [color]
            x-kubernetes-validations:
            - {rule: "self.color != 'blue' || self.replicas < 5", message: blue needs <5, fieldPath: .replicas}
            properties:
              color: {type: string, enum: [red, blue]}
              replicas: {type: integer, minimum: 0, maximum: 9, default: 1}
              any: {type: object, x-kubernetes-preserve-unknown-fields: true}
              ios: {x-kubernetes-int-or-string: true}
              imm:
                type: string
                default: a
                x-kubernetes-validations: [{rule: self == oldSelf, message: imm is immutable}]
          status:
            type: object
            properties: {replicas: {type: integer}, sel: {type: string}}
`;

const unchecked =
  "<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";

function scene() {
  const cluster = new Manifests();
  cluster.create(definition);
  const foo = cluster.kindOf("x.io/v1", "Foo");
  const manifest = (spec: string, more = "") =>
    `{apiVersion: x.io/v1, kind: Foo, metadata: {name: f}, spec: ${spec}${more}}`;
  return { cluster, foo, manifest };
}

describe("a definition of custom resources", () => {
  it("is in force a moment after it was made", () => {
    const cluster = new Manifests();
    const response = cluster.send("create", definition);
    const made = response.body as DefinitionObject;
    assert.deepEqual(made.status, {
      acceptedNames: { plural: "", kind: "" },
      conditions: null,
      storedVersions: ["v1"],
    });
    assert.deepEqual(made.spec.names, {
      plural: "foos",
      singular: "foo",
      kind: "Foo",
      listKind: "FooList",
      shortNames: ["fo"],
      categories: ["all"],
    });
    assert.deepEqual(made.spec.conversion, { strategy: "None" });
    cluster.wait();
    const lastTransitionTime = "2026-01-31T09:00:00Z";
    assert.deepEqual(cluster.get<DefinitionObject>(CustomResourceDefinition, "foos.x.io").status, {
      acceptedNames: made.spec.names,
      conditions: [
        {
          type: "NamesAccepted",
          status: "True",
          lastTransitionTime,
          reason: "NoConflicts",
          message: "no conflicts found",
        },
        {
          type: "Established",
          status: "True",
          lastTransitionTime,
          reason: "InitialNamesAccepted",
          message: "the initial names have been accepted",
        },
      ],
      storedVersions: ["v1"],
    });
  });

  it("does not get names that another of its group has, until they are free", () => {
    const { cluster } = scene();
    cluster.create(`
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: bars.x.io}
spec:
  group: x.io
  scope: Cluster
  names: {plural: bars, kind: Bar, shortNames: [fo]}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]`);
    const conditions = () =>
      (
        cluster.get<DefinitionObject>(CustomResourceDefinition, "bars.x.io").status?.conditions ??
        []
      ).map(({ type, status, reason, message }) => `${type} ${status} ${reason} ${message}`);
    assert.deepEqual(conditions(), [
      'NamesAccepted False ShortNamesConflict "fo" is already in use',
      "Established False NotAccepted not all names are accepted",
    ]);
    cluster.ask("delete", CustomResourceDefinition as never, { name: "foos.x.io" });
    cluster.wait();
    assert.deepEqual(conditions(), [
      "NamesAccepted True NoConflicts no conflicts found",
      "Established True InitialNamesAccepted the initial names have been accepted",
    ]);
  });

  it("stays until all objects of its kind are gone", () => {
    const { cluster, foo } = scene();
    cluster.create(
      "{apiVersion: x.io/v1, kind: Foo, metadata: {name: f, finalizers: [x.io/a]}, spec: {color: red}}",
    );
    const answer = cluster.ask("delete", CustomResourceDefinition as never, { name: "foos.x.io" });
    const { metadata, status } = answer.body as DefinitionObject;
    assert.deepEqual(metadata.finalizers, ["customresourcecleanup.apiextensions.k8s.io"]);
    assert.equal(
      status?.conditions?.at(-1)?.message,
      "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
    );
    cluster.wait();
    const found = cluster.get<DefinitionObject>(CustomResourceDefinition, "foos.x.io");
    assert.equal(found.status?.conditions?.at(-1)?.reason, "InstanceDeletionInProgress");
    assert.match(
      cluster.refusal("{apiVersion: x.io/v1, kind: Foo, metadata: {name: g}, spec: {color: red}}"),
      /^create not allowed while custom resource definition is terminating$/,
    );
    assert.equal(cluster.patch(foo, "f", { metadata: { finalizers: null } }), "");
    cluster.wait(6_000);
    assert.equal(
      messageOf(cluster.ask("get", CustomResourceDefinition as never, { name: "foos.x.io" })),
      'customresourcedefinitions.apiextensions.k8s.io "foos.x.io" not found',
    );
    assert.equal(cluster.engine.kinds.forObject("x.io/v1", "Foo"), undefined);
  });
});

describe("a custom resource", () => {
  it("gets defaults and loses what its schema does not know, and its status", () => {
    const { cluster, manifest } = scene();
    const response = cluster.send(
      "create",
      manifest('{color: red, unk: 1, any: {z: 1}, ios: "50%"}', ", status: {replicas: 3}"),
    );
    const made = response.body as Foo;
    assert.deepEqual(made.spec, { color: "red", any: { z: 1 }, ios: "50%", replicas: 1, imm: "a" });
    assert.equal(made.status, undefined);
    assert.equal(made.metadata.generation, 1);
    assert.deepEqual(response.warnings, ['unknown field "spec.unk"']);
  });

  const refusals: readonly (readonly [title: string, spec: string, message: string])[] = [
    [
      "several fields",
      "{color: green, replicas: 10}",
      `[spec.color: Unsupported value: "green": supported values: "red", "blue", spec.replicas: Invalid value: 10: spec.replicas in body should be less than or equal to 9, ${unchecked}]`,
    ],
    ["a missing field", "{}", `[spec.color: Required value, ${unchecked}]`],
    [
      "a wrong type",
      "{color: red, replicas: x}",
      `[spec.replicas: Invalid value: "string": spec.replicas in body must be of type integer: "string", .spec.replicas: Invalid value: 0: .spec.replicas accessor error: x is of the type string, expected int64, ${unchecked}]`,
    ],
    [
      "neither int nor string",
      "{color: red, ios: [1]}",
      `[spec.ios: Invalid value: "array": spec.ios in body must be of type integer,string: "array", ${unchecked}]`,
    ],
    [
      "a broken rule",
      "{color: blue, replicas: 7}",
      'spec.replicas: Invalid value: "object": blue needs <5',
    ],
  ];
  for (const [title, spec, message] of refusals)
    it(`is refused for ${title}`, () => {
      const { cluster, manifest } = scene();
      assert.equal(cluster.refusal(manifest(spec)), `Foo.x.io "f" is invalid: ${message}`);
    });

  it("is refused for unknown fields where that is asked for", () => {
    const { cluster, manifest } = scene();
    const options = { fieldValidation: "Strict" } as const;
    assert.equal(
      cluster.refusal(manifest("{color: red, unk: 1}"), "create", { options }),
      'Foo in version "v1" cannot be handled as a Foo: strict decoding error: unknown field "spec.unk"',
    );
  });

  it("is refused as an object of another kind", () => {
    const { cluster, foo } = scene();
    const body = { apiVersion: "x.io/v1", kind: "Bar", metadata: { name: "b" } };
    assert.equal(
      messageOf(cluster.ask("create", foo, { body })),
      'Foo.x.io "b" is invalid: kind: Invalid value: "Bar": must be Foo',
    );
  });

  it("has rules that compare with the state before", () => {
    const { cluster, foo, manifest } = scene();
    cluster.create(manifest("{color: red}"));
    assert.equal(
      cluster.patch(foo, "f", { spec: { imm: "b" } }),
      'Foo.x.io "f" is invalid: spec.imm: Invalid value: "string": imm is immutable',
    );
  });

  it("must name the version that an update replaces", () => {
    const { cluster, manifest } = scene();
    cluster.create(manifest("{color: red}"));
    assert.equal(
      cluster.refusal(manifest("{color: blue}"), "update"),
      'foos.x.io "f" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    );
  });

  it("knows no strategic merge", () => {
    const { cluster, foo, manifest } = scene();
    cluster.create(manifest("{color: red}"));
    assert.equal(
      cluster.patch(foo, "f", {}, { patchType: "strategic" }),
      "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
    );
  });

  it("has a generation that neither labels nor status raise", () => {
    const { cluster, foo, manifest } = scene();
    cluster.create(manifest("{color: red}"));
    const generation = () => cluster.get<Foo>(foo, "f").metadata.generation;
    cluster.patch(foo, "f", { metadata: { labels: { a: "b" } } });
    assert.equal(generation(), 1);
    cluster.patch(
      foo,
      "f",
      { status: { replicas: 2 }, spec: { replicas: 8 } },
      {
        subresource: "status",
      },
    );
    assert.equal(generation(), 1);
    cluster.patch(foo, "f", { spec: { replicas: 2 } });
    assert.equal(generation(), 2);
    const { spec, status } = cluster.get<Foo>(foo, "f");
    assert.deepEqual([spec.replicas, status], [2, { replicas: 2 }]);
  });

  it("has a scale where its definition says", () => {
    const { cluster, foo, manifest } = scene();
    cluster.create(manifest("{color: red}"));
    const status = { replicas: 2, sel: "a=b" };
    cluster.patch(foo, "f", { status }, { subresource: "status" });
    const scale = { subresource: "scale" } as const;
    const face = cluster.ask("get", foo, { name: "f", ...scale }).body as Foo;
    assert.deepEqual(
      [face.kind, face.spec, face.status],
      ["Scale", { replicas: 1 }, { replicas: 2, selector: "a=b" }],
    );
    assert.equal(cluster.patch(foo, "f", { spec: { replicas: 3 } }, scale), "");
    const { spec, metadata } = cluster.get<Foo>(foo, "f");
    assert.deepEqual([spec.replicas, metadata.generation], [3, 2]);
  });

  it("is listed by the fields that its definition offers, and no others", () => {
    const { cluster, foo, manifest } = scene();
    cluster.create(manifest("{color: red}"));
    const list = (fieldSelector: string) =>
      cluster.ask("list", foo, { options: { fieldSelector } });
    const count = (text: string) => (list(text).body as ObjectList).items.length;
    assert.deepEqual([count("spec.color=red"), count("spec.color=blue")], [1, 0]);
    assert.equal(messageOf(list("spec.replicas=1")), "field label not supported: spec.replicas");
  });

  it("is printed by the columns of its definition", () => {
    const { cluster, foo, manifest } = scene();
    cluster.create(manifest("{color: red}"));
    cluster.wait(90_000);
    const table = tableOfList(foo, cluster.ask("list", foo).body as ObjectList, {
      apiVersion: "meta.k8s.io/v1",
      now: cluster.engine.clock.now(),
      includeObject: "None",
      withColumns: true,
      documentation: Documentation.none,
    });
    assert.deepEqual(
      table.columnDefinitions?.map(({ name, type, description }) => [name, type, description]),
      [
        ["Name", "string", ""],
        ["Color", "string", "Custom resource definition column (in JSONPath format): .spec.color"],
        [
          "Age",
          "date",
          "Custom resource definition column (in JSONPath format): .metadata.creationTimestamp",
        ],
      ],
    );
    assert.deepEqual(table.rows[0]?.cells, ["f", "red", "90s"]);
  });

  it("keeps what was wrong before a definition changed, as long as it does not change", () => {
    const { cluster, foo, manifest } = scene();
    cluster.create(manifest("{color: blue, replicas: 4}"));
    const changed = definition.replace("enum: [red, blue]", "enum: [red]");
    const { metadata } = cluster.get<DefinitionObject>(CustomResourceDefinition, "foos.x.io");
    const version = `name: foos.x.io, resourceVersion: "${metadata.resourceVersion}"`;
    const answer = cluster.send("update", changed.replace("name: foos.x.io", version));
    assert.equal(messageOf(answer), "");
    cluster.wait();
    const served = cluster.kindOf("x.io/v1", "Foo");
    assert.notEqual(served, foo);
    assert.equal(cluster.patch(served, "f", { spec: { replicas: 3 } }), "");
    assert.match(
      cluster.refusal(manifest("{color: blue}").replace("name: f}", "name: g}")),
      /spec.color: Unsupported value: "blue": supported values: "red"/,
    );
  });
});

describe("versions of a custom resource", () => {
  const twoVersions = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: valves.v.io}
spec:
  group: v.io
  scope: Cluster
  names: {plural: valves, kind: Valve}
  versions:
  - {name: v1alpha1, served: true, storage: false, deprecated: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}
  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {n: {type: string, nullable: true, default: d}}}}}`;

  it("share their objects, which are kept in the form of one of them", () => {
    const cluster = new Manifests();
    cluster.create(twoVersions);
    const response = cluster.send(
      "create",
      "{apiVersion: v.io/v1alpha1, kind: Valve, metadata: {name: a}, lost: 1}",
    );
    assert.deepEqual(response.warnings, ["v.io/v1alpha1 Valve is deprecated; use v.io/v1 Valve"]);
    const old = cluster.get<Foo>(cluster.kindOf("v.io/v1alpha1", "Valve"), "a");
    assert.deepEqual(Object.keys(old).sort(), ["apiVersion", "kind", "metadata", "n"]);
    assert.equal(old.apiVersion, "v.io/v1alpha1");
    assert.equal(cluster.get<Foo>(cluster.kindOf("v.io/v1", "Valve"), "a").apiVersion, "v.io/v1");
  });
});

describe("custom resources in the cluster", () => {
  it("own others and are owned, once the garbage collector knows of them", () => {
    const { cluster, foo, manifest } = scene();
    cluster.wait(31_000);
    const owner = cluster.create(manifest("{color: red}"));
    const { apiVersion, kind, metadata } = owner;
    const reference = `{apiVersion: ${apiVersion}, kind: ${kind}, name: ${metadata.name}, uid: ${metadata.uid}}`;
    const owned = cluster.create(
      `{apiVersion: v1, kind: ConfigMap, metadata: {name: cm, ownerReferences: [${reference}]}}`,
    );
    cluster.create(
      `{apiVersion: x.io/v1, kind: Foo, metadata: {name: g, ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: cm, uid: ${owned.metadata.uid}}]}, spec: {color: red}}`,
    );
    cluster.wait(1_000);
    cluster.ask("delete", foo, { name: "f" });
    cluster.wait(5_000);
    const configMap = cluster.kindOf("v1", "ConfigMap");
    assert.equal(cluster.ask("get", configMap, { name: "cm" }).code, 404);
    assert.equal(cluster.ask("get", foo, { name: "g" }).code, 404);
  });

  it("go with their namespace", () => {
    const { cluster, foo } = scene();
    cluster.create("{apiVersion: v1, kind: Namespace, metadata: {name: n}}");
    const body = {
      apiVersion: "x.io/v1",
      kind: "Foo",
      metadata: { name: "f", namespace: "n" },
      spec: { color: "red" },
    };
    assert.equal(cluster.ask("create", foo, { body, namespace: "n" }).code, 201);
    cluster.ask("delete", cluster.kindOf("v1", "Namespace"), { name: "n" });
    cluster.wait(20_000);
    assert.deepEqual((cluster.ask("list", foo, { namespace: "" }).body as ObjectList).items, []);
  });
});
