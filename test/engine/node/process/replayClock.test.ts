import assert from "node:assert/strict";
import { VirtualClock } from "../../../../src/engine/clock.ts";
import { ReplayClock } from "../../../../src/engine/node/process/replayClock.ts";

describe("a clock that replays", () => {
  function ticking(startedAt: number) {
    const clock = new VirtualClock(10_000);
    const replay = new ReplayClock(clock, startedAt);
    const ticks: number[] = [];
    replay.every(3_000, "tick", () => ticks.push(replay.now()));
    replay.catchUp();
    return { clock, replay, ticks };
  }

  it("does what was before at its time, and goes on in the rhythm that it had", () => {
    const { clock, ticks } = ticking(2_000);
    assert.deepEqual(ticks, [5_000, 8_000]);
    clock.run(4_000);
    assert.deepEqual(ticks, [5_000, 8_000, 11_000, 14_000]);
  });

  it("does nothing of the past for what starts now", () => {
    const { clock, ticks } = ticking(10_000);
    clock.run(3_000);
    assert.deepEqual(ticks, [13_000]);
  });

  it("goes over to the present where the past is too long", () => {
    const { clock, replay, ticks } = ticking(-1_000_000_000);
    assert.equal(replay.now(), 10_000);
    const before = ticks.length;
    clock.run(1);
    assert.equal(ticks.length, before + 1);
  });

  it("forgets what is given up in the past", () => {
    const clock = new VirtualClock(10_000);
    const replay = new ReplayClock(clock, 0);
    const task = replay.after(20_000, "later", () => assert.fail("it was given up"));
    replay.catchUp();
    task.dispose();
    clock.run(30_000);
  });
});
