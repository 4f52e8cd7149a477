// Jobs, CronJobs and budgets of the conformance tests. Source: test/e2e/apps/{job,cronjob,disruption}.go.
import assert from "node:assert/strict";
import {
  batch,
  conditionOf,
  core,
  ownersOf,
  pause,
  pod,
  podTemplate,
  policy,
  type Seen,
  WorkloadScene,
} from "./workloadScene.ts";

const jobs = `${batch}/jobs`;
const cronJobs = `${batch}/cronjobs`;
const budgets = `${policy}/poddisruptionbudgets`;

const job = (name: string, spec: object = {}) => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name, labels: { app: name } },
  spec: {
    parallelism: 2,
    completions: 4,
    template: podTemplate(name, pause, { restartPolicy: "Never" }),
    ...spec,
  },
});

const cronJob = (name: string, spec: object = {}) => ({
  apiVersion: "batch/v1",
  kind: "CronJob",
  metadata: { name, labels: { app: name } },
  spec: { schedule: "* */1 * * ?", jobTemplate: { spec: job(name).spec }, ...spec },
});

const budget = (name: string, spec: object) => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name, labels: { app: name } },
  spec: { selector: { matchLabels: { app: "foo" } }, ...spec },
});

const background = { propagationPolicy: "Background" };

