// A learner's first half hour, in one window: each test goes on where the one before it ended.
import assert from "node:assert/strict";
import { rowDescription, textOf } from "./treeRows.ts";
import { useWorkbench } from "./useWorkbench.ts";
import type { Workbench } from "./workbench.ts";

const name = "Kubernetes Tutor";

describe("the installed extension", () => {
  const workbench = useWorkbench({ settings: { "kubernetesTutor.clock.speed": 60 } });

  it("shows a walkthrough with every step of the first half hour", async () => {
    const { page } = workbench();
    await openWalkthrough(workbench());
    const steps = page.locator(".gettingStartedContainer .step-title");
    assert.deepEqual(await steps.allInnerTexts(), [
      "Start the cluster",
      "Look around",
      "Deploy a manifest",
      "See why a Pod was placed where it is",
      "Power off a node",
    ]);
    await workbench().closeEditors();
  });

  it("boots the cluster as soon as its container is opened", async () => {
    await workbench().openContainer(name);
    await workbench().expect(
      async () => (await workbench().rows()).map(({ label, level }) => `${level} ${label}`),
      (rows) => rows.includes("2 worker-3"),
    );
    assert.deepEqual(
      (await workbench().rows()).map(({ label, level }) => `${level} ${label}`),
      [
        "1 Control plane",
        "2 etcd",
        "2 kube-apiserver",
        "2 kube-scheduler",
        "2 kube-controller-manager",
        "2 control-plane",
        "1 Worker nodes",
        "2 worker-1",
        "2 worker-2",
        "2 worker-3",
      ],
    );
    await workbench().expect(
      () => rowDescription(workbench().row("Worker nodes")),
      (text) => text === "3 of 3 Ready",
    );
  });

  it("shows what runs on a node when its row is unfolded", async () => {
    await workbench().toggle("worker-1");
    for (const part of ["kubelet", "container runtime", "kube-proxy", "Pods"])
      await workbench().row(part).waitFor();
    await workbench().toggle("kube-controller-manager");
    await workbench().row("deployment-controller").waitFor();
    await workbench().screenshot("tree");
    await workbench().toggle("kube-controller-manager");
    await workbench().toggle("worker-1");
    await workbench().row("Pods").waitFor({ state: "detached" });
  });

  it("explains a component to whoever hovers over it", async () => {
    await workbench().row("kube-scheduler").hover();
    const hover = workbench().page.locator(".monaco-hover .hover-contents");
    await hover.filter({ hasText: "finds a node for every new Pod" }).waitFor();
    await workbench().screenshot("hover");
    await workbench().page.mouse.move(0, 0);
  });

  it("has the cluster's clock in the status bar", async () => {
    const clock = workbench().statusBarItem(/^\s*\d\d:\d\d:\d\d 60×/);
    await clock.waitFor();
    await clock.click();
    const actions = ["Pause Clock", "Step Clock", "Set Clock Speed…60×", "Open Timeline"];
    await workbench().expect(
      async () => (await workbench().quickInputRows().allInnerTexts()).map((text) => text.trim()),
      (shown) => shown.join() === actions.join(),
    );
    await workbench().page.keyboard.press("Escape");
  });

  it("deploys a manifest from the Explorer's context menu", async () => {
    const file = await workbench().explorerRow("web.yaml");
    await workbench().chooseFromMenu(file, "Deploy to Cluster");
    await workbench().toasts().filter({ hasText: "Deployed 2 objects: 2 created." }).waitFor();
  });

  it("opens the timeline beside, with a lane for each component and node", async () => {
    const titles = workbench().webview().locator(".lane-title");
    await workbench().expect(
      async () => (await titles.allInnerTexts()).map((text) => text.trim()),
      (lanes) => lanes.length >= 7,
    );
    assert.deepEqual(
      (await titles.allInnerTexts()).map((text) => text.trim()),
      [
        "kube-apiserver",
        "kube-scheduler",
        "kube-controller-manager",
        "control-plane",
        "worker-1",
        "worker-2",
        "worker-3",
      ],
    );
    await workbench().screenshot("deployed");
  });

  it("shows the Pods on their nodes in the tree, beside each worker's kube-proxy", async () => {
    await workbench().openContainer(name);
    await workbench().expect(
      async () => (await workbench().rows()).filter(isWorker).map(({ description }) => description),
      (workers) => countPods(workers) === 6,
    );
  });

  it("explains why the scheduler chose a Pod's node, plugin by plugin", async () => {
    const rows = await workbench().rows();
    const host = rows.filter(isWorker).find(({ description }) => countPods([description]) > 1);
    assert.ok(host, "no worker has a Pod beside kube-proxy");
    await workbench().toggle(host.label);
    await workbench().row("Pods").waitFor();
    await workbench().toggle("Pods");
    const pod = workbench().row(/^web-/);
    await workbench().chooseFromMenu(pod, "Explain Scheduling");

    const webview = workbench().webview();
    await webview.locator(".decision .funnel").waitFor();
    const funnel = await webview.locator(".funnel-row").allInnerTexts();
    assert.match(funnel[0] ?? "", /^4\s/);
    assert.match(funnel.at(-1) ?? "", new RegExp(`^1\\s[^]*${host.label}`));
    const heads = await webview.locator(".verdicts thead th").allInnerTexts();
    for (const node of ["control-plane", "worker-1", "worker-2", "worker-3"])
      assert.ok(
        heads.some((head) => head.includes(node)),
        `${node} has no verdict in ${heads}`,
      );
    const taint = webview.locator(".verdicts tr", { hasText: "TaintToleration" });
    assert.match(
      await textOf(taint),
      /node\(s\) had untolerated taint \{node-role\.kubernetes\.io\/control-plane: \}/,
    );
    await workbench().screenshot("scheduling");
  });

  it("powers a worker off from the tree's context menu, and both views say so", async () => {
    const worker = workbench().row("worker-3");
    await workbench().chooseFromMenu(worker, "Power Off Node");
    await workbench().expect(
      () => rowDescription(worker),
      (text) => text.includes("powered off"),
    );
    await workbench().expect(
      () => rowDescription(worker),
      (text) => text.startsWith("NotReady"),
    );
    const states = workbench().webview().locator(".lane-label", { hasText: "worker-3" });
    await workbench().expect(
      () => textOf(states),
      (text) => /Powered off/i.test(text) && /NotReady/i.test(text),
    );
    await workbench().screenshot("powered-off");
    assert.deepEqual(
      (await workbench().menuOf(worker)).filter((entry) => entry.startsWith("Power")),
      ["Power On Node"],
    );
  });

  it("marks what is wrong with a manifest, in the editor and among the Problems", async () => {
    await workbench().openFile("broken.yaml");
    await workbench().squiggles("error").first().waitFor();
    const problems = await workbench().problems();
    assert.deepEqual(
      problems.map(({ line, column, severity }) => `${line}:${column} ${severity}`).sort(),
      ["11:7 error", "7:34 error"],
    );
    assert.ok(
      problems.some(({ message }) => message.includes('unknown field "spec.containers[0].poarts"')),
    );
    await workbench().screenshot("problems");
    await workbench().runCommand("View: Hide Panel");
  });

  it("opens a node's live object as YAML", async () => {
    await workbench().openContainer(name);
    await workbench().chooseFromMenu(workbench().row("worker-2"), "Show Object YAML");
    await workbench().page.locator(".tab.active", { hasText: "worker-2" }).waitFor();
    await workbench().expect(
      () => textOf(workbench().editor().locator(".view-lines")),
      (text) => /kind: Node\b/.test(text),
    );
    await workbench().screenshot("object");
  });

  for (const theme of ["light", "hc-light", "hc-black", "dark"] as const)
    it(`can be looked at in ${theme}`, async () => {
      await workbench().setTheme(theme);
      await openWalkthrough(workbench());
      await workbench().screenshot("walkthrough");
      await workbench().openContainer("Explorer");
      await workbench().showTab("broken.yaml");
      await workbench().screenshot("manifest");
      await workbench().openContainer(name);
      await workbench().showTab("Cluster Timeline");
      await workbench().webview().locator(".decision .funnel").waitFor();
      await workbench().screenshot("cluster");
    });

  it("has the worker back once it has power again", async () => {
    await workbench().openContainer(name);
    await workbench().chooseFromMenu(workbench().row("worker-3"), "Power On Node");
    await workbench().expect(
      () => rowDescription(workbench().row("Worker nodes")),
      (text) => text === "3 of 3 Ready",
    );
  });

  it("goes through all of this without an error in the window", () => {
    const errors = workbench().consoleLines.filter((line) => line.startsWith("uncaught:"));
    assert.deepEqual(errors, []);
  });
});

/** With room for the pictures beside the steps. */
async function openWalkthrough(workbench: Workbench): Promise<void> {
  await workbench.runCommand("Welcome: Open Walkthrough...");
  await workbench.pick("Get Started with Kubernetes Tutor");
  await workbench.page.locator(".gettingStartedContainer .step-title").first().waitFor();
  await workbench.runCommand("View: Close Primary Side Bar");
  const picture = workbench.page.frameLocator(".getting-started-media iframe");
  await picture.frameLocator("#active-frame").locator("svg").first().waitFor();
}

function isWorker({ label }: { readonly label: string }): boolean {
  return /^worker-\d$/.test(label);
}

/** "Ready · 2 Pods · ...": how many, over all rows. */
function countPods(descriptions: readonly string[]): number {
  return descriptions.reduce((sum, text) => sum + Number(/(\d+) Pods?\b/.exec(text)?.[1] ?? 0), 0);
}
