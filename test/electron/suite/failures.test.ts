import assert from "node:assert/strict";
import type { Worker } from "node:worker_threads";
import { commands } from "vscode";
import type { ComponentName } from "../../../src/api/clusterStatus.ts";
import { Deployment } from "../../../src/api/kinds/deployment.ts";
import { Lease } from "../../../src/api/kinds/lease.ts";
import { Node } from "../../../src/api/kinds/node.ts";
import type { Pod as PodObject } from "../../../src/api/types.ts";
import { commands as ours } from "../../../src/vscode/commandIds.ts";
import {
  editor,
  eventually,
  isServing,
  podsOf,
  type RunningCluster,
  readyCluster,
  runningCluster,
} from "../cluster.ts";
import { example } from "../extension.ts";
import { noticesOf } from "../notices.ts";
import { rowAt } from "../treeOutline.ts";

const monitorGraceMs = 50_000;
/** Conditions' times are cut to whole seconds. */
const roundingMs = 1_000;
/** The controller looks every 5 seconds, and a heartbeat takes its time to be seen. */
const slackMs = 6_000;
const tolerationMs = 300_000;

describe("a worker that loses power", () => {
  let cluster: RunningCluster;
  let victim: string;
  before(async () => {
    cluster = await readyCluster();
    await deployWeb(cluster);
    victim = (await podsOf("web", cluster))[0]?.spec.nodeName ?? "";
  });
  after(async () => {
    await cluster.simulator.heal({ type: "powerOff", node: victim });
    await deleteWeb(cluster);
  });

  it("is NotReady only after the grace period", async () => {
    const row = await rowAt((await editor()).tree, "Worker nodes", victim);
    await cluster.simulator.setSpeed(600);
    await commands.executeCommand(ours.powerOffNode, row?.element);
    const { tree } = await editor();
    await eventually(
      async () => (await rowAt(tree, "Worker nodes", victim))?.description ?? "",
      (text) => text.startsWith("NotReady · powered off"),
      `${victim} NotReady`,
    );
    const silentMs = await silenceBeforeNotReady(cluster, victim);
    assert.ok(silentMs > monitorGraceMs - roundingMs, `it was silent for ${silentMs} ms only`);
    assert.ok(silentMs <= monitorGraceMs + slackMs, `it was silent for ${silentMs} ms`);
    assert.equal((await rowAt(tree, "Worker nodes"))?.description, "2 of 3 Ready");
    assert.equal((await rowAt(tree, "Worker nodes", victim, "kubelet"))?.description, "off");
  });

  it("loses its Pods to other workers when their toleration runs out", async () => {
    const isOn = ({ spec }: PodObject) => spec.nodeName === victim;
    const pods = await eventually(
      () => podsOf("web", cluster),
      (all) =>
        all.filter(isServing).length === 3 && !all.some((pod) => isServing(pod) && isOn(pod)),
      "three Pods that serve elsewhere",
    );
    const stranded = pods.filter(isOn);
    assert.ok(stranded.length > 0);
    for (const { metadata } of stranded) {
      assert.ok(metadata.deletionTimestamp, `${metadata.name} isn't Terminating`);
      const ranMs = Date.parse(metadata.deletionTimestamp) - Date.parse(created(metadata));
      assert.ok(ranMs > tolerationMs, `it was deleted after ${ranMs} ms`);
    }
  });

  it("is Ready again once it has power, and its dead Pods go", async () => {
    const { tree } = await editor();
    const row = await rowAt(tree, "Worker nodes", victim);
    assert.equal(row?.contextValue, "node.worker.off");
    await commands.executeCommand(ours.powerOnNode, row?.element);
    await eventually(
      async () => (await rowAt(tree, "Worker nodes"))?.description,
      (text) => text === "3 of 3 Ready",
      "three workers Ready",
    );
    await eventually(
      () => podsOf("web", cluster),
      (all) => all.length === 3 && all.every(isServing),
      "three Pods in all",
    );
  });
});

describe("a kube-scheduler whose manifest is moved away", () => {
  let cluster: RunningCluster;
  before(async () => {
    cluster = await readyCluster();
  });
  after(async () => {
    await cluster.simulator.heal({ type: "stopComponent", component: "kube-scheduler" });
    await deleteWeb(cluster);
  });

  it("leaves new Pods unscheduled until its manifest is back", async () => {
    const { tree } = await editor();
    const scheduler = await rowAt(tree, "Control plane", "kube-scheduler");
    assert.equal(scheduler?.contextValue, "component.manifest.running.kube-scheduler");
    await commands.executeCommand(ours.moveManifestAway, scheduler?.element);
    await untilRunning("kube-scheduler", false, cluster);
    await commands.executeCommand(ours.deploy, example("web.yaml"));
    await eventually(
      async () => (await rowAt(tree, "Unscheduled Pods (3)"))?.label,
      (label) => label !== undefined,
      "three unscheduled Pods",
    );
    const stopped = await rowAt(tree, "Control plane", "kube-scheduler");
    assert.equal(stopped?.description, "Manifest moved away");
    await commands.executeCommand(ours.putManifestBack, stopped?.element);
    await eventually(
      () => podsOf("web", cluster),
      (all) => all.length === 3 && all.every(isServing),
      "three Pods that serve",
    );
  });
});

