// Which Pods go first where a machine runs short, and what they are told.
// Expectations: pkg/kubelet/eviction/helpers.go rankMemoryPressure and evictionMessage, kubernetes v1.34.
import assert from "node:assert/strict";
import type { Pod } from "../../../src/api/types.ts";
import {
  evictionOrder,
  evictionVerdict,
  isCriticalPod,
  type PodUse,
  pressureRejection,
} from "../../../src/engine/node/eviction.ts";

const mebi = 2 ** 20;

interface Given {
  readonly uses: number;
  readonly requests?: string;
  readonly limits?: string;
  readonly priority?: number;
}

function use(name: string, { uses, requests, limits, priority = 0 }: Given): PodUse {
  const resources = {
    ...(requests ? { requests: { memory: requests, cpu: "1" } } : {}),
    ...(limits ? { limits: { memory: limits, cpu: "1" } } : {}),
  };
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: { priority, containers: [{ name: "app", resources }] },
  } as Pod;
  return { pod, containers: new Map([["app", uses * mebi]]) };
}

const names = (uses: readonly PodUse[]) => uses.map(({ pod }) => pod.metadata.name);

describe("eviction under memory pressure", () => {
  const cases: readonly { what: string; uses: readonly PodUse[]; order: readonly string[] }[] = [
    {
      what: "whoever exceeds its request goes before whoever does not, whatever the priority",
      uses: [
        use("modest", { uses: 900, requests: "1Gi", priority: -10 }),
        use("greedy", { uses: 50, requests: "10Mi", priority: 1_000 }),
      ],
      order: ["greedy", "modest"],
    },
    {
      what: "of those that exceed it the lower priority goes first",
      uses: [use("high", { uses: 500, priority: 100 }), use("low", { uses: 10, priority: 1 })],
      order: ["low", "high"],
    },
    {
      what: "of the same priority the larger excess goes first",
      uses: [use("asked", { uses: 400, requests: "300Mi" }), use("unasked", { uses: 200 })],
      order: ["unasked", "asked"],
    },
    {
      what: "of those within their requests the one with the least left goes first",
      uses: [
        use("roomy", { uses: 100, requests: "1Gi" }),
        use("tight", { uses: 90, requests: "100Mi" }),
      ],
      order: ["tight", "roomy"],
    },
  ];
  for (const { what, uses, order } of cases)
    it(what, () => assert.deepEqual(names(evictionOrder(uses, "memory")), order));

  it("tells what was short and who took more than it asked for", () => {
    const signal = { available: 60 * mebi, threshold: 100 * mebi };
    assert.deepEqual(
      evictionVerdict(use("web", { uses: 200, requests: "128Mi" }), "memory", signal),
      {
        reason: "Evicted",
        message:
          "The node was low on resource: memory. Threshold quantity: 100Mi, available: 60Mi. " +
          "Container app was using 200Mi, request is 128Mi, has larger consumption of memory. ",
      },
    );
    assert.equal(
      evictionVerdict(use("web", { uses: 100, requests: "128Mi" }), "memory", signal).message,
      "The node was low on resource: memory. Threshold quantity: 100Mi, available: 60Mi. ",
    );
  });
});

describe("a node under pressure", () => {
  const bestEffort = use("web", { uses: 1 }).pod;
  const burstable = use("web", { uses: 1, requests: "1Mi" }).pod;
  const critical = use("web", { uses: 1, priority: 2_000_000_000 }).pod;
  const taint = "node.kubernetes.io/memory-pressure";
  const tolerant = {
    ...bestEffort,
    spec: { ...bestEffort.spec, tolerations: [{ key: taint, operator: "Exists" }] },
  } as Pod;
  const memory = { reason: "Evicted", message: "The node had condition: [MemoryPressure]. " };
  const disk = { reason: "Evicted", message: "The node had condition: [DiskPressure]. " };
  const rows = [
    ["takes all Pods without a condition", bestEffort, [], undefined],
    ["short of memory refuses best-effort Pods", bestEffort, ["MemoryPressure"], memory],
    [
      "short of memory takes those that asked for something",
      burstable,
      ["MemoryPressure"],
      undefined,
    ],
    ["short of memory takes those that tolerate it", tolerant, ["MemoryPressure"], undefined],
    ["short of disk refuses all", burstable, ["DiskPressure"], disk],
    ["takes critical Pods whatever is short", critical, ["DiskPressure"], undefined],
  ] as const;
  for (const [what, pod, conditions, verdict] of rows)
    it(what, () => assert.deepEqual(pressureRejection(pod, conditions), verdict));

  it("knows static Pods as critical", () => {
    const annotations = { "kubernetes.io/config.source": "file" };
    assert.equal(isCriticalPod({ ...bestEffort, metadata: { name: "etcd", annotations } }), true);
    assert.equal(isCriticalPod(bestEffort), false);
  });
});
