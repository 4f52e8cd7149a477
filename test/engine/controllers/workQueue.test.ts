import assert from "node:assert/strict";
import { VirtualClock } from "../../../src/engine/clock.ts";
import { WorkQueue } from "../../../src/engine/controllers/workQueue.ts";

const a = { namespace: "default", name: "a" };
const b = { namespace: "default", name: "b" };

function makeQueue(act: (queue: WorkQueue, key: typeof a) => void = () => undefined) {
  const clock = new VirtualClock(0);
  const runs: string[] = [];
  const queue: WorkQueue = new WorkQueue(clock, "test", (key) => {
    runs.push(`${clock.now()} ${key.name}`);
    act(queue, key);
  });
  return { clock, queue, runs };
}

describe("WorkQueue", () => {
  it("holds each key once, in the order in which they came", () => {
    const { clock, queue, runs } = makeQueue();
    for (const key of [a, b, a]) queue.add(key);
    assert.equal(queue.length, 2);
    clock.run(1_000);
    assert.deepEqual(runs, ["0 a", "0 b"]);
  });

  it("runs a key again that was added while it ran", () => {
    let added = false;
    const { clock, queue, runs } = makeQueue((self, key) => {
      if (!added) self.add(key);
      added = true;
    });
    queue.add(a);
    clock.run(1_000);
    assert.deepEqual(runs, ["0 a", "0 a"]);
  });

  it("waits twice as long after each failure, and forgets them after a success", () => {
    let failures = 4;
    const { clock, queue, runs } = makeQueue((self, key) => {
      if (failures-- > 0) self.addRateLimited(key);
      else self.forget(key);
    });
    queue.add(a);
    clock.run(1_000);
    assert.deepEqual(runs, ["0 a", "5 a", "15 a", "35 a", "75 a"]);
    failures = 1;
    queue.add(a);
    clock.run(1_000);
    assert.deepEqual(runs.slice(5), ["1000 a", "1005 a"]);
  });

  it("never waits longer than 1000 s for one key", () => {
    const { clock, queue, runs } = makeQueue((self, key) => self.addRateLimited(key));
    queue.add(a);
    clock.run(5_000_000);
    const times = runs.map((run) => Number(run.split(" ")[0]));
    const last = times.slice(-2);
    assert.equal((last[1] ?? 0) - (last[0] ?? 0), 1_000_000);
  });

  it("lets ten retries a second through once a hundred were used up", () => {
    const { clock, queue, runs } = makeQueue();
    for (let i = 0; i < 120; i++) queue.addRateLimited({ namespace: "", name: String(i) });
    clock.run(50);
    assert.equal(runs.length, 100);
    clock.run(1_000);
    assert.equal(runs.length, 110);
  });

  it("of several delays takes the one that ends first", () => {
    const { clock, queue, runs } = makeQueue();
    queue.addAfter(a, 500);
    queue.addAfter(a, 100);
    queue.addAfter(a, 300);
    clock.run(1_000);
    assert.deepEqual(runs, ["100 a"]);
  });

  it("keeps the cause of whatever added the key", () => {
    const causes: (number | undefined)[] = [];
    const clock = new VirtualClock(0);
    const queue = new WorkQueue(clock, "test", () => causes.push(clock.cause));
    for (const [cause, key] of [
      [1, a],
      [2, b],
    ] as const) {
      clock.cause = cause;
      queue.add(key);
    }
    clock.run(10);
    assert.deepEqual(causes, [1, 2]);
  });

  it("is silent once it is disposed", () => {
    const { clock, queue, runs } = makeQueue();
    queue.add(a);
    queue.addAfter(b, 10);
    queue.dispose();
    clock.run(1_000);
    assert.deepEqual(runs, []);
  });
});
