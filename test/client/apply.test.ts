import assert from "node:assert/strict";
import { KindRegistry } from "../../src/api/kind.ts";
import { ConfigMap } from "../../src/api/kinds/configMap.ts";
import { Deployment } from "../../src/api/kinds/deployment.ts";
import { builtInKinds } from "../../src/api/kinds/index.ts";
import { Service } from "../../src/api/kinds/service.ts";
import type { KubeObject } from "../../src/api/object.ts";
import { applyAll, deleteAll, failureText, type Result } from "../../src/client/apply.ts";
import { openTestCluster, type TestCluster } from "../support/engineCluster.ts";

const kinds = new KindRegistry(builtInKinds);
const key = (name: string) => ({ namespace: "default", name });

describe("apply", () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await openTestCluster();
  });
  afterEach(() => cluster.dispose());

  const apply = async (...objects: unknown[]) =>
    texts(await applyAll(cluster.client, kinds, objects as KubeObject[]));
  const remove = async (...objects: unknown[]) =>
    texts(await deleteAll(cluster.client, kinds, objects as KubeObject[]));

  it("creates, leaves alone what is the same, and configures what differs", async () => {
    assert.deepEqual(await apply(map({ a: "1" })), ["configmap/settings created"]);
    assert.deepEqual(await apply(map({ a: "1" })), ["configmap/settings unchanged"]);
    assert.deepEqual(await apply(map({ a: "2" })), ["configmap/settings configured"]);
    const { data } = await cluster.client.get(ConfigMap, key("settings"));
    assert.deepEqual(data, { a: "2" });
  });

  it("drops a field that the manifest had before, and keeps one that somebody else set", async () => {
    await apply(map({ a: "1", b: "2" }));
    await cluster.client.patch(ConfigMap, key("settings"), {
      type: "merge",
      body: { data: { other: "x" } },
    });
    await apply(map({ a: "1" }));
    const { data } = await cluster.client.get(ConfigMap, key("settings"));
    assert.deepEqual(data, { a: "1", other: "x" });
  });

  it("remembers what it applied as kubectl does", async () => {
    await apply(map({ html: "<b>&</b>" }));
    const { metadata } = await cluster.client.get(ConfigMap, key("settings"));
    assert.equal(
      metadata.annotations?.["kubectl.kubernetes.io/last-applied-configuration"],
      '{"apiVersion":"v1","data":{"html":"\\u003cb\\u003e\\u0026\\u003c/b\\u003e"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"settings","namespace":"default"}}\n',
    );
  });

  it("merges lists by their key: a defaulted field of a container stays", async () => {
    await apply(deployment({ image: "nginx:1.26", replicas: 1 }));
    assert.deepEqual(await apply(deployment({ image: "nginx:1.26", replicas: 1 })), [
      "deployment.apps/web unchanged",
    ]);
    assert.deepEqual(await apply(deployment({ image: "nginx:1.27", replicas: 2 })), [
      "deployment.apps/web configured",
    ]);
    const { spec } = await cluster.client.get(Deployment, key("web"));
    const [container] = spec.template.spec?.containers ?? [];
    assert.equal(spec.replicas, 2);
    assert.equal(container?.image, "nginx:1.27");
    assert.equal(container?.terminationMessagePath, "/dev/termination-log");
  });

  it("removes an item of a keyed list that the manifest lost", async () => {
    await apply(service([80, 443]));
    assert.deepEqual(await apply(service([443])), ["service/web configured"]);
    const { spec } = await cluster.client.get(Service, key("web"));
    assert.deepEqual(
      spec?.ports?.map(({ port }) => port),
      [443],
    );
  });

  it("keeps the replicas that a manifest without replicas never set", async () => {
    await apply(deployment({ image: "nginx:1.27" }));
    await cluster.client.patch(Deployment, key("web"), {
      type: "merge",
      body: { spec: { replicas: 5 } },
    });
    assert.deepEqual(await apply(deployment({ image: "nginx:1.28" })), [
      "deployment.apps/web configured",
    ]);
    assert.equal((await cluster.client.get(Deployment, key("web"))).spec.replicas, 5);
  });

  for (const [claim, object, expected] of [
    [
      "a kind that the server does not have",
      { apiVersion: "demo.io/v1", kind: "Dog", metadata: { name: "rex" } },
      'Dog/rex failed: no matches for kind "Dog" in version "demo.io/v1"',
    ],
    [
      "a namespace that does not exist",
      { ...map({}), metadata: { name: "settings", namespace: "nowhere" } },
      'configmap/settings failed: namespaces "nowhere" not found',
    ],
    [
      "a field that the kind does not have",
      { ...map({}), dato: {} },
      'configmap/settings failed: ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dato"',
    ],
  ] as const)
    it(`fails in the server's words for ${claim}`, async () =>
      assert.deepEqual(await apply(object), [expected]));

  it("goes on after a failure, and stops when it is told to", async () => {
    const bad = { apiVersion: "v1", kind: "Nope", metadata: { name: "x" } };
    assert.equal((await apply(bad, map({ a: "1" })))[1], "configmap/settings created");
    const stop = new AbortController();
    const results = await applyAll(
      cluster.client,
      kinds,
      [service([80]), map({ a: "2" })] as KubeObject[],
      { signal: stop.signal, onResult: () => stop.abort() },
    );
    assert.deepEqual(texts(results), ["service/web created"]);
  });

  it("deletes what is there and says what is not", async () => {
    await apply(map({ a: "1" }));
    assert.deepEqual(await remove(map({ a: "1" }), service([80])), [
      "configmap/settings deleted",
      "service/web notFound",
    ]);
  });
});

function texts(results: readonly Result<string>[]): readonly string[] {
  return results.map(({ name, outcome, error }) =>
    error ? `${name} ${outcome}: ${failureText(error)}` : `${name} ${outcome}`,
  );
}

function map(data: Record<string, string>) {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" }, data };
}

function service(ports: readonly number[]) {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web" },
    spec: {
      selector: { app: "web" },
      ports: ports.map((port) => ({ name: `p${port}`, port })),
    },
  };
}

function deployment({ image, replicas }: { image: string; replicas?: number }) {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: {
      ...(replicas === undefined ? {} : { replicas }),
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "web", image }] },
      },
    },
  };
}
