// Pods per second through the whole decision path, on the workloads on which the real scheduler was
// measured (test/conformance/scheduler/bench-workloads.json). Run: npx tsx bench/scheduler.bench.ts
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { setPodDefaults } from "../src/api/kinds/pod/defaults.ts";
import type { Node, Pod } from "../src/api/types.ts";
import { draft, freeze } from "../src/base/draft.ts";
import { Random } from "../src/base/random.ts";
import { SchedulerCache } from "../src/scheduler/cache.ts";
import { defaultProfile } from "../src/scheduler/defaultProfile.ts";
import { type Outcome, scheduleOne } from "../src/scheduler/schedule.ts";

interface Workload {
  readonly ID: string;
  readonly Title: string;
  readonly Nodes: number;
  readonly Pods: number;
  readonly Node0: Node;
  readonly PodTemplate: Pod;
}

/** kube-scheduler 1.34.1 on one core, queue and bind included: Pods per second. */
const realPodsPerSecond: Readonly<Record<string, number>> = {
  a: 1587,
  b: 468,
  c: 379,
  d: 506,
  e: 474,
  f: 215,
};

const file = new URL("../test/conformance/scheduler/bench-workloads.json", import.meta.url);
const workloads = JSON.parse(readFileSync(file, "utf8")) as readonly Workload[];
const chosen = process.argv.slice(2).filter((argument) => /^[a-z]$/.test(argument));
const rounds = 5;

function nodesOf({ Nodes, Node0 }: Workload): Node[] {
  return Array.from({ length: Nodes }, (_, i) => {
    const node = draft(Node0);
    const name = `node-${String(i).padStart(5, "0")}`;
    node.metadata.name = name;
    node.metadata.labels = {
      ...node.metadata.labels,
      "kubernetes.io/hostname": name,
      "topology.kubernetes.io/zone": `zone-${i % 3}`,
    };
    return freeze(node as Node);
  });
}

/** Each Pod is an object of its own, as the API server would hand it out. */
function podsOf({ Pods, PodTemplate }: Workload): Pod[] {
  return Array.from({ length: Pods }, (_, i) => {
    const pod = draft(PodTemplate);
    const name = `pod-${String(i).padStart(5, "0")}`;
    Object.assign(pod.metadata, { name, namespace: "default", uid: `uid-${name}` });
    pod.spec.priority = 0;
    setPodDefaults(pod);
    return freeze(pod as Pod);
  });
}

/** One run: seconds for all Pods, from the first decision to the last Pod counted as placed. */
function run(workload: Workload): { seconds: number; outcomes: Outcome[] } {
  const cache = new SchedulerCache();
  for (const node of nodesOf(workload)) cache.setNode(node);
  const pods = podsOf(workload);
  const random = new Random(1);
  const outcomes: Outcome[] = [];
  let start = 0;
  const began = performance.now();
  for (const pod of pods) {
    const snapshot = cache.snapshot();
    const outcome = scheduleOne({ pod, snapshot, profile: defaultProfile, random, start });
    if (outcome.type === "scheduled") cache.assumePod(pod, outcome.node);
    start = outcome.nextStart;
    outcomes.push(outcome);
  }
  return { seconds: (performance.now() - began) / 1000, outcomes };
}

for (const workload of workloads) {
  if (chosen.length > 0 && !chosen.includes(workload.ID)) continue;
  const results = Array.from({ length: rounds }, () => run(workload));
  const seconds = results.map((result) => result.seconds).sort((a, b) => a - b);
  const median = seconds[Math.floor(rounds / 2)] ?? 0;
  const placed = results[0]?.outcomes.filter(({ type }) => type === "scheduled").length ?? 0;
  const podsPerSecond = Math.round(workload.Pods / median);
  const real = realPodsPerSecond[workload.ID] ?? 0;
  process.stdout.write(
    `${workload.ID}  ${workload.Nodes} nodes, ${workload.Pods} pods, ${workload.Title}: ` +
      `${podsPerSecond} pods/s, ${(podsPerSecond / real).toFixed(1)} × kube-scheduler ` +
      `(${placed} placed)\n`,
  );
}

/** How time and memory grow with the cluster: cost per Pod, and heap for nodes and placed Pods. */
function growth(template: Workload): void {
  const podsPlaced = 1_000;
  for (const Nodes of [100, 500, 1_000, 5_000]) {
    const workload = { ...template, Nodes, Pods: podsPlaced };
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    const { seconds, outcomes } = run(workload);
    const megabytes = (process.memoryUsage().heapUsed - before) / 1024 / 1024;
    process.stdout.write(
      `growth  ${Nodes} nodes: ${((seconds / podsPlaced) * 1e6).toFixed(0)} µs per Pod, ` +
        `about ${megabytes.toFixed(0)} MB for ${outcomes.length} decisions\n`,
    );
  }
}

const [basic] = workloads;
if (basic && (chosen.length === 0 || chosen.includes("g"))) growth(basic);
