// How many replicas metrics call for: three Pods with a request of one core each, unless said otherwise.
import { deepEqual, equal } from "node:assert/strict";
import type { Pod } from "../../../../src/api/types.ts";
import { formatTime, hour, minute, second } from "../../../../src/base/time.ts";
import {
  proposedReplicas,
  type Target,
} from "../../../../src/engine/controllers/horizontalPodAutoscaler/replicaCalculator.ts";

const now = Date.UTC(2026, 0, 31);

interface Case {
  readonly name: string;
  /** Thousandths by Pod; undefined where a metric is missing. */
  readonly values: readonly (number | undefined)[];
  readonly states?: readonly PodState[];
  readonly target?: Target;
  readonly resource?: string;
  readonly expected: number | string;
}

type PodState = "ready" | "unready" | "pending" | "failed" | "fresh";

function pod(name: string, state: PodState): Pod {
  const startedAt = now - (state === "fresh" ? 20 * second : hour);
  const changedAt = state === "unready" ? startedAt + second : startedAt + 10 * second;
  const phase = state === "pending" ? "Pending" : state === "failed" ? "Failed" : "Running";
  const status = state === "unready" ? "False" : "True";
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: { containers: [] },
    status: {
      phase,
      startTime: formatTime(startedAt),
      conditions: [{ type: "Ready", status, lastTransitionTime: formatTime(changedAt) }],
    },
  };
}

function percent(utilization: number): Target {
  const requests = new Map(Array.from({ length: 10 }, (_, i) => [`pod-${i}`, 1_000]));
  return { utilization, requests };
}

const cases: readonly Case[] = [
  { name: "scales up", values: [300, 500, 700], target: percent(30), expected: 5 },
  { name: "scales down", values: [100, 300, 500], target: percent(50), expected: 2 },
  { name: "tolerates a tenth", values: [1_000, 1_010, 1_020], target: percent(100), expected: 3 },
  {
    name: "scales by a value",
    values: [300, 500, 700],
    target: { averageValue: 300 },
    expected: 5,
  },
  {
    name: "counts an unready Pod as idle",
    values: [300, 500, 700],
    states: ["unready", "ready", "ready"],
    target: percent(30),
    expected: 4,
  },
  {
    name: "doesn't count a Pod that has just become ready",
    values: [300, 500, 700],
    states: ["fresh", "ready", "ready"],
    target: percent(30),
    expected: 4,
  },
  {
    name: "counts an unready Pod's memory",
    values: [300, 500, 700],
    states: ["unready", "ready", "ready"],
    resource: "memory",
    target: percent(30),
    expected: 5,
  },
  {
    name: "leaves failed Pods out",
    values: [undefined, 500, 700],
    states: ["failed", "ready", "ready"],
    target: percent(30),
    expected: 4,
  },
  {
    name: "takes a missing metric for idle",
    values: [undefined, 500, 700],
    target: percent(30),
    expected: 4,
  },
  {
    name: "takes a missing metric for busy",
    values: [undefined, 100, 100],
    target: percent(50),
    expected: 3,
  },
  {
    name: "says that all are unready",
    values: [300, 300, 300],
    states: ["pending", "pending", "unready"],
    target: percent(30),
    expected: "did not receive metrics for targeted pods (pods might be unready)",
  },
];

describe("replica calculator", () => {
  for (const {
    name,
    values,
    states = [],
    target = percent(50),
    resource = "cpu",
    expected,
  } of cases)
    it(name, () => {
      const pods = values.map((_, i) => pod(`pod-${i}`, states[i] ?? "ready"));
      const metrics = new Map(
        values.flatMap((value, i) =>
          value === undefined ? [] : [[`pod-${i}`, { value, at: now, window: minute }] as const],
        ),
      );
      const currentReplicas = values.length;
      const result = proposedReplicas({ pods, metrics, resource, currentReplicas, target, now });
      equal("error" in result ? result.error : result.replicas, expected);
    });

  it("has nothing to say of no Pods", () => {
    const target = percent(50);
    const nothing = {
      pods: [],
      metrics: new Map(),
      resource: "cpu",
      currentReplicas: 0,
      target,
      now,
    };
    deepEqual(proposedReplicas(nothing), {
      error: "No pods returned by selector while calculating replica count",
    });
  });
});
