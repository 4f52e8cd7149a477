// Custom resources whose versions a webhook converts. The webhook is the one of Kubernetes' own
// conformance tests: v1 has "hostPort", v2 has "host" and "port".
import assert from "node:assert/strict";
import type { KubeObject } from "../../../../src/api/object.ts";
import { HttpCluster, Reader } from "../../../support/httpCluster.ts";

type Json = Readonly<Record<string, unknown>>;
interface Review {
  readonly apiVersion: string;
  readonly request: {
    readonly uid: string;
    readonly desiredAPIVersion: string;
    readonly objects: Json[];
  };
}

const group = "stable.example.com";
const name = `e2es.${group}`;
const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const text = { type: "string" };
const at = (version: string) => `/apis/${group}/${version}/namespaces/default/e2es`;

const definition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name },
  spec: {
    group,
    scope: "Namespaced",
    names: { plural: "e2es", singular: "e2e", kind: "E2e", listKind: "E2eList" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", properties: { hostPort: text } } },
      },
      {
        name: "v2",
        served: true,
        storage: false,
        schema: { openAPIV3Schema: { type: "object", properties: { host: text, port: text } } },
      },
    ],
    conversion: {
      strategy: "Webhook",
      webhook: {
        clientConfig: { url: "https://127.0.0.1:1/crdconvert" },
        conversionReviewVersions: ["v1", "v1beta1"],
      },
    },
  },
};

function convert({ host, port, hostPort, ...rest }: Json, apiVersion: string): Json {
  if (apiVersion.endsWith("/v1")) return { ...rest, apiVersion, hostPort: `${host}:${port}` };
  const [first, second] = String(hostPort).split(":");
  return { ...rest, apiVersion, host: first, port: second };
}

/** A cluster with the definition; `respond` makes the webhook's response. */
async function scene(respond: (review: Review) => Json = converted) {
  const cluster = new HttpCluster();
  const asked: Review[] = [];
  cluster.webhook = async ({ url, body }) => {
    const review = JSON.parse(body) as Review;
    assert.equal(url, "https://127.0.0.1:1/crdconvert?timeout=30s");
    asked.push(review);
    const response = { uid: review.request.uid, ...respond(review) };
    return {
      status: 200,
      body: JSON.stringify({ apiVersion: review.apiVersion, kind: "ConversionReview", response }),
    };
  };
  assert.equal((await cluster.json("POST", definitions, { body: definition })).code, 201);
  cluster.engine.clock.run(200);
  return { cluster, asked };
}

function converted({ request }: Review): Json {
  const objects = request.objects.map((object) => convert(object, request.desiredAPIVersion));
  return { result: { status: "Success" }, convertedObjects: objects };
}

function create(cluster: HttpCluster, version: "v1" | "v2", more: Json) {
  const body = {
    apiVersion: `${group}/${version}`,
    kind: "E2e",
    metadata: { name: version },
    ...more,
  };
  return cluster.json("POST", at(version), { body });
}

const fields = ({ apiVersion, hostPort, host, port }: Json) => ({
  apiVersion,
  hostPort,
  host,
  port,
});

