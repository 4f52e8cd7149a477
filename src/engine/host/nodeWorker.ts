// Entry of the engine's worker thread on Node.
import { inspect } from "node:util";
import { parentPort, workerData } from "node:worker_threads";
import { assert } from "../../base/assert.ts";
import { Emitter } from "../../base/emitter.ts";
import { defaultCluster } from "../defaultCluster.ts";
import type { WorkerData, WorkerNotice } from "./nodeCluster.ts";
import { NodeEngine } from "./nodeEngine.ts";
import { StorageInUse } from "./nodeStorage.ts";

assert(parentPort, "the engine runs in a worker thread");
const port = parentPort;
const { storagePath, historyBytes } = workerData as WorkerData;

/** Messages that come before the engine is there wait for it. */
const early: unknown[] = [];
const messages = new Emitter<unknown>();
port.on("message", (message) => {
  if (serving) messages.fire(message);
  else early.push(message);
});
let serving = false;
void start();

async function start(): Promise<void> {
  try {
    const { host } = await NodeEngine.open({
      storagePath,
      spec: { ...defaultCluster, setUp: "kubeadm" },
      ...(historyBytes === undefined ? {} : { historyBytes }),
      onSetAside: (path, reason) => notify({ notice: "setAside", path, reason }),
      onDefect: (error) => process.stderr.write(`${inspect(error)}\n`),
      onReplaced: () => notify({ notice: "replaced" }),
    });
    host.serve({ post: (message) => port.postMessage(message), onMessage: messages.event });
    serving = true;
    for (const message of early.splice(0)) messages.fire(message);
  } catch (error) {
    if (!(error instanceof StorageInUse)) throw error;
    notify({ notice: "inUse", path: storagePath });
  }
}

function notify(notice: WorkerNotice): void {
  port.postMessage(notice);
}
