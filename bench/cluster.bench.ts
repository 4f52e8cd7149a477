// The whole cluster at scale: idle machines, a long time, many Pods, and a Deployment from nothing to
// Running. CPU time and memory are this process's own. Run: npm run bench -- cluster

import { performance } from "node:perf_hooks";
import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { ClusterSpec, MachineSpec } from "../src/api/clusterSpec.ts";
import { Deployment as DeploymentKind } from "../src/api/kinds/deployment.ts";
import { isReady, Node as NodeKind } from "../src/api/kinds/node.ts";
import { Pod as PodKind } from "../src/api/kinds/pod/kind.ts";
import type { Deployment } from "../src/api/types.ts";
import { hour, minute, second } from "../src/base/time.ts";
import { defaultCluster } from "../src/engine/defaultCluster.ts";
import { Engine } from "../src/engine/engine.ts";

const mebi = 1024 ** 2;

/** As many as there are ranges for Pods, the control plane's aside. */
const mostWorkers = 250;

idle();
day();
tenDays();
rollout();
pods();

/** Machines with nothing to do but to say so. */
function idle(): void {
  const engine = started(mostWorkers);
  engine.clock.run(5 * minute);
  const span = 2 * minute;
  const cpuMs = cpuOf(() => engine.clock.run(span));
  print(`${mostWorkers} idle nodes`, `${((cpuMs / span) * 100).toFixed(1)}% of one core at 1x`);
}

function day(): void {
  const engine = started(undefined);
  const from = performance.now();
  engine.clock.run(24 * hour);
  print("24 h of the default cluster", `${((performance.now() - from) / 1_000).toFixed(1)} s`);
}

function tenDays(): void {
  const engine = started(undefined);
  const sizes: number[] = [];
  for (let day = 0; day < 10; day++) {
    engine.clock.run(24 * hour);
    sizes.push(Math.round(heapBytes() / mebi));
  }
  print("heap after each of ten days", `${sizes.join(", ")} MB`);
}

/** From the request to the last Pod Running, as fast as the engine can. */
function rollout(): void {
  const engine = started(20);
  const from = performance.now();
  apply(engine, deployment("web", 1_000));
  const clusterFrom = engine.clock.now();
  runUntilRunning(engine, 1_000);
  const seconds = ((performance.now() - from) / 1_000).toFixed(2);
  const passed = (engine.clock.now() - clusterFrom) / second;
  print("Deployment of 1,000 replicas", `${seconds} s (${passed} s of the cluster's time)`);
}

/** What so many Pods take. */
function pods(): void {
  const engine = started(mostWorkers);
  const before = heapBytes();
  const from = performance.now();
  const deployments = 10;
  for (let i = 0; i < deployments; i++) apply(engine, deployment(`web-${i}`, 1_000));
  runUntilRunning(engine, deployments * 1_000);
  const seconds = (performance.now() - from) / 1_000;
  const heap = Math.round((heapBytes() - before) / mebi);
  const resident = Math.round(process.memoryUsage().rss / mebi);
  print("10,000 Pods", `${heap} MB heap, ${resident} MB resident, ${seconds.toFixed(0)} s`);
  const span = minute;
  const cpuMs = cpuOf(() => engine.clock.run(span));
  print("… and idle", `${((cpuMs / span) * 100).toFixed(1)}% of one core at 1x`);
}

/** A cluster whose nodes are Ready; the default one if no number of workers is given. */
function started(workers: number | undefined): Engine {
  const spec = workers === undefined ? defaultCluster : clusterOf(workers);
  const engine = new Engine({ now: Date.parse("2026-01-01T00:00:00Z"), seed: 1, spec });
  const client = engine.client("kubernetes-admin");
  for (let tries = 0; tries < 30; tries++) {
    engine.clock.run(10 * second);
    if (client.list(NodeKind).items.every(isReady)) return engine;
  }
  throw new Error("the nodes don't become Ready");
}

function clusterOf(workers: number): ClusterSpec {
  const worker = (_: unknown, i: number): MachineSpec => ({
    name: `worker-${i + 1}`,
    role: "worker",
    cpu: "32",
    memory: "128Gi",
  });
  const controlPlane = defaultCluster.machines.filter(({ role }) => role === "control-plane");
  return {
    ...defaultCluster,
    machines: [...controlPlane, ...Array.from({ length: workers }, worker)],
  };
}

function deployment(name: string, replicas: number): Deployment {
  const labels = { app: name };
  const container = {
    name: "web",
    image: "registry.k8s.io/pause:3.10",
    resources: { requests: { cpu: "10m", memory: "16Mi" } },
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "default" },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { name: "", labels }, spec: { containers: [container] } },
    },
  };
}

function apply(engine: Engine, object: Deployment): void {
  engine.client("kubernetes-admin").create(DeploymentKind, object);
}

function runUntilRunning(engine: Engine, count: number): void {
  const client = engine.client("kubernetes-admin");
  const isRunning = (): boolean =>
    client
      .list(PodKind, { namespace: "default" })
      .items.filter(({ status }) => status?.phase === "Running").length === count;
  do engine.clock.run(second);
  while (!isRunning());
}

/** CPU time of this process in milliseconds. */
function cpuOf(act: () => void): number {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

function heapBytes(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}

function print(what: string, figure: string): void {
  console.log(`${what.padEnd(32)} ${figure}`);
}
