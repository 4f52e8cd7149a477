import assert from "node:assert/strict";
import { customResourceKinds } from "../../../../src/api/crd/customResourceKind.ts";
import { Documentation } from "../../../../src/api/openapi/documentation.ts";
import type { CustomResourceDefinition, JSONSchemaProps } from "../../../../src/api/types.ts";
import { customDefinitions } from "../../../../src/engine/http/openapi/customDefinitions.ts";

type Json = Readonly<Record<string, unknown>>;

function publish(schema: JSONSchemaProps, dialect: "v2" | "v3"): readonly [Json, Json] {
  const crd: CustomResourceDefinition = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "foos.x.io" },
    spec: {
      group: "x.io",
      scope: "Namespaced",
      names: { plural: "foos", kind: "Foo", listKind: "FooList" },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
  const [kind] = customResourceKinds(crd);
  assert.ok(kind);
  const [[name, own] = ["", {}], [listName, list] = ["", {}]] = customDefinitions(kind, {
    dialect,
    documentation: Documentation.none,
  });
  assert.deepEqual([name, listName], ["io.x.v1.Foo", "io.x.v1.FooList"]);
  return [own, list];
}

function fieldsOf(schema: JSONSchemaProps, dialect: "v2" | "v3"): Json {
  const [own] = publish({ type: "object", properties: { f: schema } }, dialect);
  return (own.properties as Json).f as Json;
}

describe("a custom resource's schema is published", () => {
  it("with the fields of all objects and its kind", () => {
    const [own, list] = publish({ type: "object", description: "A foo." }, "v3");
    assert.deepEqual(own, {
      description: "A foo.",
      type: "object",
      properties: {
        apiVersion: { type: "string" },
        kind: { type: "string" },
        metadata: {
          allOf: [{ $ref: "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta" }],
        },
      },
      "x-kubernetes-group-version-kind": [{ group: "x.io", kind: "Foo", version: "v1" }],
    });
    assert.equal(list.description, "FooList is a list of Foo");
  });

  it("with nothing at all for old clients, if it is open at its root", () => {
    const [own] = publish({ type: "object", "x-kubernetes-preserve-unknown-fields": true }, "v2");
    assert.deepEqual(own, {
      type: "object",
      "x-kubernetes-group-version-kind": [{ group: "x.io", kind: "Foo", version: "v1" }],
    });
  });

  const fields: readonly (readonly [
    title: string,
    schema: JSONSchemaProps,
    v3: Json | undefined,
    v2: Json,
  ])[] = [
    [
      "what is an integer or a string",
      { "x-kubernetes-int-or-string": true },
      {
        "x-kubernetes-int-or-string": true,
        anyOf: [{ type: "integer" }, { type: "string" }],
      },
      { "x-kubernetes-int-or-string": true },
    ],
    [
      "what may be null, and defaults",
      { type: "string", nullable: true, default: "a" },
      undefined,
      {},
    ],
    [
      "open objects",
      {
        type: "object",
        "x-kubernetes-preserve-unknown-fields": true,
        properties: { a: { type: "string" } },
      },
      undefined,
      { "x-kubernetes-preserve-unknown-fields": true },
    ],
    [
      "lists, and fields that must be there though they may be null",
      {
        type: "array",
        items: {
          type: "object",
          required: ["a", "b"],
          properties: { a: { type: "string", nullable: true }, b: { type: "string" } },
        },
      },
      undefined,
      {
        type: "array",
        items: { type: "object", required: ["b"], properties: { a: {}, b: { type: "string" } } },
      },
    ],
  ];
  for (const [title, schema, v3, v2] of fields)
    it(`with ${title}`, () => {
      assert.deepEqual(fieldsOf(schema, "v3"), v3 ?? schema);
      assert.deepEqual(fieldsOf(schema, "v2"), v2);
    });

  it("with the fields of embedded resources", () => {
    const { required, properties } = fieldsOf(
      { type: "object", "x-kubernetes-embedded-resource": true, required: ["kind"] },
      "v3",
    );
    assert.deepEqual(required, ["kind", "apiVersion"]);
    assert.deepEqual(Object.keys(properties as Json), ["apiVersion", "kind", "metadata"]);
  });
});
