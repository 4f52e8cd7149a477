import assert from "node:assert/strict";
import { admitPriority } from "../../../../src/api/kinds/pod/admitPriority.ts";
import type { Pod, PodSpec, PriorityClass } from "../../../../src/api/types.ts";
import { type Draft, draft } from "../../../../src/base/draft.ts";

function priorityClass(name: string, value: number, more: Partial<PriorityClass> = {}) {
  const apiVersion = "scheduling.k8s.io/v1";
  const preemptionPolicy = "PreemptLowerPriority" as const;
  const kind = "PriorityClass";
  return { apiVersion, kind, metadata: { name }, value, preemptionPolicy, ...more };
}

const classes: readonly PriorityClass[] = [
  priorityClass("high", 1000),
  priorityClass("polite", 500, { preemptionPolicy: "Never" }),
];
const withDefault = [...classes, priorityClass("usual", 7, { globalDefault: true })];

function podWith(spec: Partial<PodSpec>): Draft<Pod> {
  const metadata = { name: "web" };
  return draft<Pod>({ apiVersion: "v1", kind: "Pod", metadata, spec: { containers: [], ...spec } });
}

describe("a Pod's priority", () => {
  for (const [claim, spec, known, expected] of [
    ["is 0 without a class", {}, classes, [undefined, 0, "PreemptLowerPriority"]],
    ["is its class's", { priorityClassName: "polite" }, classes, ["polite", 500, "Never"]],
    ["is the default class's", {}, withDefault, ["usual", 7, "PreemptLowerPriority"]],
    [
      "may be stated if it is right",
      { priorityClassName: "high", priority: 1000 },
      classes,
      ["high", 1000, "PreemptLowerPriority"],
    ],
  ] as const)
    it(claim, () => {
      const pod = podWith(spec);
      assert.equal(admitPriority(pod, known), undefined);
      const { priorityClassName, priority, preemptionPolicy } = pod.spec;
      assert.deepEqual([priorityClassName, priority, preemptionPolicy], expected);
    });

  for (const [claim, spec, message] of [
    ["of an unknown class", { priorityClassName: "x" }, "no PriorityClass with name x was found"],
    [
      "that contradicts its class",
      { priorityClassName: "high", priority: 1 },
      "the integer value of priority (1) must not be provided in pod spec; priority admission controller computed 1000 from the given PriorityClass name",
    ],
    [
      "whose policy contradicts its class",
      { priorityClassName: "polite", preemptionPolicy: "PreemptLowerPriority" },
      "the string value of PreemptionPolicy (PreemptLowerPriority) must not be provided in pod spec; priority admission controller computed Never from the given PriorityClass name",
    ],
  ] as const)
    it(`${claim} is refused`, () => assert.equal(admitPriority(podWith(spec), classes), message));
});
