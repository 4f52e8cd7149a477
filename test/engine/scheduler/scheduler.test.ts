import assert from "node:assert/strict";
import { KindRegistry } from "../../../src/api/kind.ts";
import { Event } from "../../../src/api/kinds/event.ts";
import { builtInKinds } from "../../../src/api/kinds/index.ts";
import { metricsKinds } from "../../../src/api/kinds/metrics/kinds.ts";
import { Node } from "../../../src/api/kinds/node.ts";
import { Pod as PodKind } from "../../../src/api/kinds/pod/kind.ts";
import { PriorityClass } from "../../../src/api/kinds/priorityClass.ts";
import type { Node as NodeObject, Pod } from "../../../src/api/types.ts";
import { Random } from "../../../src/base/random.ts";
import { second } from "../../../src/base/time.ts";
import { bootstrap } from "../../../src/engine/bootstrap.ts";
import { VirtualClock } from "../../../src/engine/clock.ts";
import { explainAttempt } from "../../../src/engine/explainAttempt.ts";
import { defaultTolerationSeconds } from "../../../src/engine/registry/admission/defaultTolerationSeconds.ts";
import { priority } from "../../../src/engine/registry/admission/priority.ts";
import { ApiServer } from "../../../src/engine/registry/apiServer.ts";
import {
  attemptRandom,
  Scheduler,
  schedulerUser,
} from "../../../src/engine/scheduler/scheduler.ts";
import { SchedulerConfiguration } from "../../../src/engine/schedulerConfiguration.ts";
import { Store } from "../../../src/engine/store/store.ts";
import { Trace } from "../../../src/engine/trace.ts";
import { defaultProfile } from "../../../src/scheduler/defaultProfile.ts";

const start = Date.UTC(2026, 0, 31, 9);

/** A control plane without controllers and kubelets: what happens to Pods is the scheduler's doing. */
function makeWorld() {
  const clock = new VirtualClock(start);
  const store = new Store(() => clock.now());
  const trace = new Trace(clock);
  const kinds = new KindRegistry([...builtInKinds, ...metricsKinds]);
  const admission = [priority, defaultTolerationSeconds];
  const server = new ApiServer({ clock, store, trace, random: new Random(1), kinds, admission });
  const client = server.client("tester");
  bootstrap(client, start);
  const random = new Random(7);
  const startScheduler = () =>
    new Scheduler({
      host: "control-plane",
      clock,
      trace,
      client: server.client(schedulerUser),
      source: server,
      random,
      kinds,
      profiles: [defaultProfile],
      podInitialBackoffSeconds: 1,
      podMaxBackoffSeconds: 10,
    });
  const scheduler = startScheduler();
  const attempts = () =>
    trace.since(1).flatMap((event) => (event.type === "schedule" ? [event] : []));
  return { clock, store, trace, kinds, client, scheduler, startScheduler, random, attempts };
}

function node(name: string, cpu: string, labels: Record<string, string> = {}): NodeObject {
  const allocatable = { cpu, memory: "8Gi", pods: "110" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name, ...labels } },
    spec: {},
    status: { allocatable, capacity: allocatable },
  };
}

function pod(name: string, cpu: string, spec: Partial<Pod["spec"]> = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: {
      ...spec,
      containers: [{ name: "app", image: "nginx:1.27", resources: { requests: { cpu } } }],
    },
  };
}

const keyed = (name: string) => ({ namespace: "default", name });
const machine = (name: string) => ({ namespace: "", name });

