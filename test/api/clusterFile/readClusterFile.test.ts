// Cluster files as kind reads them: what they describe, and what is refused.
import assert from "node:assert/strict";
import { parse } from "yaml";
import { readClusterFile } from "../../../src/api/clusterFile/readClusterFile.ts";

const head = "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n";

function read(text: string) {
  return readClusterFile(parse(head + text), parse);
}

function specOf(text: string) {
  const result = read(text);
  assert.ok("spec" in result, JSON.stringify(result));
  return result;
}

describe("a cluster file", () => {
  it("without nodes describes one control plane that takes all Pods, as kind's", () =>
    assert.deepEqual(specOf(""), {
      name: "kind",
      spec: {
        machines: [
          {
            name: "kind-control-plane",
            role: "control-plane",
            cpu: "4",
            memory: "8Gi",
            isUntainted: true,
          },
        ],
        setUp: "kubeadm",
        hasKubeProxy: true,
      },
    }));

  it("names its nodes as kind does", () =>
    assert.deepEqual(
      specOf(
        "name: lab\nnodes: [{role: control-plane}, {role: worker}, {role: worker}]",
      ).spec.machines.map(({ name }) => name),
      ["lab-control-plane", "lab-worker", "lab-worker2"],
    ));

  it("says how large a machine is, where it is, and what it keeps away", () =>
    assert.deepEqual(
      specOf(`
nodes:
- role: control-plane
- role: worker
  labels: {tier: gold}
  kubernetesTutor:
    {name: big, cpu: 16, memory: 64Gi, pods: 200, zone: a, region: r, taints: [{key: gpu, effect: NoSchedule}]}
`).spec.machines[1],
      {
        name: "big",
        role: "worker",
        cpu: "16",
        memory: "64Gi",
        pods: 200,
        zone: "a",
        region: "r",
        labels: { tier: "gold" },
        taints: [{ key: "gpu", effect: "NoSchedule" }],
      },
    ));

  it("may patch how a node registers", () => {
    const { machines } = specOf(`
nodes:
- role: control-plane
- role: worker
  kubeadmConfigPatches:
  - |
    kind: JoinConfiguration
    nodeRegistration:
      taints: [{key: dedicated, value: a, effect: NoExecute}]
      kubeletExtraArgs: {node-labels: "a=b,c=d"}
`).spec;
    assert.deepEqual(machines[1]?.labels, { a: "b", c: "d" });
    assert.deepEqual(machines[1]?.taints, [{ key: "dedicated", value: "a", effect: "NoExecute" }]);
  });

  it("may ask for a cluster that is started by hand, or for none of kubeadm's kube-proxies", () => {
    const { setUp, hasDefaultStorage } = specOf("kubernetesTutor: {setUp: byHand}").spec;
    assert.deepEqual({ setUp, hasDefaultStorage }, { setUp: "byHand", hasDefaultStorage: false });
    assert.equal(specOf("networking: {kubeProxyMode: none}").spec.hasKubeProxy, false);
  });

  for (const [what, text, problem] of [
    ["a field that nobody knows", "nodez: []", 'unknown field "nodez"'],
    ["a field within a node", "nodes: [{rôle: worker}]", 'unknown field "nodes[0].rôle"'],
    [
      "a field of kind's that means nothing here",
      "nodes: [{role: control-plane, extraMounts: []}]",
      'unknown field "nodes[0].extraMounts"',
    ],
    [
      "a role that there is not",
      "nodes: [{role: control-plane}, {role: boss}]",
      'nodes[1].role: Unsupported value: "boss": supported values: "control-plane", "worker"',
    ],
    [
      "a cluster without a control plane",
      "nodes: [{role: worker}]",
      "nodes: Required value: must have at least one control-plane node",
    ],
    [
      "several control planes",
      "nodes: [{role: control-plane}, {role: control-plane}]",
      "nodes: Too many: 2: must have at most 1 items",
    ],
    [
      "another range for Pods",
      "networking: {podSubnet: 10.1.0.0/16}",
      'networking.podSubnet: Unsupported value: "10.1.0.0/16": supported values: "10.244.0.0/16"',
    ],
    [
      "a size that is none",
      "nodes: [{role: control-plane, kubernetesTutor: {cpu: '0'}}]",
      'nodes[0].kubernetesTutor.cpu: Invalid value: "0": must be greater than 0',
    ],
    [
      "a taint without an effect that there is",
      "nodes: [{role: control-plane, kubernetesTutor: {taints: [{key: a, effect: No}]}}]",
      'nodes[0].kubernetesTutor.taints[0].effect: Unsupported value: "No": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
    ],
    [
      "a name that kind would not take",
      "name: My_Cluster",
      "name: Invalid value: \"My_Cluster\": 'My_Cluster' is not a valid cluster name, cluster names must match `^[a-z0-9.-]+$`",
    ],
  ] as const)
    it(`is refused with ${what}`, () => {
      const result = read(text);
      assert.ok("problems" in result, JSON.stringify(result));
      assert.deepEqual(
        result.problems.map(({ message }) => message),
        [problem],
      );
    });

  it("is refused if it is of another kind", () => {
    const result = readClusterFile({ kind: "Pod", apiVersion: "v1" }, parse);
    assert.ok("problems" in result);
    assert.equal(
      result.problems[0]?.message,
      "unknown apiVersion: v1 and kind: Pod; a cluster file has apiVersion: kind.x-k8s.io/v1alpha4 and kind: Cluster",
    );
  });
});
