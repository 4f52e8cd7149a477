// An autoscaler in a whole cluster: it grows with the load, and says what it cannot tell.
import { deepEqual, equal, ok } from "node:assert/strict";
import { Deployment } from "../../../src/api/kinds/deployment.ts";
import { Event } from "../../../src/api/kinds/event.ts";
import { HorizontalPodAutoscaler } from "../../../src/api/kinds/horizontalPodAutoscaler.ts";
import type { Container } from "../../../src/api/types.ts";
import { minute } from "../../../src/base/time.ts";
import { uniformCluster } from "../../../src/engine/defaultCluster.ts";
import { Engine } from "../../../src/engine/engine.ts";

function cluster(container: Omit<Container, "name">, hasMetricsServer = true) {
  const spec = { ...uniformCluster(2), hasMetricsServer };
  const engine = new Engine({ now: Date.UTC(2026, 0, 31), seed: 1, spec });
  const client = engine.client("kubernetes-admin");
  engine.clock.run(minute);
  const namespace = "default";
  const labels = { app: "web" };
  client.create(Deployment, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { name: "", labels },
        spec: { containers: [{ name: "main", ...container }] },
      },
    },
  });
  client.create(HorizontalPodAutoscaler, {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "web", namespace },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      maxReplicas: 5,
    },
  });
  const key = { namespace, name: "web" };
  return {
    clock: engine.clock,
    replicas: () => client.get(Deployment, key).spec.replicas,
    conditions: () =>
      Object.fromEntries(
        (client.get(HorizontalPodAutoscaler, key).status?.conditions ?? []).map(
          ({ type, status, reason, message }) => [type, [status, reason, message]],
        ),
      ),
    status: () => client.get(HorizontalPodAutoscaler, key).status,
    events: () =>
      client
        .list(Event, { namespace })
        .items.filter(({ involvedObject }) => involvedObject.kind === "HorizontalPodAutoscaler")
        .map(({ reason, message }) => `${reason}: ${message}`),
  };
}

const busy: Omit<Container, "name"> = {
  image: "polinux/stress",
  command: ["stress"],
  args: ["--cpu", "1"],
  resources: { requests: { cpu: "200m" }, limits: { cpu: "500m" } },
};

describe("horizontal-pod-autoscaler", () => {
  it("adds Pods while they are busy, up to the most that are allowed", () => {
    const scene = cluster(busy);
    scene.clock.run(5 * minute);
    equal(scene.replicas(), 5);
    equal(scene.conditions().ScalingLimited?.[1], "TooManyReplicas");
    ok((scene.status()?.currentMetrics?.[0]?.resource?.current.averageUtilization ?? 0) > 200);
    // The reading sways around three times the target.
    const rescale =
      /^SuccessfulRescale: New size: [34]; reason: cpu resource utilization \(percentage of request\) above target$/;
    ok(scene.events().some((event) => rescale.test(event)));
  });

  it("leaves an idle server at its least", () => {
    const scene = cluster({ image: "nginx", resources: { requests: { cpu: "100m" } } });
    scene.clock.run(10 * minute);
    equal(scene.replicas(), 1);
    deepEqual(scene.conditions().ScalingActive, [
      "True",
      "ValidMetricFound",
      "the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)",
    ]);
  });

  it("says that there are no metrics", () => {
    const scene = cluster(busy, false);
    scene.clock.run(2 * minute);
    deepEqual(scene.conditions().ScalingActive, [
      "False",
      "FailedGetResourceMetric",
      "the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)",
    ]);
  });
});