describe("a kube-apiserver whose manifest is moved away", () => {
  let cluster: RunningCluster;
  before(async () => {
    cluster = await readyCluster();
  });
  after(() => cluster.simulator.heal({ type: "stopComponent", component: "kube-apiserver" }));

  it("refuses connections until its manifest is put back from the tree", async () => {
    const { tree } = await editor();
    const serving = await rowAt(tree, "Control plane", "kube-apiserver");
    await commands.executeCommand(ours.moveManifestAway, serving?.element);
    await untilRunning("kube-apiserver", false, cluster);
    await assert.rejects(podsOf("web", cluster), /connect: connection refused$/);
    const stopped = await rowAt(tree, "Control plane", "kube-apiserver");
    assert.equal(stopped?.contextValue, "component.manifest.stopped.kube-apiserver");
    await commands.executeCommand(ours.putManifestBack, stopped?.element);
    await untilRunning("kube-apiserver", true, cluster);
    assert.deepEqual(await podsOf("web", cluster), []);
  });
});

describe("an engine that dies", () => {
  let worker: Worker;
  before(async () => {
    await commands.executeCommand(ours.stopCluster);
    const started = new Promise<Worker>((resolve) => process.once("worker", resolve));
    await readyCluster();
    worker = await started;
    await deployWeb(await runningCluster());
  });
  after(async () => deleteWeb(await runningCluster()));

  it("is started again with all that was stored, and the user is told", async () => {
    const { session } = await editor();
    const before = await runningCluster();
    const phases: string[] = [];
    const listening = session.onState(({ phase }) => phases.push(phase));
    const told = await noticesOf(async () => {
      await worker.terminate();
      await eventually(
        () => session.state.phase === "running" && session.state.cluster !== before,
        (isNew) => isNew,
        "another engine",
      );
    });
    listening.dispose();
    assert.deepEqual(phases, ["restarting", "running"]);
    assert.deepEqual(told, [
      {
        severity: "warning",
        text:
          "The cluster's engine stopped: the worker ended with code 1. " +
          "It is started again from what is stored.",
      },
    ]);
    const { client } = await runningCluster();
    const { spec } = await client.get(Deployment, { namespace: "default", name: "web" });
    assert.equal(spec?.replicas, 3);
  });

  it("goes on where it was: the Pods serve and the tree shows them", async () => {
    const cluster = await readyCluster();
    const pods = await eventually(
      () => podsOf("web", cluster),
      (all) => all.length === 3 && all.every(isServing),
      "three Pods that serve",
    );
    const { tree } = await editor();
    for (const { metadata, spec } of pods)
      await eventually(
        () => rowAt(tree, "Worker nodes", spec.nodeName ?? "", "Pods", metadata.name),
        (row) => row !== undefined,
        `${metadata.name} in the tree`,
      );
  });
});

/** The kubelet sees a manifest come and go in its own time. */
async function untilRunning(
  component: ComponentName,
  isRunning: boolean,
  { simulator }: RunningCluster,
): Promise<void> {
  await eventually(
    () => simulator.status.components.find(({ name }) => name === component),
    (state) => state?.isRunning === isRunning,
    `${component} ${isRunning ? "to run" : "to stop"}`,
  );
}

/** From the kubelet's last heartbeat until the Node was marked, by the objects' own times. */
async function silenceBeforeNotReady({ client }: RunningCluster, name: string): Promise<number> {
  const lease = await client.get(Lease, { namespace: "kube-node-lease", name });
  const node = await client.get(Node, { namespace: "", name });
  const ready = node.status?.conditions?.find(({ type }) => type === "Ready");
  assert.equal(ready?.status, "Unknown");
  return Date.parse(ready.lastTransitionTime ?? "") - Date.parse(lease.spec?.renewTime ?? "");
}

async function deployWeb(cluster: RunningCluster): Promise<void> {
  await commands.executeCommand(ours.deploy, example("web.yaml"));
  await eventually(
    () => podsOf("web", cluster),
    (all) => all.length === 3 && all.every(isServing),
    "three Pods that serve",
  );
}

async function deleteWeb(cluster: RunningCluster): Promise<void> {
  await commands.executeCommand(ours.deleteFromCluster, example("web.yaml"));
  await eventually(
    () => podsOf("web", cluster),
    (all) => all.length === 0,
    "no Pod of it",
  );
}

function created({ creationTimestamp }: PodObject["metadata"]): string {
  assert.ok(creationTimestamp);
  return creationTimestamp;
}