describe("conversion webhooks", () => {
  it("CustomResourceConversionWebhook [Privileged:ClusterAdmin] should be able to convert from CR v1 to CR v2", async () => {
    const { cluster, asked } = await scene();
    await create(cluster, "v1", { hostPort: "localhost:8080" });
    assert.equal(asked.length, 0, "what is kept as it came is not converted");
    const { body } = await cluster.json("GET", `${at("v2")}/v1`);
    assert.deepEqual(fields(body as Json), {
      apiVersion: `${group}/v2`,
      hostPort: undefined,
      host: "localhost",
      port: "8080",
    });
    const [{ apiVersion, request } = assert.fail()] = asked;
    assert.equal(apiVersion, "apiextensions.k8s.io/v1");
    assert.equal(request.desiredAPIVersion, `${group}/v2`);
    assert.equal((request.objects[0] as unknown as KubeObject).metadata.name, "v1");
  });

  it("CustomResourceConversionWebhook [Privileged:ClusterAdmin] should be able to convert a non homogeneous list of CRs", async () => {
    const { cluster } = await scene();
    await create(cluster, "v1", { hostPort: "localhost:8080" });
    const body = [
      { op: "replace", path: "/spec/versions/1/storage", value: true },
      { op: "replace", path: "/spec/versions/0/storage", value: false },
    ];
    const contentType = "application/json-patch+json";
    await cluster.json("PATCH", `${definitions}/${name}`, { body, contentType });
    cluster.engine.clock.run(200);
    await create(cluster, "v2", { host: "local", port: "80" });
    for (const [version, expected] of [
      ["v1", [{ hostPort: "localhost:8080" }, { hostPort: "local:80" }]],
      [
        "v2",
        [
          { host: "localhost", port: "8080" },
          { host: "local", port: "80" },
        ],
      ],
    ] as const) {
      const { body: list } = await cluster.json("GET", at(version));
      const { items } = list as { items: Json[] };
      const apiVersion = `${group}/${version}`;
      assert.deepEqual(
        items.map((item) => JSON.parse(JSON.stringify(fields(item)))),
        expected.map((item) => ({ apiVersion, ...item })),
      );
    }
  });

  it("convert what is written in a version that is not kept", async () => {
    const { cluster } = await scene();
    assert.equal((await create(cluster, "v2", { host: "a", port: "1" })).code, 201);
    const { body: kept } = await cluster.json("GET", `${at("v1")}/v2`);
    assert.equal((kept as Json).hostPort, "a:1");
    const contentType = "application/merge-patch+json";
    const { body } = await cluster.json("PATCH", `${at("v2")}/v2`, {
      body: { port: "2" },
      contentType,
    });
    assert.deepEqual([(body as Json).host, (body as Json).port], ["a", "2"]);
    const { body: changed } = await cluster.json("GET", `${at("v1")}/v2`);
    assert.equal((changed as Json).hostPort, "a:2");
  });

  it("convert what watchers see, in order", async () => {
    const { cluster } = await scene();
    await create(cluster, "v1", { hostPort: "a:1" });
    const reader = new Reader();
    await cluster.watch(`${at("v2")}?watch=true`, reader);
    const contentType = "application/merge-patch+json";
    for (const port of ["2", "3"])
      await cluster.json("PATCH", `${at("v1")}/v1`, {
        body: { hostPort: `a:${port}` },
        contentType,
      });
    await cluster.json("DELETE", `${at("v1")}/v1`);
    for (let i = 0; i < 20; i++) await new Promise(setImmediate);
    assert.deepEqual(
      reader.frames().map(({ type, object }) => `${type} ${(object as unknown as Json).port}`),
      ["ADDED 1", "MODIFIED 2", "MODIFIED 3", "DELETED 3"],
    );
    cluster.dispose();
  });

  const subject = "conversion webhook for stable.example.com/v1, Kind=E2e";
  for (const [claim, response, message] of [
    ["with a reason", { result: { status: "Failure", message: "no" } }, "failed: no"],
    [
      "without one",
      { result: { status: "Failure" } },
      "failed: response.result.status was 'Failure', not 'Success'",
    ],
    [
      "of another request",
      { uid: "x" },
      'failed: expected response.uid="00000000-0000-0000-0000-000000000004", got "x"',
    ],
    ["with nothing", { result: { status: "Success" } }, "returned 0 objects, expected 1"],
    [
      "with another version",
      { result: { status: "Success" }, convertedObjects: [{ apiVersion: "x/v2", kind: "E2e" }] },
      "returned invalid object at index 0: invalid groupVersion (expected stable.example.com/v2, received x/v2)",
    ],
    [
      "with another object",
      {
        result: { status: "Success" },
        convertedObjects: [{ apiVersion: `${group}/v2`, kind: "E2e", metadata: { name: "x" } }],
      },
      "returned invalid object: must have the same name: v1 != x",
    ],
  ] as const)
    it(`are told if they answer ${claim}`, async () => {
      const { cluster } = await scene(() => response);
      await create(cluster, "v1", { hostPort: "a:1" });
      const { code, body } = await cluster.json("GET", `${at("v2")}/v1`);
      const said = (body as { message: string }).message;
      assert.equal(code, 500);
      assert.equal(
        said.replace(/0{8}-.*?(?=")/, "00000000-0000-0000-0000-000000000004"),
        `${subject} ${message}`,
      );
    });

  it("are told if they do not answer", async () => {
    const { cluster } = await scene();
    await create(cluster, "v1", { hostPort: "a:1" });
    cluster.webhook = new HttpCluster().webhook;
    assert.equal(
      await cluster.line("GET", `${at("v2")}/v1`),
      `500  ${subject} failed: Post "https://127.0.0.1:1/crdconvert?timeout=30s": dial tcp 127.0.0.1:1: connect: connection refused`,
    );
  });
});