describe("Jobs and budgets of the conformance tests", () => {
  let scene: WorkloadScene;
  beforeEach(() => {
    scene = new WorkloadScene();
  });
  afterEach(() => scene.dispose());

  it("Job should delete a job", async () => {
    await scene.create(jobs, job("foo"));
    await scene.podsRunning("foo", 2);
    await scene.delete(`${jobs}/foo`, background);
    await scene.gone(`${jobs}/foo`);
    await scene.until(60, "no Pod is left", async () => (await scene.pods("foo")).length === 0);
  });

  it("Job should adopt matching orphans and release non-matching pods", async () => {
    await scene.create(jobs, job("foo"));
    await scene.podsRunning("foo", 2);
    const [listed] = await scene.pods("foo");
    const path = `${core}/pods/${listed?.metadata.name}`;
    const first = await scene.see(path);
    await scene.update(path, { ...first, metadata: { ...first.metadata, ownerReferences: null } });
    const adopted = await scene.field(path, "owner", (seen) => ownersOf(seen).includes("foo"));
    await scene.update(path, { ...adopted, metadata: { ...adopted.metadata, labels: {} } });
    await scene.field(path, "release", (seen) => ownersOf(seen).length === 0);
  });

  it("Job should apply changes to a job status", async () => {
    await scene.create(jobs, job("foo"));
    await scene.podsRunning("foo", 2);
    const condition = {
      type: "CustomConditionType",
      status: "True",
      lastTransitionTime: "2026-01-31T12:00:00Z",
    };
    const patch = {
      metadata: { annotations: { patchedstatus: "true" } },
      status: { conditions: [condition] },
    };
    const patched = (await scene.patch(`${jobs}/foo/status`, patch)) as Seen;
    assert.ok(conditionOf(patched, "CustomConditionType"));
    assert.equal(patched.metadata.annotations?.patchedstatus, "true");
    const seen = await scene.see(`${jobs}/foo`);
    const conditions = [{ ...condition, lastTransitionTime: "2026-01-31T12:00:09Z" }];
    const updated = (await scene.update(`${jobs}/foo/status`, {
      ...seen,
      status: { ...seen.status, conditions },
    })) as Seen;
    assert.deepEqual(updated.status.conditions[0].lastTransitionTime, "2026-01-31T12:00:09Z");
    assert.equal((await scene.see(`${jobs}/foo/status`)).metadata.uid, updated.metadata.uid);
  });

  it("Job should manage the lifecycle of a job", async () => {
    const { resourceVersion } = (await scene.list(jobs)).metadata;
    await scene.create(jobs, job("foo", { suspend: true, completions: 1 }));
    await scene.patch(
      `${jobs}/foo`,
      { metadata: { labels: { foo: "patched" } } },
      "strategic-merge",
    );
    const seen = await scene.see(`${jobs}/foo`);
    const annotations = { updated: "true" };
    await scene.update(`${jobs}/foo`, {
      ...seen,
      metadata: { ...seen.metadata, annotations },
      spec: { ...seen.spec, suspend: false },
    });
    await scene.podsRunning("foo", 1);
    const selector = "labelSelector=foo%3Dpatched";
    assert.equal((await scene.list(`/apis/batch/v1/jobs?${selector}`)).items.length, 1);
    await scene.delete(`${jobs}?${selector}`, background);
    await scene.gone(`${jobs}/foo`);
    const watch = await scene.watch(
      `${jobs}?watch=true&resourceVersion=${resourceVersion}&${selector}`,
    );
    const types = watch.frames().map(({ type }) => type);
    assert.deepEqual([types[0], types.at(-1)], ["ADDED", "DELETED"]);
    assert.equal((await scene.list(`/apis/batch/v1/jobs?${selector}`)).items.length, 0);
  });

  it("Job should create pods for an Indexed job with completion indexes and specified hostname", async () => {
    const container = { name: "c", image: "busybox:1.36", command: ["sleep", "1"] };
    const template = podTemplate("foo", pause, { restartPolicy: "Never", containers: [container] });
    await scene.create(jobs, job("foo", { completionMode: "Indexed", template }));
    const done = await scene.field(
      `${jobs}/foo`,
      "completion",
      (seen) => conditionOf(seen, "Complete") !== undefined,
    );
    assert.equal(done.status.completedIndexes, "0-3");
    const index = "batch.kubernetes.io/job-completion-index";
    const pods = await scene.pods("foo");
    assert.deepEqual(pods.map(({ metadata }) => metadata.annotations?.[index]).toSorted(), [
      "0",
      "1",
      "2",
      "3",
    ]);
    assert.ok(
      pods.every(({ spec, metadata }) => spec.hostname === `foo-${metadata.annotations?.[index]}`),
    );
  });

  it("CronJob should support CronJob API operations", async () => {
    await scene.create(cronJobs, cronJob("foo"));
    const { resourceVersion } = (await scene.list(cronJobs)).metadata;
    const watch = await scene.watch(`${cronJobs}?watch=true&resourceVersion=${resourceVersion}`);
    assert.equal((await scene.list("/apis/batch/v1/cronjobs")).items.length, 1);
    const patch = { metadata: { annotations: { patched: "true" } } };
    assert.equal(
      (await scene.patch(`${cronJobs}/foo`, patch)).metadata.annotations?.patched,
      "true",
    );
    const seen = await scene.see(`${cronJobs}/foo`);
    const annotations = { ...seen.metadata.annotations, updated: "true" };
    await scene.update(`${cronJobs}/foo`, { ...seen, metadata: { ...seen.metadata, annotations } });
    await scene.told();
    assert.deepEqual(watch.summary(), ["MODIFIED foo", "MODIFIED foo"]);
    const lastScheduleTime = "2026-01-31T11:00:00Z";
    const status = {
      metadata: { annotations: { patchedstatus: "true" } },
      status: { lastScheduleTime },
    };
    const patched = (await scene.patch(`${cronJobs}/foo/status`, status)) as Seen;
    assert.equal(patched.status.lastScheduleTime, lastScheduleTime);
    assert.equal(patched.metadata.annotations?.patchedstatus, "true");
    const later = "2026-01-31T11:30:00Z";
    const again = await scene.see(`${cronJobs}/foo`);
    const updated = (await scene.update(`${cronJobs}/foo/status`, {
      ...again,
      status: { lastScheduleTime: later },
    })) as Seen;
    assert.equal(updated.status.lastScheduleTime, later);
    assert.equal((await scene.see(`${cronJobs}/foo/status`)).metadata.uid, again.metadata.uid);
    await scene.delete(`${cronJobs}/foo`);
    await scene.gone(`${cronJobs}/foo`);
    await scene.create(cronJobs, cronJob("bar"));
    await scene.delete(`${cronJobs}?labelSelector=app%3Dbar`);
    await scene.gone(`${cronJobs}/bar`);
  });

  it("DisruptionController should observe PodDisruptionBudget status updated", async () => {
    await scene.create(budgets, budget("foo", { minAvailable: 1 }));
    for (const name of ["a", "b", "c"])
      await scene.create(`${core}/pods`, pod(name, {}, { labels: { app: "foo" } }));
    await scene.podsRunning("foo", 3);
    await scene.field(
      `${budgets}/foo`,
      "disruptions",
      ({ status }) => status.disruptionsAllowed > 0,
    );
  });

  it("DisruptionController should update/patch PodDisruptionBudget status", async () => {
    await scene.create(budgets, budget("foo", { minAvailable: 1 }));
    await scene.create(`${core}/pods`, pod("pod", {}, { labels: { app: "foo" } }));
    await scene.podsRunning("foo", 1);
    scene.run(1_000);
    const disruptedPods = { pod: "2026-01-31T12:00:25Z" };
    const old = await scene.see(`${budgets}/foo`);
    await scene.update(`${budgets}/foo/status`, {
      ...old,
      status: { ...old.status, disruptedPods },
    });
    const updated = await scene.see(`${budgets}/foo/status`);
    assert.ok("pod" in updated.status.disruptedPods);
    const patch = {
      metadata: { resourceVersion: updated.metadata.resourceVersion },
      status: { disruptedPods: null },
    };
    const patched = (await scene.patch(`${budgets}/foo/status`, patch)) as Seen;
    assert.deepEqual(patched.status.disruptedPods ?? {}, {});
  });

  it("DisruptionController should create, update, patch and delete a PodDisruptionBudget", async () => {
    await scene.create(budgets, budget("foo", { minAvailable: 1 }));
    await scene.field(
      `${budgets}/foo`,
      "processing",
      ({ status }) => status.observedGeneration === 1,
    );
    const old = await scene.see(`${budgets}/foo`);
    await scene.update(`${budgets}/foo`, { ...old, spec: { ...old.spec, minAvailable: "2%" } });
    await scene.patch(`${budgets}/foo`, { spec: { minAvailable: "3%" } });
    await scene.field(
      `${budgets}/foo`,
      "processing",
      ({ status }) => status.observedGeneration === 3,
    );
    await scene.delete(`${budgets}?labelSelector=app%3Dfoo`);
    await scene.gone(`${budgets}/foo`);
  });

  it("DisruptionController should block an eviction until the PDB is updated to allow it", async () => {
    await scene.create(budgets, budget("foo", { minAvailable: 3 }));
    for (const name of ["a", "b", "c"])
      await scene.create(`${core}/pods`, pod(name, {}, { labels: { app: "foo" } }));
    await scene.podsRunning("foo", 3);
    scene.run(1_000);
    const eviction = {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name: "a", namespace: "default" },
    };
    const evict = () => scene.cluster.json("POST", `${core}/pods/a/eviction`, { body: eviction });
    const refused = await evict();
    assert.equal(refused.code, 429);
    const { details } = refused.body as { details: { causes: readonly { reason: string }[] } };
    assert.equal(details.causes[0]?.reason, "DisruptionBudget");
    const old = await scene.see(`${budgets}/foo`);
    await scene.update(`${budgets}/foo`, { ...old, spec: { ...old.spec, minAvailable: 2 } });
    await scene.field(
      `${budgets}/foo`,
      "processing",
      ({ status }) => status.observedGeneration === 2,
    );
    assert.equal((await evict()).code, 201);
    await scene.gone(`${core}/pods/a`);
  });
});
