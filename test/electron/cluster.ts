// The extension's cluster, for suites in the extension host.
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { commands } from "vscode";
import { Pod } from "../../src/api/kinds/pod/kind.ts";
import type { Pod as PodObject } from "../../src/api/types.ts";
import type { Simulator } from "../../src/client/cluster.ts";
import type { EmbeddedCluster } from "../../src/client/embeddedCluster.ts";
import type { ExtensionApi } from "../../src/extension.ts";
import type { Editor } from "../../src/vscode/activate.ts";
import { commands as ours } from "../../src/vscode/commandIds.ts";
import { activated } from "./extension.ts";
import { rowAt } from "./treeOutline.ts";

const pollMs = 50;
const patienceMs = 20_000;

/** A cluster whose clock can be controlled. */
export type RunningCluster = EmbeddedCluster & { readonly simulator: Simulator };

/** What the extension's entry loads when somebody looks. */
export async function editor(): Promise<Editor> {
  return ((await activated()) as ExtensionApi).editor();
}

/** The cluster, started by the command if it doesn't run yet. */
export async function runningCluster(): Promise<RunningCluster> {
  await commands.executeCommand(ours.startCluster);
  const { session } = await editor();
  assert.equal(session.state.phase, "running", JSON.stringify(session.state));
  const { cluster } = session.state;
  assert.ok(cluster.simulator, "the cluster has no clock");
  return cluster as RunningCluster;
}

/** The cluster at this speed, with every node Ready. */
export async function readyCluster(speed = 60): Promise<RunningCluster> {
  const cluster = await runningCluster();
  await cluster.simulator.setSpeed(speed);
  const { tree } = await editor();
  await eventually(
    async () => (await rowAt(tree, "Worker nodes"))?.description,
    (text) => text === "3 of 3 Ready",
    "three workers Ready",
  );
  return cluster;
}

/**
 * Reads again and again until the value is as expected.
 * @throws Error with the last value after 20 seconds.
 */
export async function eventually<T>(
  read: () => T | Promise<T>,
  isExpected: (value: T) => boolean,
  claim: string,
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const value = await read();
    if (isExpected(value)) return value;
    if (performance.now() > deadline)
      throw new Error(`in vain waited for ${claim}; last: ${JSON.stringify(value, null, 2)}`);
    await delay(pollMs);
  }
}

/** The Pods of an app in the namespace default, by their label `app`. */
export async function podsOf(app: string, cluster: RunningCluster): Promise<readonly PodObject[]> {
  const { items } = await cluster.client.list(Pod, {
    namespace: "default",
    labelSelector: `app=${app}`,
  });
  return items;
}

/** Whether the Pod runs, is ready and stays. */
export function isServing({ metadata, status }: PodObject): boolean {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  const stays = metadata.deletionTimestamp === undefined;
  return stays && status?.phase === "Running" && ready?.status === "True";
}
