import assert from "node:assert/strict";
import { Pod } from "../../src/api/kinds/pod/kind.ts";
import type { Pod as PodObject } from "../../src/api/types.ts";
import { second } from "../../src/base/time.ts";
import { defaultCluster } from "../../src/engine/defaultCluster.ts";
import { Engine } from "../../src/engine/engine.ts";
import { configureScheduler } from "../../src/engine/host/schedulerPolicy.ts";

const head = "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n";

function makeEngine(): Engine {
  const engine = new Engine({ now: Date.UTC(2026, 0, 31, 9), seed: 1, spec: defaultCluster });
  engine.clock.run(5 * second);
  return engine;
}

function pod(name: string, schedulerName: string): PodObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: { schedulerName, containers: [{ name: "app", image: "nginx:1.27" }] },
  };
}

describe("kube-scheduler's policy", () => {
  it("is applied live, and what was decided before is explained by the policy of its time", () => {
    const engine = makeEngine();
    const client = engine.client("kubernetes-admin");
    client.create(Pod, pod("early", "default-scheduler"));
    client.create(Pod, pod("later", "packer"));
    engine.clock.run(2 * second);
    const nodeOf = (name: string) => client.get(Pod, { namespace: "default", name }).spec.nodeName;
    assert.ok(nodeOf("early"));
    assert.equal(nodeOf("later"), undefined);
    const text = `${head}profiles: [{schedulerName: default-scheduler}, {schedulerName: packer, plugins: {score: {disabled: [{name: ImageLocality}]}}}]`;
    assert.deepEqual(configureScheduler(engine, text), []);
    engine.clock.run(2 * second);
    assert.ok(nodeOf("later"));
    const attempts = engine.trace.since(1).filter((event) => event.type === "schedule");
    const columns = attempts.map(({ id, pod: { name } }) => [
      name,
      engine.explain(id)?.scorePlugins.includes("ImageLocality"),
    ]);
    assert.deepEqual(columns, [
      ["early", true],
      ["later", false],
    ]);
  });

  for (const [claim, text, expected] of [
    ["YAML that is none", "a: [", /^Flow sequence in block collection/],
    ["another kind", "kind: Pod\napiVersion: v1", /no kind "Pod" is registered/],
    [
      "an unknown plugin",
      `${head}profiles: [{plugins: {filter: {enabled: [{name: X}]}}}]`,
      /"X" does not exist/,
    ],
  ] as const)
    it(`refuses ${claim} and goes on as before`, () => {
      const engine = makeEngine();
      assert.match(configureScheduler(engine, text).join(), expected);
      const client = engine.client("kubernetes-admin");
      client.create(Pod, pod("web", "default-scheduler"));
      engine.clock.run(2 * second);
      assert.ok(client.get(Pod, { namespace: "default", name: "web" }).spec.nodeName);
    });
});
