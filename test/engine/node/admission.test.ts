import assert from "node:assert/strict";
import type { Node, Pod, PodSpec } from "../../../src/api/types.ts";
import { rejection } from "../../../src/engine/node/admission.ts";

const node: Node = {
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "node-1", labels: { disktype: "ssd" } },
  spec: { taints: [{ key: "maintenance", effect: "NoExecute" }] },
  status: { allocatable: { cpu: "2", memory: "1Gi", pods: "2", "ephemeral-storage": "10Gi" } },
};

function pod(spec: Partial<PodSpec> = {}, requests: Record<string, string> = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "default" },
    spec: {
      tolerations: [{ operator: "Exists" }],
      containers: [{ name: "app", image: "nginx", resources: { requests } }],
      ...spec,
    },
  };
}

describe("a node takes a Pod", () => {
  for (const [claim, candidate, others, expected] of [
    ["that fits", pod({}, { cpu: "2", memory: "1Gi" }), [], undefined],
    [
      "not without enough CPU",
      pod({}, { cpu: "1500m" }),
      [pod({}, { cpu: "1" })],
      "OutOfcpu: Node didn't have enough resource: cpu, requested: 1500, used: 1000, capacity: 2000",
    ],
    [
      "not without enough memory",
      pod({}, { memory: "2Gi" }),
      [],
      "OutOfmemory: Node didn't have enough resource: memory, requested: 2147483648, used: 0, capacity: 1073741824",
    ],
    [
      "not beyond its number of Pods, which counts first",
      pod({}, { cpu: "9" }),
      [pod(), pod()],
      "OutOfpods: Node didn't have enough resource: pods, requested: 1, used: 2, capacity: 2",
    ],
    ["asking for what the node does not know", pod({}, { "example.com/gpu": "1" }), [], undefined],
    [
      "not with a selector that differs",
      pod({ nodeSelector: { disktype: "hdd" } }),
      [],
      "NodeAffinity: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
    ],
    [
      "not with a host port that is taken",
      pod({ containers: [{ name: "a", ports: [{ containerPort: 80, hostPort: 80 }] }] }),
      [pod({ containers: [{ name: "b", ports: [{ containerPort: 8080, hostPort: 80 }] }] })],
      "NodePorts: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
    ],
    [
      "not without tolerating a NoExecute taint",
      pod({ tolerations: [] }),
      [],
      "TaintToleration: Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate",
    ],
  ] as [string, Pod, Pod[], string | undefined][])
    it(claim, () => {
      const verdict = rejection(candidate, node, others);
      assert.equal(verdict && `${verdict.reason}: ${verdict.message}`, expected);
    });
});
