import assert from "node:assert/strict";
import { Node as NodeKind } from "../../../src/api/kinds/node.ts";
import { Engine } from "../../../src/engine/engine.ts";
import type { StoreEvent } from "../../../src/engine/store/entry.ts";
import { recordingBackend } from "../../support/recordingBackend.ts";
import { TestCluster, worker } from "./testCluster.ts";

describe("a Pod is deleted", () => {
  it("a server stops on SIGTERM and is gone about a second later", () => {
    const cluster = new TestCluster();
    cluster.create("web", {});
    cluster.run(5);
    cluster.delete("web");
    assert.deepEqual(
      cluster.watch("web", 3).map((line) => line.replace(/^\S+ /, "")),
      ["Terminating", "Completed", "gone"],
    );
    assert.equal(cluster.events("web").at(-1), "Killing: Stopping container app");
    assert.deepEqual(cluster.steps("web").slice(-4), [
      "5.002 app killing",
      "5.042 app exited",
      "5.192 app unready",
      "6.3 pod removed",
    ]);
  });

  it("a shell as PID 1 pays no heed and is killed after the grace period", () => {
    const cluster = new TestCluster();
    cluster.create("slow", { image: "busybox", command: ["sleep", "3600"] });
    cluster.run(5);
    cluster.delete("slow");
    cluster.run(29);
    assert.equal(cluster.status("slow"), "Terminating");
    cluster.run(4);
    assert.equal(cluster.status("slow"), "gone");
    assert.ok(cluster.steps("slow").includes("35.002 app exited"));
  });

  it("a shorter grace period counts from the second request", () => {
    const cluster = new TestCluster();
    cluster.create("slow", { image: "busybox", command: ["sleep", "3600"] });
    cluster.run(5);
    cluster.delete("slow");
    cluster.run(5);
    cluster.delete("slow", 2);
    cluster.run(4);
    assert.equal(cluster.status("slow"), "gone");
  });

  it("a preStop hook takes its part of the grace period", () => {
    const cluster = new TestCluster();
    cluster.create("web", { lifecycle: { preStop: { sleep: { seconds: 8 } } } });
    cluster.run(5);
    cluster.delete("web");
    cluster.run(20);
    assert.ok(cluster.steps("web").includes("13.042 app exited"), cluster.steps("web").join("\n"));
  });

  it("by force it is gone at once, and its container stops later", () => {
    const cluster = new TestCluster();
    cluster.create(
      "slow",
      { image: "busybox", command: ["sleep", "3600"] },
      {
        terminationGracePeriodSeconds: 10,
      },
    );
    cluster.run(5);
    cluster.delete("slow", 0);
    assert.equal(cluster.status("slow"), "gone");
    cluster.run(20);
    assert.ok(
      cluster.steps("slow").includes("15.002 app exited"),
      cluster.steps("slow").join("\n"),
    );
  });

  it("while its image is pulled, the pull is given up", () => {
    const cluster = new TestCluster();
    cluster.create("big", { image: "python:3.13" });
    cluster.run(2);
    cluster.delete("big");
    cluster.run(3);
    assert.equal(cluster.status("big"), "gone");
    cluster.create("next", {});
    cluster.run(6);
    assert.equal(cluster.status("next"), "Running");
  });
});

describe("a machine loses power", () => {
  const off = { type: "powerOff", node: "node-1" } as const;

  it("nobody is told; when it is back, its containers start anew under another address", () => {
    const cluster = new TestCluster();
    cluster.create("web", {});
    cluster.run(5);
    cluster.engine.faults.inject(off);
    cluster.run(20);
    assert.equal(cluster.status("web"), "Running");
    cluster.engine.faults.heal(off);
    cluster.run(5);
    const { status } = cluster.pod("web");
    const container = status?.containerStatuses?.[0];
    assert.equal(container?.restartCount, 1);
    const { exitCode, reason } = container?.lastState?.terminated ?? {};
    assert.deepEqual([exitCode, reason], [255, "Unknown"]);
    assert.ok(
      cluster
        .events("web")
        .includes("SandboxChanged: Pod sandbox changed, it will be killed and re-created."),
    );
    assert.equal(status?.podIP, "10.244.0.3");
    assert.equal(container?.ready, true);
  });

  it("its Lease is not renewed and its Node becomes Unknown", () => {
    const cluster = new TestCluster();
    cluster.engine.faults.inject(off);
    cluster.run(70);
    const ready = () =>
      cluster.client
        .get(NodeKind, { namespace: "", name: "node-1" })
        .status?.conditions?.find(({ type }) => type === "Ready")?.status;
    assert.equal(ready(), "Unknown");
    cluster.engine.faults.heal(off);
    cluster.run(5);
    assert.equal(ready(), "True");
    assert.ok(cluster.events("node-1").some((event) => event.startsWith("Rebooted: ")));
  });

  it("Pods deleted meanwhile stay until it is back", () => {
    const cluster = new TestCluster();
    cluster.create("web", {});
    cluster.run(5);
    cluster.engine.faults.inject(off);
    cluster.delete("web");
    cluster.run(40);
    assert.equal(cluster.status("web"), "Terminating");
    cluster.engine.faults.heal(off);
    cluster.run(3);
    assert.equal(cluster.status("web"), "gone");
  });
});

describe("the engine is restored from its store", () => {
  function restarted(cluster: TestCluster, events: readonly StoreEvent[]): TestCluster {
    const engine = new Engine({
      now: cluster.engine.clock.now(),
      seed: 8,
      spec: { machines: [worker] },
      history: { events, compactRevision: 0 },
    });
    return new TestCluster([], engine);
  }

  function recorded(): { cluster: TestCluster; events: StoreEvent[] } {
    const backend = recordingBackend();
    const { events } = backend;
    const now = Date.UTC(2026, 0, 1);
    const engine = new Engine({ now, seed: 7, spec: { machines: [worker] }, backend });
    return { cluster: new TestCluster([], engine), events };
  }

  it("running Pods go on running", () => {
    const { cluster, events } = recorded();
    cluster.create("web", {});
    cluster.run(5);
    const before = cluster.pod("web").status;
    const again = restarted(cluster, events);
    again.run(60);
    assert.deepEqual(again.pod("web").status, before);
    assert.ok(!again.events("node-1").some((event) => event.startsWith("Rebooted")));
  });

  it("one that was to end ends in time, and new Pods get other addresses", () => {
    const { cluster, events } = recorded();
    cluster.create(
      "job",
      { image: "busybox", command: ["sleep", "30"] },
      { restartPolicy: "Never" },
    );
    cluster.run(5);
    const again = restarted(cluster, events);
    again.create("web", {});
    again.run(10);
    assert.equal(again.pod("job").status?.phase, "Running");
    assert.notEqual(again.pod("web").status?.podIP, again.pod("job").status?.podIP);
    again.run(15);
    assert.equal(again.pod("job").status?.phase, "Succeeded");
  });

  it("one that was being deleted is gone soon", () => {
    const { cluster, events } = recorded();
    cluster.create(
      "slow",
      { image: "busybox", command: ["sleep", "3600"] },
      {
        terminationGracePeriodSeconds: 5,
      },
    );
    cluster.run(5);
    cluster.delete("slow");
    cluster.run(1);
    const again = restarted(cluster, events);
    again.run(2);
    assert.equal(again.status("slow"), "gone");
  });
});
