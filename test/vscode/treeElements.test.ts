import assert from "node:assert/strict";
import type { ClusterFacts } from "../../src/vscode/clusterFacts.ts";
import { childrenOf, rootsOf, type TreeElement } from "../../src/vscode/treeElements.ts";
import { rowOf } from "../../src/vscode/treeItems.ts";
import { factsOf, node, pod } from "./clusterFacts.ts";

const workers = (count: number, zones = 1) =>
  Array.from({ length: count }, (_, i) =>
    node(`worker-${i + 1}`, { zone: `zone-${String.fromCharCode(97 + (i % zones))}` }),
  );

describe("the tree's shape", () => {
  it("has the control plane with its node, the workers, and each worker's parts", () => {
    const facts = factsOf({
      nodes: [node("control-plane", { controlPlane: true }), node("worker-1")],
      pods: [pod("web", { on: "worker-1" })],
    });
    assert.deepEqual(outline(facts), [
      "Control plane",
      "  etcd",
      "    etcd-0",
      "    Keys of nodes",
      "    Keys of Pods",
      "    Keys of ConfigMaps",
      "    Keys of Secrets",
      "    Keys of service accounts",
      "    Keys of roles",
      "    All other keys",
      "  kube-apiserver",
      "  kube-scheduler",
      "  kube-controller-manager",
      "    replicaset-controller",
      "  control-plane",
      "    kubelet",
      "    container runtime",
      "    kube-proxy",
      "    Pods",
      "Worker nodes",
      "  worker-1",
      "    kubelet",
      "    container runtime",
      "    kube-proxy",
      "    Pods",
      "      web",
      "        web",
    ]);
  });

  it("shows Pods without a node in a group of their own, and only then", () => {
    assert.ok(!outline(factsOf()).some((line) => line.startsWith("Unscheduled")));
    const waiting = outline(factsOf({ pods: [pod("a"), pod("b")] }));
    assert.deepEqual(waiting.slice(-5), [
      "Unscheduled Pods (2)",
      "  a",
      "    web",
      "  b",
      "    web",
    ]);
  });

  it("counts as people do: worker-2 stands before worker-10", () => {
    const lines = outline(factsOf({ nodes: workers(10) })).filter((line) => /worker-/.test(line));
    assert.equal(lines[1]?.trim(), "worker-2");
    assert.equal(lines[9]?.trim(), "worker-10");
  });

  it("hides the components of a cluster that is not ours", () => {
    const facts = factsOf({ status: undefined, nodes: [node("a", { controlPlane: true })] });
    assert.deepEqual(childLabels("Control plane", facts), ["a"]);
  });

  it("groups more than a hundred workers by zone", () => {
    const facts = factsOf({ nodes: workers(150, 3) });
    assert.deepEqual(childLabels("Worker nodes", facts), ["zone-a", "zone-b", "zone-c"]);
  });

  it("pages workers of one zone, and zones that are large", () => {
    assert.deepEqual(childLabels("Worker nodes", factsOf({ nodes: workers(250) })), [
      "worker-1 … worker-100",
      "worker-101 … worker-200",
      "worker-201 … worker-250",
    ]);
    const [, zoned] = rootsOf(factsOf({ nodes: workers(1000, 2) }));
    const facts = factsOf({ nodes: workers(1000, 2) });
    assert.ok(zoned);
    const [zone] = childrenOf(zoned, facts);
    assert.ok(zone);
    assert.equal(childrenOf(zone, facts).length, 5);
  });

  it("gives every element an id of its own, however large the cluster", () => {
    const facts = factsOf({
      nodes: workers(300, 2),
      pods: Array.from({ length: 300 }, (_, i) => pod(`p${i}`, { on: `worker-${i + 1}` })),
    });
    const ids = [...walk(rootsOf(facts), facts)].map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  });

  it("draws a thousand workers and their Pods within a second", () => {
    const facts = indexed(1000);
    const started = performance.now();
    const rows = [...walk(rootsOf(facts), facts)].map((element) => rowOf(element, facts));
    assert.ok(rows.length > 5000);
    assert.ok(performance.now() - started < 1000);
  });
});

/** Facts that answer as quickly as the live ones do. */
function indexed(count: number): ClusterFacts {
  const pods = Array.from({ length: count }, (_, i) => pod(`p${i}`, { on: `worker-${i + 1}` }));
  const facts = factsOf({ nodes: workers(count, 3), pods });
  const byNode = new Map(pods.map((one) => [one.spec.nodeName ?? "", [one]]));
  return {
    ...facts,
    podsOn: (name) => byNode.get(name) ?? [],
    podCountOn: (name) => byNode.get(name)?.length ?? 0,
  };
}

function* walk(elements: readonly TreeElement[], facts: ClusterFacts): Iterable<TreeElement> {
  for (const element of elements) {
    yield element;
    yield* walk(childrenOf(element, facts), facts);
  }
}

function outline(facts: ClusterFacts): readonly string[] {
  return [...walk(rootsOf(facts), facts)].map((element) => {
    let depth = 0;
    for (let parent = element.parent; parent; parent = parent.parent) depth++;
    return `${"  ".repeat(depth)}${rowOf(element, facts)?.label}`;
  });
}

function childLabels(label: string, facts: ClusterFacts): readonly (string | undefined)[] {
  const root = rootsOf(facts).find((element) => rowOf(element, facts)?.label === label);
  assert.ok(root);
  return childrenOf(root, facts).map((element) => rowOf(element, facts)?.label);
}
