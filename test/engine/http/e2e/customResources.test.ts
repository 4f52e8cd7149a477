// The conformance tests of custom resources. Source: test/e2e/apimachinery/{custom_resource_definition,
// crd_*,field_validation,aggregated_discovery}.go, kubernetes v1.34.
import assert from "node:assert/strict";
import { E2eClient } from "../../../support/e2eClient.ts";

type Json = Readonly<Record<string, unknown>>;

const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const anything = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

interface Version {
  readonly name: string;
  readonly schema?: Json;
  readonly [more: string]: unknown;
}

function definition(group: string, versions: readonly Version[], more: Json = {}): Json {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `noxus.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural: "noxus", singular: "noxu", kind: "Noxu", listKind: "NoxuList" },
      versions: versions.map(({ name, schema = anything, ...rest }, i) => ({
        name,
        served: true,
        storage: i === 0,
        schema: { openAPIV3Schema: schema },
        ...rest,
      })),
      ...more,
    },
  };
}

const sub = {
  type: "object",
  properties: {
    foo: { type: "string" },
    cronSpec: { type: "string", pattern: "^(\\d+|\\*)(/\\d+)?(\\s+(\\d+|\\*)(/\\d+)?){4}$" },
    ports: {
      type: "array",
      "x-kubernetes-list-map-keys": ["containerPort", "protocol"],
      "x-kubernetes-list-type": "map",
      items: {
        type: "object",
        required: ["containerPort", "protocol"],
        properties: {
          containerPort: { format: "int32", type: "integer" },
          hostIP: { type: "string" },
          hostPort: { format: "int32", type: "integer" },
          name: { type: "string" },
          protocol: { type: "string" },
        },
      },
    },
  },
};

describe("custom resources of the conformance tests", () => {
  let client: E2eClient;
  let count = 0;
  let group = "";

  before(() => {
    client = new E2eClient();
  });
  beforeEach(() => {
    group = `g${count++}.example.com`;
  });
  after(() => client.dispose());

  const collection = (version: string) => `/apis/${group}/${version}/namespaces/default/noxus`;

  async function define(versions: readonly Version[], more?: Json): Promise<void> {
    await client.create(definitions, definition(group, versions, more));
    client.run(200);
  }

  const json = (method: string, path: string, body?: unknown, contentType = "application/json") =>
    client.cluster.json(method, path, body === undefined ? {} : { body, contentType });

  it("CustomResourceDefinition Watch watch on custom resource definition objects", async () => {
    await define([{ name: "v1beta1" }]);
    const named = (name: string) =>
      client.watch(`${collection("v1beta1")}?watch=true&fieldSelector=metadata.name%3D${name}`);
    const [a, b] = [await named("name1"), await named("name2")];
    for (const name of ["name1", "name2"]) {
      const body = { apiVersion: `${group}/v1beta1`, kind: "Noxu", metadata: { name } };
      assert.equal((await json("POST", collection("v1beta1"), body)).code, 201);
      await client.patch(`${collection("v1beta1")}/${name}`, { dummy: "test" });
      await client.delete(`${collection("v1beta1")}/${name}`);
    }
    await new Promise(setImmediate);
    assert.deepEqual(a.summary(), ["ADDED name1", "MODIFIED name1", "DELETED name1"]);
    assert.deepEqual(b.summary(), ["ADDED name2", "MODIFIED name2", "DELETED name2"]);
  });

  it("Simple CustomResourceDefinition getting/updating/patching custom resource definition status sub-resource works", async () => {
    await define([{ name: "v1" }]);
    const one = `${definitions}/noxus.${group}`;
    const found = await client.get(`${one}/status`);
    const status = found.status as { conditions: Json[] };
    assert.deepEqual(
      status.conditions.map(({ type }) => type),
      ["NamesAccepted", "Established"],
    );
    const condition = { type: "StatusUpdate", status: "True", reason: "E2E", message: "Set" };
    const conditions = [...status.conditions, condition];
    const updated = await client.update(`${one}/status`, {
      ...found,
      status: { ...status, conditions },
    });
    assert.match(JSON.stringify(updated.status), /StatusUpdate/);
    const patched = await client.patch(`${one}/status`, {
      metadata: { annotations: { patched: "true" } },
      status: { conditions: [{ ...condition, type: "StatusPatched" }] },
    });
    assert.match(JSON.stringify(patched.status), /StatusPatched/);
  });

  it("Simple CustomResourceDefinition listing custom resource definition objects works", async () => {
    for (let i = 0; i < 3; i++) {
      group = `listed${i}.example.com`;
      const made = definition(group, [{ name: "v1" }]);
      const metadata = { name: `noxus.${group}`, labels: { e2e: "list" } };
      await client.create(definitions, { ...made, metadata });
    }
    client.run(200);
    assert.equal((await client.list(`${definitions}?labelSelector=e2e%3Dlist`)).items.length, 3);
    await client.delete(`${definitions}?labelSelector=e2e%3Dlist`);
    client.run(500);
    assert.equal((await client.list(`${definitions}?labelSelector=e2e%3Dlist`)).items.length, 0);
  });

  it("CustomResourceDefinition resources should include custom resource definition resources in discovery documents", async () => {
    const has = async (path: string, text: string) =>
      assert.ok(
        JSON.stringify((await json("GET", path)).body).includes(text),
        `${text} in ${path}`,
      );
    await has("/apis", '"groupVersion":"apiextensions.k8s.io/v1"');
    await has("/apis/apiextensions.k8s.io", '"groupVersion":"apiextensions.k8s.io/v1"');
    await has("/apis/apiextensions.k8s.io/v1", '"name":"customresourcedefinitions"');
  });

  it("AggregatedDiscovery should support raw aggregated discovery request for CRDs", async () => {
    await define([{ name: "v1" }]);
    const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    const { headers, body } = await client.cluster.send("GET", "/apis", { headers: { accept } });
    assert.equal(headers["Content-Type"], accept);
    const { items } = JSON.parse(String(body)) as {
      items: { metadata: { name: string }; versions: { resources: { resource: string }[] }[] }[];
    };
    const found = items.find(({ metadata }) => metadata.name === group);
    assert.equal(found?.versions[0]?.resources[0]?.resource, "noxus");
  });

  it("CustomResourceDefinition resources custom resource defaulting for requests and from storage works", async () => {
    const fields = { a: { type: "string", default: "A" }, b: { type: "string" } };
    await define([{ name: "v1beta1", schema: { type: "object", properties: fields } }]);
    const body = { apiVersion: `${group}/v1beta1`, kind: "Noxu", metadata: { name: "foo" } };
    const { body: made } = await json("POST", collection("v1beta1"), body);
    assert.deepEqual([(made as Json).a, (made as Json).b], ["A", undefined]);
    const path = "/spec/versions/0/schema/openAPIV3Schema/properties";
    const patch = [
      { op: "add", path: `${path}/b/default`, value: "B" },
      { op: "remove", path: `${path}/a/default` },
    ];
    const { code } = await json(
      "PATCH",
      `${definitions}/noxus.${group}`,
      patch,
      "application/json-patch+json",
    );
    assert.equal(code, 200);
    client.run(200);
    const stored = await client.get(`${collection("v1beta1")}/foo`);
    assert.deepEqual([stored.a, stored.b], ["A", "B"]);
  });

  it("CustomResourceFieldSelectors MUST list and watch custom resources matching the field selector", async () => {
    const schema = {
      type: "object",
      properties: {
        hostPort: { type: "string" },
        spec: {
          type: "object",
          properties: { host: { type: "string" }, port: { type: "string" } },
        },
      },
    };
    const selectableFields = [{ jsonPath: ".spec.host" }, { jsonPath: ".spec.port" }];
    await define([{ name: "v2", schema, selectableFields }]);
    const host1 = await client.watch(
      `${collection("v2")}?watch=true&fieldSelector=spec.host%3Dhost1`,
    );
    for (const [name, host, port] of [
      ["name1", "host1", "80"],
      ["name2", "host1", "8080"],
      ["name3", "host2", "80"],
    ] as const)
      await json("POST", collection("v2"), {
        apiVersion: `${group}/v2`,
        kind: "Noxu",
        metadata: { name },
        spec: { host, port },
      });
    const list = async (selector: string) =>
      (
        await client.list(`${collection("v2")}?fieldSelector=${encodeURIComponent(selector)}`)
      ).items.map(({ metadata }) => metadata.name);
    assert.deepEqual(await list("spec.host=host1"), ["name1", "name2"]);
    assert.deepEqual(await list("spec.port=80"), ["name1", "name3"]);
    assert.deepEqual(await list("spec.host=host1,spec.port=80"), ["name1"]);
    await client.delete(`${collection("v2")}?fieldSelector=spec.host%3Dhost1,spec.port%3D80`);
    await client.patch(`${collection("v2")}/name2`, { spec: { host: "host9" } });
    await new Promise(setImmediate);
    assert.deepEqual(host1.summary(), [
      "ADDED name1",
      "ADDED name2",
      "DELETED name1",
      "DELETED name2",
    ]);
  });

  /** Applies YAML with strict field validation. @returns the answer as one line */
  const apply = (spec: string, more = "", schema: Json | undefined = undefined) =>
    define([{ name: "v1beta1", ...(schema ? { schema } : {}) }], { scope: "Cluster" }).then(() =>
      client.cluster.line(
        "PATCH",
        `/apis/${group}/v1beta1/noxus/mytest?fieldManager=field_validation_mgr&fieldValidation=Strict`,
        {
          contentType: "application/apply-patch+yaml",
          body: `
apiVersion: ${group}/v1beta1
kind: Noxu
metadata:
  name: mytest
${more}  finalizers:
  - test-finalizer
spec:
${spec}  cronSpec: "* * * * */5"
  ports:
  - name: x
    containerPort: 80
    protocol: TCP`,
        },
      ),
    );
  const checked = { type: "object", properties: { spec: sub } };
  const preserved = {
    type: "object",
    properties: {
      spec: {
        ...sub,
        "x-kubernetes-preserve-unknown-fields": true,
        properties: {
          ...sub.properties,
          template: {
            type: "object",
            "x-kubernetes-embedded-resource": true,
            properties: {
              metadata: { type: "object", properties: { name: { type: "string" } } },
              spec: { type: "object" },
            },
          },
        },
      },
    },
  };
  for (const [claim, spec, more, schema, expected] of [
    [
      "should create/apply a valid CR for CRD with validation schema",
      "  foo: foo1\n",
      "",
      checked,
      /^201 Noxu$/,
    ],
    [
      "should create/apply a CR with unknown fields for CRD with no validation schema",
      "  unknown: uk1\n",
      "",
      undefined,
      /^201 Noxu$/,
    ],
    [
      "should create/apply an invalid CR with extra properties for CRD with validation schema",
      "  foo: foo1\n  unknownField: unknown\n",
      "",
      checked,
      /^500 .*\.spec\.unknownField: field not declared in schema/,
    ],
    [
      "should detect unknown metadata fields in both the root and embedded object of a CR",
      "  template:\n    apiversion: foo/v1\n    kind: Sub\n    metadata:\n        unknownSubMeta: unknown\n        name: subobject\n        namespace: default\n  foo: foo1\n",
      "  unknownMeta: unknown\n",
      preserved,
      /\.spec\.template\.metadata\.unknownSubMeta: field not declared in schema/,
    ],
    [
      "should detect duplicates in a CR when preserving unknown fields",
      "  unknown: uk1\n  foo: foo1\n  foo: foo2\n",
      "",
      preserved,
      /line 11: key "foo" already set in map/,
    ],
  ] as const)
    it(`FieldValidation ${claim}`, async () => {
      assert.match(await apply(spec, more, schema), expected);
    });
});
