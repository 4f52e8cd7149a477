// Sessions of the real kubectl, recorded on a real control plane, played against this one.
import assert from "node:assert/strict";
import process from "node:process";
import { ensureClients } from "../support/clients/clients.ts";
import { type Difference, playSession } from "../support/kubectl/player.ts";
import { type ServedCluster, serveCluster } from "../support/kubectl/servedCluster.ts";
import { recordedSessions, type Session } from "../support/kubectl/session.ts";

/** Played at the same time: kubectl mostly waits. */
const atOnce = 4;

const sessions = recordedSessions();

describe("kubectl behaves as with a real control plane:", () => {
  const outcomes = new Map<string, Promise<Difference | undefined>>();
  let cluster: ServedCluster;

  before(async () => {
    const { kubectl } = await ensureClients();
    cluster = await serveCluster("--nodes", "3", "--profile", "conformance");
    const options = { kubectl, kubeconfig: cluster.kubeconfig, server: cluster.url };
    const play = pool(atOnce);
    for (const session of sessions) {
      const outcome = play(() => playSession(session, options));
      // Failures are told by the session's own test.
      outcome.catch(() => undefined);
      outcomes.set(session.name, outcome);
    }
  });

  after(async () => {
    await tell(sessions, outcomes);
    assert.equal(await cluster.stop(), 0, "serve ends cleanly");
  });

  for (const { name, area } of sessions)
    it(`${area}: ${name}`, async () => {
      const difference = await outcomes.get(name);
      if (!difference) return;
      const { step, run, expected, actual } = difference;
      assert.deepEqual(actual, expected, `step ${step}: kubectl ${run}`);
    });
});

/** Runs what it is given, at most so much at once, in order. */
function pool(size: number): <T>(act: () => Promise<T>) => Promise<T> {
  const free: (() => void)[] = [];
  let running = 0;
  return async (act) => {
    if (running >= size) await new Promise<void>((resolve) => free.push(resolve));
    running++;
    try {
      return await act();
    } finally {
      running--;
      free.shift()?.();
    }
  };
}

/** A line for each area: how many of its sessions pass. */
async function tell(
  all: readonly Session[],
  outcomes: ReadonlyMap<string, Promise<Difference | undefined>>,
): Promise<void> {
  const isPassed = async ({ name }: Session): Promise<boolean> => {
    const outcome = outcomes.get(name);
    if (!outcome) return false;
    return outcome.then((difference) => difference === undefined).catch(() => false);
  };
  const areas = Map.groupBy(all, ({ area }) => area);
  for (const [area, own] of [...areas].sort()) {
    const passed = (await Promise.all(own.map(isPassed))).filter(Boolean).length;
    process.stdout.write(`    ${area.padEnd(16)} ${passed} of ${own.length}\n`);
  }
}
