import assert from "node:assert/strict";
import { afterResult, newProbeState } from "../../../src/engine/node/probes.ts";
import { TestCluster } from "./testCluster.ts";

const agnhost = "registry.k8s.io/e2e-test-images/agnhost:2.40";

describe("probe thresholds", () => {
  const probe = { failureThreshold: 3, successThreshold: 2 };
  for (const [claim, type, results, expected] of [
    ["readiness begins as not ready", "readiness", "", "failure"],
    ["one success is too few", "readiness", "s", "failure"],
    ["two successes in a row are ready", "readiness", "ss", "success"],
    ["a failure between starts the count anew", "readiness", "sfs", "failure"],
    ["two failures change nothing", "readiness", "ssff", "success"],
    ["three make it unready", "readiness", "ssfff", "failure"],
    ["liveness begins as alive", "liveness", "", "success"],
    ["liveness fails at the third failure", "liveness", "fff", "failure"],
    ["startup is unknown until then", "startup", "ff", "unknown"],
  ] as const)
    it(claim, () => {
      let state = newProbeState(type);
      for (const letter of results)
        state = afterResult(state, letter === "s" ? "success" : "failure", { type, probe });
      assert.equal(state.settled, expected);
    });
});

describe("probes", () => {
  it("the documentation's liveness example is killed about twenty seconds in", () => {
    const cluster = new TestCluster();
    cluster.create("liveness", {
      image: agnhost,
      args: ["liveness"],
      livenessProbe: {
        httpGet: { path: "/healthz", port: 8080 },
        initialDelaySeconds: 3,
        periodSeconds: 3,
      },
    });
    cluster.run(30);
    const events = cluster.events("liveness");
    assert.ok(
      events.includes(
        "Unhealthy: Liveness probe failed: HTTP probe failed with statuscode: 500 (x3)",
      ),
      events.join("\n"),
    );
    assert.ok(events.includes("Killing: Container app failed liveness probe, will be restarted"));
    const killed = cluster.steps("liveness").find((step) => step.endsWith("killing"));
    assert.equal(killed, "21.006 app killing");
    assert.equal(cluster.pod("liveness").status?.containerStatuses?.[0]?.restartCount, 1);
  });

  it("an exec probe finds the file gone", () => {
    const cluster = new TestCluster();
    cluster.create("exec", {
      image: "registry.k8s.io/busybox:1.27.2",
      args: ["/bin/sh", "-c", "touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600"],
      livenessProbe: {
        exec: { command: ["cat", "/tmp/healthy"] },
        initialDelaySeconds: 5,
        periodSeconds: 5,
      },
    });
    cluster.run(50);
    const events = cluster.events("exec");
    assert.ok(
      events.includes(
        "Unhealthy: Liveness probe failed: cat: can't open '/tmp/healthy': No such file or directory\n (x3)",
      ),
      events.join("\n"),
    );
  });

  it("a port that nobody serves keeps a Pod unready, not from running", () => {
    const cluster = new TestCluster();
    cluster.create("web", {
      readinessProbe: { httpGet: { path: "/", port: 8080 }, periodSeconds: 5 },
    });
    cluster.run(15);
    const { status } = cluster.pod("web");
    assert.equal(status?.phase, "Running");
    const ready = status?.conditions?.find(({ type }) => type === "Ready");
    assert.equal(ready?.message, "containers with unready status: [app]");
    assert.match(
      cluster.events("web").at(-1) ?? "",
      /^Unhealthy: Readiness probe failed: Get "http:\/\/10.244.0.2:8080\/": dial tcp 10.244.0.2:8080: connect: connection refused/,
    );
  });

  it("readiness waits for the startup probe", () => {
    const cluster = new TestCluster();
    cluster.create("db", {
      image: "mysql:8.4",
      env: [{ name: "MYSQL_ROOT_PASSWORD", value: "secret" }],
      startupProbe: { tcpSocket: { port: 3306 }, periodSeconds: 2, failureThreshold: 30 },
      readinessProbe: { exec: { command: ["mysqladmin", "ping"] }, periodSeconds: 2 },
    });
    cluster.run(10);
    assert.equal(cluster.pod("db").status?.containerStatuses?.[0]?.started, false);
    cluster.run(10);
    const status = cluster.pod("db").status?.containerStatuses?.[0];
    assert.deepEqual([status?.started, status?.ready], [true, true]);
  });

  it("a probe that can only succeed costs the clock nothing", () => {
    const cluster = new TestCluster();
    cluster.create("web", {
      readinessProbe: { httpGet: { path: "/", port: 80 } },
      livenessProbe: { httpGet: { path: "/", port: 80 }, periodSeconds: 1 },
    });
    cluster.run(60);
    assert.equal(cluster.status("web"), "Running");
    assert.equal(cluster.pod("web").status?.containerStatuses?.[0]?.restartCount, 0);
  });
});
