// What nodes and Pods use, as metrics.k8s.io tells it, in a cluster whose machines are simulated.
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { NodeMetrics, PodMetrics } from "../../../../src/api/kinds/metrics/kinds.ts";
import { Pod } from "../../../../src/api/kinds/pod/kind.ts";
import { amountOf, milliValueOf } from "../../../../src/api/quantity.ts";
import type { Container } from "../../../../src/api/types.ts";
import { minute, second } from "../../../../src/base/time.ts";
import { uniformCluster } from "../../../../src/engine/defaultCluster.ts";
import { Engine } from "../../../../src/engine/engine.ts";

describe("metrics.k8s.io", () => {
  const spec = { ...uniformCluster(1), hasMetricsServer: true };
  const engine = new Engine({ now: Date.UTC(2026, 0, 31), seed: 1, spec });
  const client = engine.client("kubernetes-admin");
  const keyOf = (name: string) => ({ namespace: "default", name });

  function run(name: string, container: Omit<Container, "name">): void {
    client.create(Pod, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "default", labels: { app: name } },
      spec: { containers: [{ name: "main", ...container }] },
    });
  }

  before(() => {
    engine.clock.run(20 * second);
    run("idle", { image: "nginx" });
    run("stress", { image: "polinux/stress", command: ["stress"], args: ["--cpu", "1"] });
    const limits = { cpu: "250m" };
    const script = "while true; do :; done";
    const command = ["sh", "-c", script];
    run("throttled", { image: "busybox", command, resources: { limits } });
  });

  it("knows nothing of a Pod before two scrapes", () => {
    engine.clock.run(5 * second);
    throws(() => client.get(PodMetrics, keyOf("idle")), {
      message: 'podmetrics.metrics.k8s.io "default/idle" not found',
    });
    throws(() => client.get(PodMetrics, keyOf("none")), { message: 'pods "none" not found' });
  });

  it("tells what containers use, within their limits", () => {
    engine.clock.run(2 * minute);
    const cpu = (name: string): number => {
      const [container] = client.get(PodMetrics, keyOf(name)).containers;
      return milliValueOf(amountOf(container?.usage.cpu ?? "0"));
    };
    ok(cpu("idle") <= 1, "a server that nobody asks");
    ok(cpu("stress") > 900 && cpu("stress") <= 1_000, "a worker has a core");
    ok(cpu("throttled") > 220 && cpu("throttled") <= 250, "a loop has what its limit leaves it");
  });

  it("lists what a selector selects, and what a node runs", () => {
    const { items } = client.list(PodMetrics, { namespace: "default", labelSelector: "app=idle" });
    deepEqual(
      items.map(({ metadata }) => metadata.name),
      ["idle"],
    );
    equal(items[0]?.window, "15s");
    const nodes = client.list(NodeMetrics).items;
    deepEqual(
      nodes.map(({ metadata }) => metadata.name),
      ["control-plane", "worker-1"],
    );
    const worker = nodes[1];
    ok(milliValueOf(amountOf(worker?.usage.cpu ?? "0")) > 1_100);
  });
});
