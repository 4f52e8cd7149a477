// A whole engine behind a real port within the test's process; its clock moves only when it is told to.

import { MessageChannel, type MessagePort } from "node:worker_threads";
import { apiErrors } from "../../src/api/apiErrorCodec.ts";
import type { ClusterSpec } from "../../src/api/clusterSpec.ts";
import { disposable } from "../../src/base/disposable.ts";
import { connect, type Port } from "../../src/base/rpc.ts";
import type { Cluster, Simulator } from "../../src/client/cluster.ts";
import type { EngineContract } from "../../src/client/engineContract.ts";
import { PortCluster } from "../../src/client/portCluster.ts";
import { defaultCluster } from "../../src/engine/defaultCluster.ts";
import { Engine } from "../../src/engine/engine.ts";
import type { DurableLog } from "../../src/engine/host/durableLog.ts";
import { EngineHost } from "../../src/engine/host/engineHost.ts";

export interface TestCluster extends Cluster {
  readonly simulator: Simulator;
  readonly engine: Engine;
}

export interface TestClusterOptions {
  readonly spec?: ClusterSpec;
  /** What stores the writes; nothing does if absent. */
  readonly log?: DurableLog;
  /** Milliseconds of the wall clock, which stands still if absent. */
  readonly wallNow?: () => number;
}

/** Noon, some day. */
export const startedAt = Date.UTC(2026, 0, 31, 12);

/** Paused: `simulator.step` lets its time pass. */
export async function openTestCluster({
  spec = defaultCluster,
  log = { commit: () => undefined, close: () => undefined },
  wallNow = () => 0,
}: TestClusterOptions = {}): Promise<TestCluster> {
  const { port1, port2 } = new MessageChannel();
  const engine = new Engine({ now: startedAt, seed: 1, spec });
  const later = () => ({ cancel: () => undefined });
  const wall = { now: wallNow, soon: setImmediate, later };
  new EngineHost({ engine, log, wall }).serve(portOf(port1));
  const remote = connect<EngineContract>(portOf(port2), { errors: apiErrors });
  const cluster = await PortCluster.open("test", remote);
  await cluster.simulator.pause();
  return {
    name: cluster.name,
    client: cluster.client,
    timeline: cluster.timeline,
    simulator: cluster.simulator,
    engine,
    dispose() {
      cluster.dispose();
      remote.dispose();
      port1.close();
    },
  };
}

export function portOf(port: MessagePort): Port {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on("message", listener);
      return disposable(() => port.off("message", listener));
    },
  };
}
