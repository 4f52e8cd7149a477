import assert from "node:assert/strict";
import { handleDisruption } from "../../../../src/engine/controllers/nodeLifecycle/disruption.ts";
import {
  evictionRate,
  Zone,
  zoneStateOf,
} from "../../../../src/engine/controllers/nodeLifecycle/zones.ts";

/** `ready` nodes that are ready and `unready` that are not. */
function nodes(ready: number, unready: number): readonly boolean[] {
  return [...Array<boolean>(ready).fill(true), ...Array<boolean>(unready).fill(false)];
}

describe("a zone", () => {
  for (const [claim, ready, unready, expected] of [
    ["is normal when all are ready", 3, 0, "Normal"],
    ["is normal with two down of three", 1, 2, "Normal"],
    ["is partly down from 55 % on", 9, 11, "PartialDisruption"],
    ["is normal below 55 %", 10, 12, "Normal"],
    ["is fully down when none is ready", 0, 1, "FullDisruption"],
  ] as const)
    it(claim, () => assert.equal(zoneStateOf(nodes(ready, unready)), expected));

  for (const [claim, state, size, expected] of [
    ["normally taints a node in ten seconds", "Normal", 5, 0.1],
    ["when large and partly down, one in a hundred", "PartialDisruption", 51, 0.01],
    ["when small and partly down, none", "PartialDisruption", 50, 0],
    ["when fully down beside others, as normally", "FullDisruption", 5, 0.1],
  ] as const)
    it(claim, () => assert.equal(evictionRate(state, size), expected));

  it("hands its waiting nodes out at its rate, none twice", () => {
    const zone = new Zone();
    for (const name of ["a", "b", "a", "c"]) zone.add(name);
    const tried: string[] = [];
    for (let now = 0; now <= 25_000; now += 100)
      zone.tryWaiting(now, (name) => {
        tried.push(`${now / 1_000} ${name}`);
        return true;
      });
    assert.deepEqual(tried, ["0 a", "10 b", "20 c"]);
  });

  it("forgets a node that is well again", () => {
    const zone = new Zone();
    zone.add("a");
    zone.remove("a");
    assert.equal(zone.hasWaiting, false);
  });
});

describe("all zones together", () => {
  function makeZones(): Map<string, Zone> {
    return new Map(["x", "y"].map((name) => [name, new Zone()]));
  }

  it("stop all evictions when every one is down, and resume when one is up", () => {
    const zones = makeZones();
    const round = (x: readonly boolean[], y: readonly boolean[]) =>
      handleDisruption(
        zones,
        new Map([
          ["x", x],
          ["y", y],
        ]),
        0,
      );
    assert.equal(round(nodes(2, 0), nodes(2, 0)), "none");
    assert.equal(round(nodes(0, 2), nodes(0, 2)), "allDown");
    for (const zone of zones.values()) zone.add("a");
    for (const zone of zones.values()) zone.tryWaiting(3_600_000, () => assert.fail("evicted"));
    assert.equal(round(nodes(0, 2), nodes(0, 2)), "none");
    assert.equal(round(nodes(1, 1), nodes(0, 2)), "someUpAgain");
    assert.deepEqual(
      [...zones.values()].map(({ state }) => state),
      ["Normal", "FullDisruption"],
    );
  });

  it("go on evicting from one that is down while another stands", () => {
    const zones = makeZones();
    handleDisruption(
      zones,
      new Map([
        ["x", nodes(2, 0)],
        ["y", nodes(0, 2)],
      ]),
      0,
    );
    const zone = zones.get("y");
    zone?.add("a");
    let count = 0;
    zone?.tryWaiting(20_000, () => ++count > 0);
    assert.equal(count, 1);
  });
});
