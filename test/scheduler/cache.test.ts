import assert from "node:assert/strict";
import { SchedulerCache } from "../../src/scheduler/cache.ts";
import { node, pod } from "./objects.ts";

function boundPods(cache: SchedulerCache, name: string): string[] {
  return (cache.snapshot().node(name)?.pods ?? []).map((each) => each.name);
}

const web = pod("web", { spec: { nodeName: "a" } });

describe("the scheduler's cache", () => {
  it("gives the same snapshot until something changes", () => {
    const cache = new SchedulerCache();
    cache.setNode(node("a"));
    const before = cache.snapshot();
    assert.equal(cache.snapshot(), before);
    cache.setPod(web);
    assert.notEqual(cache.snapshot(), before);
    assert.deepEqual(before.node("a")?.pods, []);
  });

  it("counts what Pods request, and takes it back", () => {
    const cache = new SchedulerCache();
    cache.setNode(node("a"));
    cache.setPod(web);
    assert.equal(cache.snapshot().node("a")?.freeMilliCpu, 3000);
    cache.setPod(pod("web", { requests: { cpu: "2" }, spec: { nodeName: "a" } }));
    assert.equal(cache.snapshot().node("a")?.freeMilliCpu, 2000);
    cache.removePod(web);
    assert.equal(cache.snapshot().node("a")?.freeMilliCpu, 4000);
  });

  it("remembers Pods whose node is not known yet, or any more", () => {
    const cache = new SchedulerCache();
    cache.setPod(web);
    cache.setNode(node("a"));
    assert.deepEqual(boundPods(cache, "a"), ["web"]);
    cache.removeNode("a");
    assert.equal(cache.snapshot().node("a"), undefined);
    cache.setNode(node("a"));
    assert.deepEqual(boundPods(cache, "a"), ["web"]);
  });

  it("leaves out Pods that are done", () => {
    const cache = new SchedulerCache();
    cache.setNode(node("a"));
    cache.setPod(web);
    cache.setPod(pod("web", { spec: { nodeName: "a" }, status: { phase: "Succeeded" } }));
    assert.deepEqual(boundPods(cache, "a"), []);
  });

  it("counts an assumed Pod at once, and once it is confirmed not twice", () => {
    const cache = new SchedulerCache();
    cache.setNode(node("a"));
    const pending = pod("web");
    cache.assumePod(pending, "a");
    assert.ok(cache.isAssumed(pending));
    assert.deepEqual(boundPods(cache, "a"), ["web"]);
    cache.setPod(web);
    assert.ok(!cache.isAssumed(pending));
    assert.deepEqual(boundPods(cache, "a"), ["web"]);
  });

  it("keeps nominations until they are withdrawn", () => {
    const cache = new SchedulerCache();
    const waiting = pod("waiting");
    cache.nominate(waiting, "a");
    assert.deepEqual(
      cache
        .snapshot()
        .nominatedTo("a")
        .map((each) => each.name),
      ["waiting"],
    );
    cache.denominate(waiting);
    assert.deepEqual(cache.snapshot().nominatedTo("a"), []);
  });

  it("lets the zones take turns", () => {
    const cache = new SchedulerCache();
    for (const [name, zone] of [
      ["a1", "a"],
      ["a2", "a"],
      ["a3", "a"],
      ["b1", "b"],
      ["c1", "c"],
      ["c2", "c"],
    ] as const)
      cache.setNode(node(name, { labels: { "topology.kubernetes.io/zone": zone } }));
    assert.deepEqual(
      cache.snapshot().nodes.map(({ name }) => name),
      ["a1", "b1", "c1", "a2", "c2", "a3"],
    );
  });

  it("sees a node's new labels as new topology", () => {
    const cache = new SchedulerCache();
    const zone = "topology.kubernetes.io/zone";
    cache.setNode(node("a", { labels: { [zone]: "x" } }));
    cache.setNode(node("b", { labels: { [zone]: "x" } }));
    assert.equal(cache.snapshot().topology(zone).domains, 1);
    cache.setNode(node("b", { labels: { [zone]: "y" } }));
    assert.equal(cache.snapshot().topology(zone).domains, 2);
  });

  it("takes an image's size from the first node that has it", () => {
    const cache = new SchedulerCache();
    const withImage = (name: string, sizeBytes: number) => {
      const status = { images: [{ names: ["app:1"], sizeBytes }] };
      return { ...node(name), status };
    };
    cache.setNode(withImage("a", 100));
    cache.setNode(withImage("b", 200));
    assert.deepEqual(cache.snapshot().images.get("app:1"), { sizeBytes: 100, nodes: 2 });
    cache.removeNode("a");
    cache.removeNode("b");
    assert.equal(cache.snapshot().images.get("app:1"), undefined);
  });
});
