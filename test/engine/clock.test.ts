import assert from "node:assert/strict";
import { VirtualClock } from "../../src/engine/clock.ts";

describe("VirtualClock", () => {
  it("runs tasks in order of time, ties in the order in which they were asked for", () => {
    const clock = new VirtualClock(0);
    const ran: string[] = [];
    clock.after(20, "c", () => ran.push("c"));
    clock.after(10, "a", () => ran.push("a"));
    clock.after(10, "b", () => ran.push("b"));
    clock.runUntil(15);
    assert.deepEqual(ran, ["a", "b"]);
    assert.equal(clock.now(), 15);
    clock.runUntil(20);
    assert.deepEqual(ran, ["a", "b", "c"]);
  });

  it("a task may ask for another at the same instant", () => {
    const clock = new VirtualClock(100);
    const at: number[] = [];
    clock.after(5, "first", () => clock.after(0, "second", () => at.push(clock.now())));
    clock.runUntil(105);
    assert.deepEqual(at, [105]);
  });

  it("a cancelled task does not run, and cancelling twice is harmless", () => {
    const clock = new VirtualClock(0);
    let ran = 0;
    const task = clock.after(1, "never", () => ran++);
    task.dispose();
    task.dispose();
    clock.runUntil(10);
    assert.equal(ran, 0);
    assert.equal(clock.nextDue(), undefined);
  });

  it("a periodic task keeps its period until it is cancelled, even from within", () => {
    const clock = new VirtualClock(0);
    const at: number[] = [];
    const ticking = clock.every(10, "tick", () => {
      at.push(clock.now());
      if (at.length === 3) ticking.dispose();
    });
    clock.runUntil(100);
    assert.deepEqual(at, [10, 20, 30]);
  });

  it("stays in order when thousands of tasks are cancelled", () => {
    const clock = new VirtualClock(0);
    const ran: number[] = [];
    const tasks = Array.from({ length: 5_000 }, (_, i) =>
      clock.after((i * 7919) % 5_000, "task", () => ran.push(clock.now())),
    );
    for (const [i, task] of tasks.entries()) if (i % 5 !== 0) task.dispose();
    clock.runUntil(5_000);
    assert.equal(ran.length, 1_000);
    assert.deepEqual(
      ran,
      ran.toSorted((a, b) => a - b),
    );
  });

  it("tasks inherit the cause of the one that asked for them", () => {
    const clock = new VirtualClock(0);
    const causes: (number | undefined)[] = [];
    clock.cause = 7;
    clock.after(1, "consequence", () => {
      causes.push(clock.cause);
      clock.after(1, "its consequence", () => causes.push(clock.cause));
    });
    clock.cause = undefined;
    clock.after(1, "unrelated", () => causes.push(clock.cause));
    clock.runUntil(10);
    assert.deepEqual(causes, [7, undefined, 7]);
  });
});
