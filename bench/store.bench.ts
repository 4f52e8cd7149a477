// The API server over its store: durable writes, a long list, a watch with many readers, and memory.
// Beside a real etcd and kube-apiserver, compare ratios of one run. Run: npm run bench -- store
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { ApiRequest } from "../src/api/request.ts";
import { userNamed } from "../src/api/user.ts";
import { Engine } from "../src/engine/engine.ts";
import { CommitGate } from "../src/engine/host/commitGate.ts";
import { Durability } from "../src/engine/host/durability.ts";
import { LeaderWait } from "../src/engine/host/leaderWait.ts";
import { NodeStorage } from "../src/engine/host/nodeStorage.ts";

const admin = userNamed("kubernetes-admin");
const objectBytes = 1_024;
const writesPerWriter = { 1: 2_000, 64: 400 } as const;
const podCount = 10_000;
const watcherCount = 1_000;
const watchedWrites = 100;

const folder = mkdtempSync(join(tmpdir(), "tutor-bench-"));
try {
  for (const writers of [1, 64] as const) await benchWrites(writers);
  benchPods();
  benchFanOut();
} finally {
  rmSync(folder, { recursive: true });
}

interface World {
  readonly engine: Engine;
  readonly gate: CommitGate;
}

/** A control plane without machines, stored in a file of its own. */
function open(name: string): World {
  const path = join(folder, `${name}.sqlite`);
  const { storage } = NodeStorage.open({ path, onSetAside: () => undefined });
  const now = Date.parse("2026-01-01T00:00:00Z");
  const engine = new Engine({ now, seed: 1, spec: { machines: [] }, backend: storage });
  engine.clock.run(1_000);
  const durability = new Durability(storage, engine.store, () => performance.now());
  const wall = { later: () => ({ cancel: () => undefined }), soon: setImmediate };
  const leaders = new LeaderWait({ etcd: engine.etcd.cluster, clock: engine.clock, wall });
  const gate = new CommitGate(durability, leaders, wall);
  return { engine, gate };
}

/** Each writer waits until its write is on the disk before it sends the next. */
async function benchWrites(writers: 1 | 64): Promise<void> {
  const { engine, gate } = open(`writes-${writers}`);
  const count = writesPerWriter[writers];
  const write = async (writer: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const request = create("configmaps", configMap(`w${writer}-${i}`));
      const answer = await gate.answer(request, () => engine.apiServer.handle(admin, request));
      if (answer.code !== 201) throw new Error(JSON.stringify(answer.body));
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  const seconds = (performance.now() - started) / 1_000;
  const rate = Math.round((writers * count) / seconds);
  print(`durable writes of 1 KB, ${writers} writers`, `${rate}/s`);
}

function benchPods(): void {
  const { engine } = open("pods");
  const before = heapBytes();
  for (let i = 0; i < podCount; i++) must(engine, create("pods", pod(`web-${i}`)));
  print(`memory of ${podCount} Pods`, `${Math.round((heapBytes() - before) / 1024 ** 2)} MB`);
  const list: ApiRequest = { verb: "list", apiVersion: "v1", resource: "pods", namespace: "" };
  print(`list of ${podCount} Pods`, `${best(10, () => must(engine, list)).toFixed(1)} ms`);
  const text = best(5, () => JSON.stringify(must(engine, list)));
  print(`list of ${podCount} Pods as JSON`, `${text.toFixed(1)} ms`);
}

function benchFanOut(): void {
  const { engine } = open("fan-out");
  let delivered = 0;
  const watch: ApiRequest = { ...create("configmaps", {}), verb: "watch" };
  for (let i = 0; i < watcherCount; i++)
    engine.apiServer.watch(admin, watch, () => {
      delivered++;
    });
  delivered = 0;
  const started = performance.now();
  for (let i = 0; i < watchedWrites; i++) must(engine, create("configmaps", configMap(`m${i}`)));
  const ms = performance.now() - started;
  if (delivered !== watchedWrites * watcherCount) throw new Error(`${delivered} were delivered`);
  const rate = Math.round(delivered / ms) * 1_000;
  print(
    `a write to ${watcherCount} watchers`,
    `${(ms / watchedWrites).toFixed(2)} ms, ${rate} events/s`,
  );
}

function create(resource: string, body: object): ApiRequest {
  return { verb: "create", apiVersion: "v1", resource, namespace: "default", body };
}

function must(engine: Engine, request: ApiRequest): unknown {
  const { code, body } = engine.apiServer.handle(admin, request);
  if (code >= 400) throw new Error(JSON.stringify(body));
  return body;
}

function configMap(name: string): object {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name },
    data: { filler: "x".repeat(objectBytes) },
  };
}

function pod(name: string): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: { app: "web" } },
    spec: { containers: [{ name: "app", image: "nginx:1.27" }] },
  };
}

/** The shortest of so many runs, in milliseconds. */
function best(runs: number, act: () => unknown): number {
  return Math.min(
    ...Array.from({ length: runs }, () => {
      const started = performance.now();
      act();
      return performance.now() - started;
    }),
  );
}

function heapBytes(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed;
}

function print(what: string, figure: string): void {
  console.log(`${what.padEnd(40)} ${figure}`);
}
