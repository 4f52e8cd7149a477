import assert from "node:assert/strict";
import { parseTime } from "../../../src/base/time.ts";
import { exactTime, ticksOf } from "../../../src/webview/timeline/ticks.ts";

const noon = parseTime("2026-03-01T12:00:00Z") ?? 0;

const labels = (span: number, width = 600): readonly string[] =>
  ticksOf({ from: noon, to: noon + span, width }).map(({ label }) => label);

describe("time axis", () => {
  for (const [span, expected] of [
    [300, ["12:00:00.000", "12:00:00.050", "12:00:00.100"]],
    [60_000, ["12:00:00", "12:00:10", "12:00:20"]],
    [3_600_000, ["12:00", "12:10", "12:20"]],
    [24 * 3_600_000, ["12:00", "18:00", "00:00"]],
    [12 * 24 * 3_600_000, ["2026-03-02", "2026-03-04", "2026-03-06"]],
  ] as const)
    it(`is written as exactly as ${span} ms ask for`, () =>
      assert.deepEqual(labels(span).slice(0, 3), expected));

  it("keeps its labels apart at every zoom", () => {
    for (let span = 20; span < 30 * 24 * 3_600_000; span *= 1.7) {
      const xs = ticksOf({ from: noon, to: noon + span, width: 600 }).map(({ x }) => x);
      assert.ok(xs.length <= 7, `${xs.length} ticks for ${span} ms`);
      for (const [i, x] of xs.entries()) assert.ok(i === 0 || x - (xs[i - 1] ?? 0) > 99);
    }
  });

  it("writes an instant to the millisecond", () => {
    assert.equal(exactTime(noon + 5_120), "12:00:05.120");
  });
});
