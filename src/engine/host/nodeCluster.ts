// Opens the embedded cluster from Node: an engine in a worker thread of its own, watched over from here.
import { Worker } from "node:worker_threads";
import { apiErrors } from "../../api/apiErrorCodec.ts";
import { Emitter } from "../../base/emitter.ts";
import { connect, type Remote } from "../../base/rpc.ts";
import type { EmbeddedCluster, StopReason } from "../../client/embeddedCluster.ts";
import type { EngineContract } from "../../client/engineContract.ts";
import { PortCluster } from "../../client/portCluster.ts";
import { attachToCluster } from "./nodeAttachedCluster.ts";

/** How long the engine may be silent before it is taken for stuck. */
const defaultPatienceMs = 15_000;
/** How long another process may hold the store without letting anybody in. */
const inUsePatienceMs = 10_000;
/** How often it is asked for a sign of life in that time. */
const heartbeats = 6;

export interface WorkerData {
  readonly storagePath: string;
  readonly historyBytes?: number;
}

/** What the worker has to say beside the contract. */
export type WorkerNotice =
  | { readonly notice: "setAside"; readonly path: string; readonly reason: string }
  | { readonly notice: "inUse"; readonly path: string }
  | { readonly notice: "replaced" };

export interface NodeClusterOptions {
  /** Shown as the cluster's name. */
  readonly name: string;
  /** The bundled worker. */
  readonly workerPath: string;
  /** The SQLite file that keeps the cluster; made if it is missing. */
  readonly storagePath: string;
  /** The most that superseded states of objects may take. */
  readonly historyBytes?: number;
  /** How long the engine may be silent; 15 s if absent. */
  readonly patienceMs?: number;
}

/**
 * The cluster that is kept at `storagePath`: run from here, or from the window that runs it already.
 * Rejects with a `ClusterStopped` if the engine ends before it answers, or another process has the
 * store and lets nobody in.
 */
export async function openNodeCluster(options: NodeClusterOptions): Promise<EmbeddedCluster> {
  const end = performance.now() + inUsePatienceMs;
  for (;;)
    try {
      return await openOwnCluster(options);
    } catch (error) {
      if (!(error instanceof ClusterStopped) || error.reason.type !== "inUse") throw error;
      const attached = await attachToCluster(options);
      if (attached) return attached;
      if (performance.now() > end) throw error;
    }
}

async function openOwnCluster(options: NodeClusterOptions): Promise<EmbeddedCluster> {
  const { name, workerPath, storagePath, historyBytes, patienceMs = defaultPatienceMs } = options;
  const workerData: WorkerData = {
    storagePath,
    ...(historyBytes === undefined ? {} : { historyBytes }),
  };
  const worker = new Worker(workerPath, { workerData });
  const stopped = new Emitter<StopReason>();
  const setAside = new Emitter<{ path: string; reason: string }>();
  const messages = new Emitter<unknown>();
  const remote = connect<EngineContract>(
    { post: (message) => worker.postMessage(message), onMessage: messages.event },
    { errors: apiErrors },
  );
  let over = false;
  const stop = (reason: StopReason): void => {
    if (over) return;
    over = true;
    clearInterval(heartbeat);
    remote.close(new ClusterStopped(reason));
    worker.terminate().catch(() => undefined);
    stopped.fire(reason);
  };
  worker.on("message", (message: WorkerNotice) => {
    if (message.notice === "inUse") stop({ type: "inUse" });
    else if (message.notice === "replaced") stop({ type: "replaced" });
    else if (message.notice === "setAside") setAside.fire(message);
    else messages.fire(message);
  });
  worker.on("error", (error) => stop({ type: "crashed", message: String(error) }));
  worker.on("exit", (code) =>
    stop({ type: "crashed", message: `the worker ended with code ${code}` }),
  );
  const heartbeat = watchOver(remote, patienceMs, () => stop({ type: "unresponsive" }));
  const cluster = await PortCluster.open(name, remote);
  const quietly = (): void => {
    over = true;
    clearInterval(heartbeat);
    cluster.dispose();
    remote.dispose();
  };
  return {
    name,
    client: cluster.client,
    timeline: cluster.timeline,
    simulator: cluster.simulator,
    isOwn: true,
    onDidStop: stopped.event,
    onDidSetAside: setAside.event,
    async close() {
      if (over) return;
      await remote.call("close");
      quietly();
      await worker.terminate();
    },
    dispose() {
      if (over) return;
      quietly();
      worker.terminate().catch(() => undefined);
    },
  };
}

export class ClusterStopped extends Error {
  constructor(readonly reason: StopReason) {
    super(reason.type === "crashed" ? reason.message : reason.type);
    this.name = "ClusterStopped";
  }
}

/** Calls `silent` when the worker has not answered for `patienceMs`. */
function watchOver(
  remote: Remote<EngineContract>,
  patienceMs: number,
  silent: () => void,
): NodeJS.Timeout {
  let lastAnswer = performance.now();
  let asking = false;
  const timer = setInterval(() => {
    if (performance.now() - lastAnswer > patienceMs) silent();
    if (asking) return;
    asking = true;
    const answered = (): void => {
      asking = false;
      lastAnswer = performance.now();
    };
    remote.call("status").then(answered, answered);
  }, patienceMs / heartbeats);
  timer.unref();
  return timer;
}
