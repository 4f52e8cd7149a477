import assert from "node:assert/strict";
import { commands, window, workspace } from "vscode";
import { ConfigMap } from "../../../src/api/kinds/configMap.ts";
import { Deployment } from "../../../src/api/kinds/deployment.ts";
import { Event } from "../../../src/api/kinds/event.ts";
import { Pod } from "../../../src/api/kinds/pod/kind.ts";
import { commands as ours } from "../../../src/vscode/commandIds.ts";
import {
  editor,
  eventually,
  isServing,
  podsOf,
  type RunningCluster,
  readyCluster,
} from "../cluster.ts";
import { example, openExample, replaceText } from "../extension.ts";
import { noticesOf } from "../notices.ts";
import { labelsBelow, rowAt } from "../treeOutline.ts";

const web = { namespace: "default", name: "web" };

describe("Deploy to Cluster", () => {
  let cluster: RunningCluster;
  before(async () => {
    cluster = await readyCluster();
  });
  after(() => remove("web.yaml", "too-big.yaml", "pod.yaml"));

  it("creates what the file names, and says so", async () => {
    assert.deepEqual(await deploy("web.yaml"), [info("Deployed 2 objects: 2 created.")]);
    const { spec } = await cluster.client.get(Deployment, web);
    assert.equal(spec?.replicas, 3);
  });

  it("ends in running Pods, which the tree shows on their nodes", async () => {
    const pods = await eventually(
      () => podsOf("web", cluster),
      (all) => all.length === 3 && all.every(isServing),
      "three Pods that serve",
    );
    const { tree } = await editor();
    for (const { metadata, spec } of pods) {
      const row = await eventually(
        () => rowAt(tree, "Worker nodes", spec.nodeName ?? "", "Pods", metadata.name),
        (found) => found?.description === "Running · 1/1",
        `${metadata.name} in the tree`,
      );
      assert.equal(row?.contextValue, "pod");
    }
  });

  it("says of a second deployment that nothing changed", async () => {
    assert.deepEqual(await deploy("web.yaml"), [info("Deployed 2 objects: 2 unchanged.")]);
  });

  it("takes what the editor shows, saved or not", async () => {
    const { document } = await edited("web.yaml", (text) =>
      text.replace("replicas: 3", "replicas: 2"),
    );
    assert.equal(document.isDirty, true);
    assert.deepEqual(await deploy("web.yaml"), [
      info("Deployed 2 objects: 1 configured, 1 unchanged."),
    ]);
    await eventually(
      () => podsOf("web", cluster),
      (all) => all.length === 2 && all.every(isServing),
      "two Pods",
    );
    await commands.executeCommand("workbench.action.files.revert");
  });

  it("deploys the file of the active editor when called from the palette", async () => {
    await openExample("pod.yaml");
    const told = await noticesOf(() => commands.executeCommand(ours.deploy));
    assert.deepEqual(told, [info("Deployed 1 object: 1 created.")]);
  });

  it("deploys the manifests of a folder, namespaces and what is in them", async () => {
    await workspace.fs.copy(example("multi.yaml"), example("shop/multi.yaml"));
    await workspace.fs.copy(example("README.md"), example("shop/README.md"));
    const told = await noticesOf(() => commands.executeCommand(ours.deploy, example("shop")));
    assert.deepEqual(told, [info("Deployed 4 objects: 4 created.")]);
    const settings = await cluster.client.get(ConfigMap, { namespace: "shop", name: "settings" });
    assert.deepEqual(settings.data, { GREETING: "hello from the shop" });
    await noticesOf(() => commands.executeCommand(ours.deleteFromCluster, example("shop")));
  });

  it("leaves a Pod that is too big unscheduled, for the scheduler's reasons", async () => {
    assert.deepEqual(await deploy("too-big.yaml"), [info("Deployed 1 object: 1 created.")]);
    const events = await eventually(
      async () =>
        (
          await cluster.client.list(Event, {
            namespace: "default",
            fieldSelector: "involvedObject.name=too-big",
          })
        ).items,
      (found) => found.some(({ reason }) => reason === "FailedScheduling"),
      "a FailedScheduling event",
    );
    assert.equal(
      events.find(({ reason }) => reason === "FailedScheduling")?.message,
      "0/4 nodes are available: 1 node(s) had untolerated taint " +
        "{node-role.kubernetes.io/control-plane: }, 3 Insufficient cpu. no new claims to " +
        "deallocate, preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling.",
    );
    const { tree } = await editor();
    const row = await eventually(
      () => rowAt(tree, "Unscheduled Pods (1)", "too-big"),
      (found) => found !== undefined,
      "the Pod among the unscheduled",
    );
    assert.equal(row?.description, "Pending");
  });

  it("opens the timeline with the first deployment", () => {
    const tabs = window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label));
    assert.ok(tabs.includes("Cluster Timeline"), tabs.join());
  });
});

describe("Delete from Cluster", () => {
  let cluster: RunningCluster;
  before(async () => {
    cluster = await readyCluster();
    await deploy("web.yaml");
    await eventually(
      () => podsOf("web", cluster),
      (all) => all.length === 3 && all.every(isServing),
      "three Pods",
    );
  });

  it("deletes what the file names, and its Pods go with it", async () => {
    assert.deepEqual(await remove("web.yaml"), [info("Deleted 2 objects.")]);
    await eventually(
      () => podsOf("web", cluster),
      (all) => all.length === 0,
      "no Pod of it",
    );
    await assert.rejects(cluster.client.get(Deployment, web), { reason: "NotFound" });
    const { tree } = await editor();
    for (const worker of ["worker-1", "worker-2", "worker-3"])
      assert.deepEqual(
        (await labelsBelow(tree, "Worker nodes", worker, "Pods")).filter((label) =>
          label.startsWith("web-"),
        ),
        [],
      );
  });

  it("says that there is nothing left to delete", async () => {
    assert.deepEqual(await remove("web.yaml"), [info("Deleted 0 objects, 2 not found.")]);
  });

  it("deletes a Pod that was never scheduled at once", async () => {
    await deploy("too-big.yaml");
    await remove("too-big.yaml");
    const { items } = await cluster.client.list(Pod, {
      namespace: "default",
      fieldSelector: "metadata.name=too-big",
    });
    assert.deepEqual(items, []);
  });
});

function info(text: string) {
  return { severity: "info", text } as const;
}

function deploy(name: string) {
  return noticesOf(() => commands.executeCommand(ours.deploy, example(name)));
}

function remove(...names: readonly string[]) {
  return noticesOf(async () => {
    for (const name of names) await commands.executeCommand(ours.deleteFromCluster, example(name));
  });
}

async function edited(name: string, change: (text: string) => string) {
  const opened = await openExample(name);
  await replaceText(opened, change(opened.document.getText()));
  return opened;
}