describe("Scheduler", () => {
  it("binds a Pod to a node that fits, and says so", () => {
    const { client, clock } = makeWorld();
    client.create(Node, node("small", "1"));
    client.create(Node, node("large", "8"));
    client.create(PodKind, pod("web", "4"));
    clock.run(second);
    const bound = client.get(PodKind, keyed("web"));
    assert.equal(bound.spec.nodeName, "large");
    assert.equal(bound.metadata.generation, 1);
    assert.equal(
      bound.status?.conditions?.find(({ type }) => type === "PodScheduled")?.status,
      "True",
    );
    const [event] = client.list(Event, { fieldSelector: "reason=Scheduled" }).items;
    assert.equal(event?.message, "Successfully assigned default/web to large");
  });

  it("says word for word why nothing fits, in the event and in the condition", () => {
    const { client, clock } = makeWorld();
    client.create(Node, node("small", "1"));
    client.create(PodKind, pod("web", "64"));
    clock.run(second);
    const expected =
      "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
    const [event] = client.list(Event, { fieldSelector: "reason=FailedScheduling" }).items;
    assert.equal(event?.message, expected);
    const { status } = client.get(PodKind, keyed("web"));
    const condition = status?.conditions?.find(({ type }) => type === "PodScheduled");
    assert.equal(`${condition?.status} ${condition?.reason}`, "False Unschedulable");
    assert.equal(condition?.message, expected);
  });

  it("tries again when a node comes that may help, and not when nothing relevant happens", () => {
    const { client, clock, attempts } = makeWorld();
    client.create(Node, node("small", "1"));
    client.create(PodKind, pod("web", "4"));
    clock.run(20 * second);
    assert.equal(attempts().length, 1);
    client.patch(Node, machine("small"), { metadata: { annotations: { note: "irrelevant" } } });
    clock.run(20 * second);
    assert.equal(attempts().length, 1);
    client.create(Node, node("large", "8"));
    clock.run(20 * second);
    assert.equal(client.get(PodKind, keyed("web")).spec.nodeName, "large");
    assert.equal(attempts().at(-1)?.attempt, 2);
  });

  it("waits out the back-off after errors: 1 s, then doubling to 10 s", () => {
    const { client, clock, attempts } = makeWorld();
    // No plugin has rejected the Pod, so there is nothing to wait for but time.
    client.create(PodKind, pod("web", "4"));
    clock.run(60 * second);
    const gaps = attempts().map(({ at }, i, all) =>
      Math.round((at - (all[i - 1]?.at ?? at)) / second),
    );
    assert.deepEqual(gaps.slice(1, 7), [1, 2, 4, 8, 10, 10]);
  });

  it("does not wait for the back-off while nobody else is to be scheduled", () => {
    const { client, clock, attempts } = makeWorld();
    client.create(Node, node("small", "1"));
    client.create(PodKind, pod("web", "4"));
    clock.run(second / 10);
    client.create(Node, node("large", "8"));
    clock.run(second / 10);
    assert.equal(attempts().length, 2);
    assert.equal(client.get(PodKind, keyed("web")).spec.nodeName, "large");
  });

  for (const [claim, change, isTriedAgain] of [
    ["a node that is large enough", node("other", "8"), true],
    ["a node that is too small as well", node("other", "2"), false],
  ] as const)
    it(`${isTriedAgain ? "is woken" : "is not woken"} by ${claim}`, () => {
      const { client, clock, attempts } = makeWorld();
      client.create(Node, node("small", "1"));
      client.create(PodKind, pod("web", "4"));
      clock.run(20 * second);
      client.create(Node, change);
      clock.run(20 * second);
      assert.equal(attempts().length, isTriedAgain ? 2 : 1);
    });

  it("names who waits, where and for whom", () => {
    const { client, clock, scheduler } = makeWorld();
    client.create(Node, node("small", "1"));
    client.create(PodKind, pod("large", "4"));
    client.create(PodKind, pod("gated", "1", { schedulingGates: [{ name: "example.com/wait" }] }));
    clock.run(20 * second);
    assert.deepEqual(
      scheduler
        .status()
        .queue.map(({ pod: name, place, plugins }) => [name, place, plugins])
        .toSorted(),
      [
        ["default/gated", "gated", []],
        ["default/large", "unschedulable", ["NodeResourcesFit"]],
      ],
    );
  });

  it("tries a Pod again after five minutes whatever happened", () => {
    const { client, clock, attempts } = makeWorld();
    client.create(Node, node("small", "1"));
    client.create(PodKind, pod("web", "4"));
    clock.run(299 * second);
    assert.equal(attempts().length, 1);
    clock.run(61 * second);
    assert.equal(attempts().length, 2);
  });

  it("does not look at a gated Pod until its gates are gone", () => {
    const { client, clock, attempts } = makeWorld();
    client.create(Node, node("large", "8"));
    client.create(PodKind, pod("web", "1", { schedulingGates: [{ name: "example.com/wait" }] }));
    clock.run(10 * second);
    assert.equal(attempts().length, 0);
    const gated = client.get(PodKind, keyed("web"));
    assert.equal(gated.status?.conditions?.[0]?.reason, "SchedulingGated");
    client.update(PodKind, { ...gated, spec: { ...gated.spec, schedulingGates: [] } });
    clock.run(10 * second);
    assert.equal(client.get(PodKind, keyed("web")).spec.nodeName, "large");
  });

  it("serves the more important Pod first", () => {
    const { client, clock, attempts } = makeWorld();
    client.create(PriorityClass, {
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name: "high" },
      value: 1_000,
    });
    client.create(Node, node("large", "8"));
    client.create(PodKind, pod("low", "1"));
    client.create(PodKind, pod("high", "1", { priorityClassName: "high" }));
    clock.run(second);
    assert.deepEqual(
      attempts().map((attempt) => attempt.pod.name),
      ["high", "low"],
    );
  });

  it("makes room for an important Pod: the victim is deleted, the node nominated, then bound", () => {
    const { client, clock } = makeWorld();
    client.create(PriorityClass, {
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name: "high" },
      value: 1_000,
    });
    client.create(Node, node("only", "2"));
    client.create(PodKind, pod("low", "2"));
    clock.run(second);
    client.create(PodKind, pod("high", "2", { priorityClassName: "high" }));
    clock.run(5);
    const victim = client.get(PodKind, keyed("low"));
    assert.ok(victim.metadata.deletionTimestamp);
    const target = victim.status?.conditions?.find(({ type }) => type === "DisruptionTarget");
    assert.equal(target?.reason, "PreemptionByScheduler");
    assert.equal(client.get(PodKind, keyed("high")).status?.nominatedNodeName, "only");
    client.delete(PodKind, keyed("low"), { gracePeriodSeconds: 0 });
    clock.run(5 * second);
    assert.equal(client.get(PodKind, keyed("high")).spec.nodeName, "only");
  });

  it("explains afterwards exactly what it decided", () => {
    const { client, clock, store, kinds, random, attempts } = makeWorld();
    for (const [i, cpu] of ["2", "4", "4", "8"].entries())
      client.create(Node, node(`node-${i}`, cpu, { zone: `z${i % 2}` }));
    for (let i = 0; i < 12; i++) client.create(PodKind, pod(`pod-${i}`, `${300 + 137 * i}m`));
    clock.run(10 * second);
    assert.equal(attempts().length, 12);
    for (const event of attempts()) {
      const draws = attemptRandom(random, event.pod, event.attempt);
      const configuration = new SchedulerConfiguration(store);
      const world = { store, kinds, configuration, random: draws };
      const { node: decided, ...undecided } = event;
      const explanation = explainAttempt(undecided, world);
      assert.equal(explanation?.chosen ?? explanation?.message, decided ?? event.message);
      assert.equal(
        explanation?.nodes.filter(({ feasible }) => feasible).length,
        event.feasibleNodes,
      );
    }
  });

  it("another scheduler takes over what the stopped one left", () => {
    const { client, clock, scheduler, startScheduler } = makeWorld();
    client.create(Node, node("large", "8"));
    scheduler.dispose();
    client.create(PodKind, pod("web", "1"));
    clock.run(10 * second);
    assert.equal(client.get(PodKind, keyed("web")).spec.nodeName, undefined);
    startScheduler();
    clock.run(second);
    assert.equal(client.get(PodKind, keyed("web")).spec.nodeName, "large");
  });
});
