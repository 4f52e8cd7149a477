// Entry of the engine's worker thread on Node: storage, wall clock and port are Node's.
import { parentPort, workerData } from "node:worker_threads";
import { assert } from "../../base/assert.ts";
import { Emitter } from "../../base/emitter.ts";
import { hash } from "../../base/random.ts";
import { second } from "../../base/time.ts";
import { defaultCluster } from "../defaultCluster.ts";
import { Engine } from "../engine.ts";
import { EngineHost } from "./engineHost.ts";
import type { WorkerData, WorkerNotice } from "./nodeCluster.ts";
import { NodeStorage, StorageInUse } from "./nodeStorage.ts";

assert(parentPort, "the engine runs in a worker thread");
const port = parentPort;
const { storagePath } = workerData as WorkerData;

/** The machines of a new cluster need this long to get ready: nobody should have to watch it. */
const firstBootMs = second;

const messages = new Emitter<unknown>();
port.on("message", (message) => messages.fire(message));

const opened = openStorage();
if (opened) {
  const { storage: log, stored } = opened;
  const seed = Number(log.getMeta("seed") ?? hash(`${storagePath}${Date.now()}`));
  log.setMeta("seed", String(seed));
  const engine = new Engine({
    now: Date.now() - firstBootMs,
    seed,
    spec: defaultCluster,
    history: stored,
    backend: log,
  });
  if (stored.events.length === 0) engine.clock.run(firstBootMs);
  for (const event of engine.trace.since((stored.trace.at(-1)?.id ?? 0) + 1))
    log.appendTrace(event);
  engine.trace.onAdded((event) => log.appendTrace(event));
  new EngineHost({
    engine,
    log,
    storagePath,
    wall: {
      now: () => performance.now(),
      later(delay, call) {
        const timer = setTimeout(call, delay);
        return { cancel: () => clearTimeout(timer) };
      },
    },
    port: { post: (message) => port.postMessage(message), onMessage: messages.event },
  });
}

function openStorage(): ReturnType<typeof NodeStorage.open> | undefined {
  try {
    return NodeStorage.open({
      path: storagePath,
      onSetAside: (path, reason) => notify({ notice: "setAside", path, reason }),
    });
  } catch (error) {
    if (!(error instanceof StorageInUse)) throw error;
    notify({ notice: "inUse", path: storagePath });
    return undefined;
  }
}

function notify(notice: WorkerNotice): void {
  port.postMessage(notice);
}
