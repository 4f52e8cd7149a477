import assert from "node:assert/strict";
import { chainOf } from "../../../src/webview/timeline/chain.ts";
import { EventLog } from "../../../src/webview/timeline/eventLog.ts";
import { request, step, traced } from "./facts.ts";

/** A Deployment (1) leads to a ReplicaSet (2), that to two Pods (3, 4), one of which starts (5). */
const rollout = traced(
  [0, request()],
  [1, request(), 1],
  [2, request(), 2],
  [2, request(), 2],
  [9, step("started"), 3],
  [9, request()],
);

function logOf(events: typeof rollout, capacity?: number): EventLog {
  const log = new EventLog(capacity);
  log.add(events);
  return log;
}

describe("timeline chain of causes", () => {
  it("goes back to the first cause, nearest first", () => {
    const chain = chainOf(logOf(rollout), 5);
    assert.deepEqual(
      chain?.causes.map(({ id }) => id),
      [3, 2, 1],
    );
    assert.deepEqual(chain?.effects, []);
  });

  it("goes on to all consequences, and leaves the unrelated out", () => {
    const chain = chainOf(logOf(rollout), 2);
    assert.deepEqual(
      chain?.effects.map(({ id }) => id),
      [3, 4, 5],
    );
    assert.deepEqual([...(chain?.members ?? [])].sort(), [1, 2, 3, 4, 5]);
  });

  it("links each cause with its effect", () => {
    const links = chainOf(logOf(rollout), 3)?.links.map(({ from, to }) => [from.id, to.id]);
    assert.deepEqual(links, [
      [2, 3],
      [1, 2],
      [3, 5],
    ]);
  });

  it("ends where the cause is no longer kept", () => {
    const log = logOf(rollout.slice(2));
    assert.deepEqual(
      chainOf(log, 5)?.causes.map(({ id }) => id),
      [3],
    );
  });

  it("is bounded, however long the history", () => {
    const steps = Array.from({ length: 2_000 }, (_, i) => [i, request(), i] as const);
    const events = traced(...steps);
    const chain = chainOf(logOf(events), 1_000);
    assert.equal(chain?.causes.length, 100);
    assert.equal(chain?.effects.length, 500);
  });

  it("knows nothing of an event that is not there", () => {
    assert.equal(chainOf(logOf(rollout), 99), undefined);
  });
});

describe("timeline log", () => {
  it("drops the oldest fifth when it is full", () => {
    const log = new EventLog(100);
    const events = traced(...Array.from({ length: 101 }, (_, i) => [i, request()] as const));
    assert.equal(log.add(events.slice(0, 100)), false);
    assert.equal(log.add(events.slice(100)), true);
    assert.equal(log.size, 80);
    assert.deepEqual([log.get(21), log.get(22)?.id, log.nextId], [undefined, 22, 102]);
  });
});
