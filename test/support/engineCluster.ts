// A whole engine behind a real port within the test's process; its clock moves only when it is told to.
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { apiErrors } from "../../src/api/apiErrorCodec.ts";
import { disposable } from "../../src/base/disposable.ts";
import { connect, type Port } from "../../src/base/rpc.ts";
import type { Cluster, Simulator } from "../../src/client/cluster.ts";
import type { EngineContract } from "../../src/client/engineContract.ts";
import { PortCluster } from "../../src/client/portCluster.ts";
import { type ClusterSpec, defaultCluster } from "../../src/engine/defaultCluster.ts";
import { Engine } from "../../src/engine/engine.ts";
import { EngineHost } from "../../src/engine/host/engineHost.ts";

export interface TestCluster extends Cluster {
  readonly simulator: Simulator;
  readonly engine: Engine;
}

/** Noon, some day. */
export const startedAt = Date.UTC(2026, 0, 31, 12);

/** Paused: `simulator.step` lets its time pass. */
export async function openTestCluster(spec: ClusterSpec = defaultCluster): Promise<TestCluster> {
  const { port1, port2 } = new MessageChannel();
  const engine = new Engine({ now: startedAt, seed: 1, spec });
  const log = { commit: () => undefined, close: () => undefined };
  const wall = { now: () => 0, soon: setImmediate, later: () => ({ cancel: () => undefined }) };
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

function portOf(port: MessagePort): Port {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on("message", listener);
      return disposable(() => port.off("message", listener));
    },
  };
}
