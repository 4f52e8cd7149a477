// CustomResourcePublishOpenAPI of the conformance tests: /openapi/v2 follows what definitions say.
// Source: test/e2e/apimachinery/crd_publish_openapi.go, kubernetes v1.34. (What kubectl makes of it is in
// test/kubectl.)
import assert from "node:assert/strict";
import { E2eClient } from "../../../support/e2eClient.ts";

type Json = Readonly<Record<string, unknown>>;
const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

const text = (description: string) => ({ description, type: "string" });
const foo = {
  description: "Foo CRD for Testing",
  type: "object",
  properties: {
    spec: {
      type: "object",
      description: "Specification of Foo",
      properties: {
        bars: {
          description: "List of Bars and their specs.",
          type: "array",
          items: {
            type: "object",
            required: ["name"],
            properties: {
              name: text("Name of Bar."),
              age: text("Age of Bar."),
              feeling: { ...text("Feeling of Bar."), enum: ["Great", "Down"] },
              bazs: { description: "List of Bazs.", items: { type: "string" }, type: "array" },
            },
          },
        },
      },
    },
    status: {
      description: "Status of Foo",
      type: "object",
      properties: {
        bars: {
          description: "List of Bars and their statuses.",
          type: "array",
          items: {
            type: "object",
            properties: {
              name: text("Name of Bar."),
              available: { description: "Whether the Bar is installed.", type: "boolean" },
              quxType: {
                ...text("Indicates to external qux type."),
                pattern: "in-tree|out-of-tree",
              },
            },
          },
        },
      },
    },
  },
};
const waldo = {
  description: "Waldo CRD for Testing",
  type: "object",
  properties: { spec: { description: "Specification of Waldo", type: "object" } },
};
const preserving = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

describe("CustomResourcePublishOpenAPI of the conformance tests", () => {
  let client: E2eClient;
  beforeEach(() => {
    client = new E2eClient();
  });
  afterEach(() => client.dispose());

  async function define(
    { plural, group, kind }: Readonly<Record<"plural" | "group" | "kind", string>>,
    schema: Json,
    ...versions: readonly string[]
  ): Promise<string> {
    await client.create(definitions, {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        scope: "Namespaced",
        names: { plural, singular: plural.slice(0, -1), kind, listKind: `${kind}List` },
        versions: versions.map((name, i) => ({
          name,
          served: true,
          storage: i === 0,
          schema: { openAPIV3Schema: schema },
        })),
      },
    });
    client.run(200);
    return `${definitions}/${plural}.${group}`;
  }

  /** Without what the server adds. */
  async function published(name: string): Promise<Json | undefined> {
    const { body } = await client.cluster.json("GET", "/openapi/v2");
    const found = (body as { definitions: Record<string, Json> }).definitions[name];
    if (!found) return undefined;
    const { "x-kubernetes-group-version-kind": _, properties = {}, ...rest } = found;
    const { apiVersion: _a, kind: _k, metadata: _m, ...own } = properties as Json;
    return { ...rest, ...(Object.keys(own).length > 0 ? { properties: own } : {}) };
  }

  const foos = { plural: "foos", group: "foo.example.com", kind: "Foo" };
  const nameOf = (version: string, kind = "Foo", group = "foo") =>
    `com.example.${group}.${version}.${kind}`;

  for (const [claim, schema, expected] of [
    ["works for CRD with validation schema", foo, foo],
    ["works for CRD without validation schema", preserving, { type: "object" }],
    ["works for CRD preserving unknown fields at the schema root", preserving, { type: "object" }],
    [
      "works for CRD preserving unknown fields in an embedded object",
      { type: "object", properties: { spec: { ...preserving, description: "nested" } } },
      {
        type: "object",
        properties: {
          spec: { "x-kubernetes-preserve-unknown-fields": true, description: "nested" },
        },
      },
    ],
  ] as const)
    it(claim, async () => {
      await define(foos, schema, "v1");
      assert.deepEqual(await published(nameOf("v1")), expected);
    });

  it("works for multiple CRDs of different groups", async () => {
    await define(foos, foo, "v1");
    await define({ plural: "waldos", group: "waldo.example.com", kind: "Waldo" }, waldo, "v1beta1");
    assert.deepEqual(await published(nameOf("v1")), foo);
    assert.deepEqual(await published(nameOf("v1beta1", "Waldo", "waldo")), waldo);
  });

  it("works for multiple CRDs of same group but different versions", async () => {
    const path = await define(foos, foo, "v2", "v3");
    assert.deepEqual(await published(nameOf("v2")), foo);
    assert.deepEqual(await published(nameOf("v3")), foo);
    await client.delete(path);
    client.run(500);
    assert.equal(await published(nameOf("v2")), undefined);
    assert.equal(await published(nameOf("v3")), undefined);
  });

  it("works for multiple CRDs of same group and version but different kinds", async () => {
    await define(foos, foo, "v6");
    await define({ ...foos, plural: "waldos", kind: "Waldo" }, waldo, "v6");
    assert.deepEqual(await published(nameOf("v6")), foo);
    assert.deepEqual(await published(nameOf("v6", "Waldo")), waldo);
  });

  it("updates the published spec when one version gets renamed", async () => {
    const path = await define(foos, foo, "v2", "v3");
    const { code } = await client.cluster.json("PATCH", path, {
      contentType: "application/json-patch+json",
      body: [
        { op: "test", path: "/spec/versions/1/name", value: "v3" },
        { op: "replace", path: "/spec/versions/1/name", value: "v4" },
      ],
    });
    assert.equal(code, 200);
    client.run(200);
    assert.deepEqual(await published(nameOf("v4")), foo);
    assert.equal(await published(nameOf("v3")), undefined);
    assert.deepEqual(await published(nameOf("v2")), foo);
  });

  it("removes definition from spec when one version gets changed to not be served", async () => {
    const path = await define(foos, foo, "v5", "v6alpha1");
    const crd = await client.get(path);
    const { versions, ...spec } = crd.spec as { versions: Json[] };
    const [first, second] = versions;
    await client.update(path, {
      ...crd,
      spec: { ...spec, versions: [first, { ...second, served: false }] },
    });
    client.run(200);
    assert.equal(await published(nameOf("v6alpha1")), undefined);
    assert.deepEqual(await published(nameOf("v5")), foo);
  });
});
