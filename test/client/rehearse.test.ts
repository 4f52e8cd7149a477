// What a server says of an object that is not there yet, and of a change, while nothing happens.
import assert from "node:assert/strict";
import { KindRegistry } from "../../src/api/kind.ts";
import { ConfigMap } from "../../src/api/kinds/configMap.ts";
import { Deployment } from "../../src/api/kinds/deployment.ts";
import { builtInKinds } from "../../src/api/kinds/index.ts";
import { LimitRange } from "../../src/api/kinds/limitRange.ts";
import { Pod } from "../../src/api/kinds/pod/kind.ts";
import type { KubeObject } from "../../src/api/object.ts";
import { applyAll, failureText } from "../../src/client/apply.ts";
import { rehearse } from "../../src/client/rehearse.ts";
import { parseManifest } from "../../src/language/manifest.ts";
import { openTestCluster, type TestCluster } from "../support/engineCluster.ts";

const objectIn = (text: string): KubeObject =>
  parseManifest(text)[0]?.value as unknown as KubeObject;

const pod = (more = ""): KubeObject =>
  objectIn(
    `apiVersion: v1\nkind: Pod\nmetadata: {name: web${more}}\nspec: {containers: [{name: c, image: nginx}]}\n`,
  );

const deployment = (label: string): KubeObject =>
  objectIn(
    `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {selector: {matchLabels: {app: ${label}}}, template: {metadata: {labels: {app: ${label}}}, spec: {containers: [{name: c, image: nginx}]}}}\n`,
  );

describe("a rehearsal", () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await openTestCluster();
    await cluster.simulator.step(5_000);
  });
  afterEach(() => cluster.dispose());

  it("tells what the server would store, defaults and admission included, and stores nothing", async () => {
    const limits = objectIn(
      "apiVersion: v1\nkind: LimitRange\nmetadata: {name: l, namespace: default}\nspec: {limits: [{type: Container, default: {cpu: 300m}}]}\n",
    );
    await cluster.client.create(LimitRange, limits as never);
    const { stored, live } = await rehearse(cluster.client, Pod, pod());
    const { spec } = stored as unknown as {
      readonly spec: { readonly containers: readonly { readonly resources: unknown }[] };
    };
    assert.deepEqual(spec.containers[0]?.resources, {
      limits: { cpu: "300m" },
      requests: { cpu: "300m" },
    });
    assert.equal(live, undefined);
    assert.deepEqual((await cluster.client.list(Pod, { namespace: "default" })).items, []);
  });

  it("refuses what admission refuses", async () => {
    await assert.rejects(
      rehearse(cluster.client, Pod, pod(", namespace: none")),
      (error: Error) => {
        assert.equal(failureText(error), 'namespaces "none" not found');
        return true;
      },
    );
  });

  it("refuses a change of what may not change", async () => {
    await applyAll(cluster.client, new KindRegistry(builtInKinds), [deployment("web")]);
    await assert.rejects(
      rehearse(cluster.client, Deployment, deployment("shop")),
      (error: Error) => {
        assert.match(failureText(error), /spec.selector: Invalid value: .*: field is immutable/);
        return true;
      },
    );
  });

  it("tells what is there now beside what would be", async () => {
    const map = (color: string): KubeObject =>
      objectIn(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {color: ${color}}\n`);
    await applyAll(cluster.client, new KindRegistry(builtInKinds), [map("red")]);
    const { stored, live } = await rehearse(cluster.client, ConfigMap, map("blue"));
    const colorOf = (object?: KubeObject) => (object as { data?: { color: string } })?.data?.color;
    assert.deepEqual([colorOf(live), colorOf(stored)], ["red", "blue"]);
  });

  it("leaves no trace in the timeline", async () => {
    await rehearse(cluster.client, Pod, pod());
    const aborter = new AbortController();
    for await (const batch of cluster.timeline.events(1, aborter.signal)) {
      aborter.abort();
      const targets = batch.flatMap((event) =>
        event.type === "request" ? [event.target.name] : [],
      );
      assert.ok(!targets.includes("web"));
    }
  });
});
