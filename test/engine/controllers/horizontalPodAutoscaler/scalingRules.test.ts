// How fast and how far replicas may go.
import { deepEqual } from "node:assert/strict";
import {
  allowedReplicas,
  type ScalingQuestion,
} from "../../../../src/engine/controllers/horizontalPodAutoscaler/scalingRules.ts";

const now = Date.UTC(2026, 0, 31);
const none = { recommendations: [], ups: [], downs: [] };

const defaults = {
  scaleUp: {
    selectPolicy: "Max",
    policies: [
      { type: "Pods", value: 4, periodSeconds: 15 },
      { type: "Percent", value: 100, periodSeconds: 15 },
    ],
  },
  scaleDown: {
    selectPolicy: "Max",
    policies: [{ type: "Percent", value: 100, periodSeconds: 15 }],
  },
};

type Given = Partial<ScalingQuestion> & { current: number; wanted: number };

const cases: readonly [string, Given, [number, string, string]][] = [
  [
    "takes what is within range",
    { current: 3, wanted: 4 },
    [4, "ReadyForNewScale", "DesiredWithinRange"],
  ],
  ["doubles at most", { current: 3, wanted: 9 }, [6, "ReadyForNewScale", "ScaleUpLimit"]],
  ["always allows four", { current: 1, wanted: 9 }, [4, "ReadyForNewScale", "ScaleUpLimit"]],
  ["stops at the maximum", { current: 8, wanted: 12 }, [10, "ReadyForNewScale", "TooManyReplicas"]],
  ["stops at the minimum", { current: 3, wanted: 0 }, [1, "ReadyForNewScale", "TooFewReplicas"]],
  [
    "shrinks to the highest of the last five minutes",
    {
      current: 5,
      wanted: 2,
      history: { ...none, recommendations: [{ at: now - 290_000, replicas: 4 }] },
    },
    [4, "ScaleDownStabilized", "DesiredWithinRange"],
  ],
  [
    "forgets what was recommended earlier",
    {
      current: 5,
      wanted: 2,
      history: { ...none, recommendations: [{ at: now - 301_000, replicas: 4 }] },
    },
    [2, "ReadyForNewScale", "DesiredWithinRange"],
  ],
  [
    "adds by the policy that allows most",
    { current: 3, wanted: 9, behavior: defaults },
    [7, "ReadyForNewScale", "ScaleUpLimit"],
  ],
  [
    "counts what was added within the period",
    {
      current: 5,
      wanted: 9,
      behavior: defaults,
      history: { ...none, ups: [{ at: now - 10_000, change: 3 }] },
    },
    [6, "ReadyForNewScale", "ScaleUpLimit"],
  ],
  [
    "removes no faster than a policy says",
    {
      current: 8,
      wanted: 2,
      behavior: {
        ...defaults,
        scaleDown: {
          stabilizationWindowSeconds: 0,
          selectPolicy: "Max",
          policies: [{ type: "Pods", value: 2, periodSeconds: 60 }],
        },
      },
    },
    [6, "ReadyForNewScale", "ScaleDownLimit"],
  ],
  [
    "waits for a window before it adds",
    {
      current: 3,
      wanted: 6,
      behavior: { ...defaults, scaleUp: { ...defaults.scaleUp, stabilizationWindowSeconds: 60 } },
      history: { ...none, recommendations: [{ at: now - 30_000, replicas: 3 }] },
    },
    [3, "ScaleUpStabilized", "DesiredWithinRange"],
  ],
  [
    "does not scale where that is disabled",
    {
      current: 3,
      wanted: 6,
      behavior: { ...defaults, scaleUp: { ...defaults.scaleUp, selectPolicy: "Disabled" } },
    },
    [3, "ReadyForNewScale", "ScaleUpLimit"],
  ],
];

describe("scaling rules", () => {
  for (const [name, given, expected] of cases)
    it(name, () => {
      const question = { min: 1, max: 10, history: none, now, ...given };
      const { replicas, ableToScale, scalingLimited } = allowedReplicas(question);
      deepEqual([replicas, ableToScale.reason, scalingLimited.reason], expected);
    });
});
