import assert from "node:assert/strict";
import type { Pod } from "../../../src/api/types.ts";
import { formatTime, hour, minute, second } from "../../../src/base/time.ts";
import { victims } from "../../../src/engine/controllers/podRanking.ts";

const now = Date.UTC(2026, 0, 31, 12);

interface Look {
  readonly node?: string;
  readonly phase?: "Pending" | "Running" | "Unknown";
  readonly readyFor?: number;
  readonly cost?: string;
  readonly restarts?: number;
  readonly age?: number;
}

/** A Pod on node n, ready for an hour, two hours old, unless it says otherwise. */
function pod(name: string, look: Look = {}): Pod {
  const {
    node = "n",
    phase = "Running",
    readyFor = hour,
    cost,
    restarts = 0,
    age = 2 * hour,
  } = look;
  const lastTransitionTime = formatTime(now - readyFor);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      uid: name,
      creationTimestamp: formatTime(now - age),
      ...(cost === undefined
        ? {}
        : { annotations: { "controller.kubernetes.io/pod-deletion-cost": cost } }),
    },
    spec: { containers: [], ...(node === "" ? {} : { nodeName: node }) },
    status: {
      phase,
      conditions: readyFor > 0 ? [{ type: "Ready", status: "True", lastTransitionTime }] : [],
      containerStatuses: [
        { name: "main", image: "", imageID: "", ready: readyFor > 0, restartCount: restarts },
      ],
    },
  };
}

function firstVictim(pods: readonly Pod[], related: readonly Pod[] = []): string | undefined {
  return victims(pods, related, 1, now)[0]?.metadata.name;
}

describe("the Pod that goes first", () => {
  for (const [claim, goes, stays] of [
    ["has no node", { node: "", readyFor: 0, phase: "Pending" }, { phase: "Pending", readyFor: 0 }],
    ["is Pending rather than Running", { phase: "Pending" }, {}],
    ["is Pending rather than Unknown", { phase: "Pending" }, { phase: "Unknown" }],
    ["is not ready", { readyFor: 0 }, {}],
    ["costs less to delete", { cost: "-5" }, { cost: "0" }],
    ["costs nothing, if the other's cost is positive", {}, { cost: "10" }],
    ["has a cost that means something", { cost: "-1" }, { cost: "+100" }],
    ["has been ready for a much shorter time", { readyFor: minute }, { readyFor: hour }],
    ["restarted more often", { restarts: 5 }, { restarts: 1 }],
    ["is much younger", { age: 3 * minute, readyFor: minute }, { readyFor: minute }],
  ] as const satisfies readonly (readonly [string, Look, Look])[])
    it(claim, () => {
      assert.equal(firstVictim([pod("stays", stays), pod("goes", goes)]), "goes");
      assert.equal(firstVictim([pod("goes", goes), pod("stays", stays)]), "goes");
    });

  it("shares its node with more Pods of its owner", () => {
    const pods = [pod("alone", { node: "a" }), pod("crowded", { node: "b" })];
    const sibling = pod("sibling", { node: "b" });
    assert.equal(firstVictim(pods, [...pods, sibling]), "crowded");
  });

  it("does not depend on small differences of age", () => {
    // 40 and 60 minutes lie in one power of two; then the uid decides.
    const pods = [pod("a", { readyFor: 60 * minute }), pod("b", { readyFor: 40 * minute })];
    assert.equal(firstVictim(pods), "a");
  });

  it("is any, if all must go", () => {
    const pods = [pod("a"), pod("b", { readyFor: second })];
    assert.deepEqual(victims(pods, [], 2, now), pods);
  });
});
