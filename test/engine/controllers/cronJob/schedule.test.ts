// Times as robfig/cron computes them, by its own table of cases.
import assert from "node:assert/strict";
import { formatTime, parseTime } from "../../../../src/base/time.ts";
import { TimeZone } from "../../../../src/base/timeZone.ts";
import { never, parseSchedule } from "../../../../src/engine/controllers/cronJob/schedule.ts";

function next(from: string, spec: string): string {
  const schedule = parseSchedule(spec, TimeZone.utc);
  assert.ok(!("error" in schedule), spec);
  const after = parseTime(from);
  assert.ok(after !== undefined, from);
  const at = schedule.next(after);
  return at === never ? "never" : formatTime(at);
}

function utc(time: string): string {
  return time === "never" ? time : formatTime(parseTime(time) ?? 0);
}

describe("a cron schedule", () => {
  for (const [from, spec, expected] of [
    ["2012-07-09T14:45:00Z", "0/15 * * * *", "2012-07-09T15:00:00Z"],
    ["2012-07-09T14:59:59Z", "0/15 * * * *", "2012-07-09T15:00:00Z"],
    ["2012-07-09T15:45:00Z", "20-35/15 * * * *", "2012-07-09T16:20:00Z"],
    ["2012-07-09T23:46:00Z", "*/15 * * * *", "2012-07-10T00:00:00Z"],
    ["2012-12-31T23:59:45Z", "* * * * *", "2013-01-01T00:00:00Z"],
    ["2012-07-09T23:35:00Z", "0 0 9 Apr-Oct ?", "2012-08-09T00:00:00Z"],
    ["2012-07-09T23:35:00Z", "0 0 */5 Apr,Aug,Oct Mon", "2012-08-01T00:00:00Z"],
    ["2012-07-09T23:35:00Z", "0 0 29 Feb ?", "2016-02-29T00:00:00Z"],
    ["2012-07-09T23:35:00Z", "0 0 30 Feb ?", "never"],
    ["2012-07-09T23:35:00Z", "0 0 13 * 5", "2012-07-13T00:00:00Z"],
    ["2012-07-13T00:00:00Z", "0 0 13 * 5", "2012-07-20T00:00:00Z"],
    ["2012-07-09T23:35:10Z", "@hourly", "2012-07-10T00:00:00Z"],
    ["2012-07-09T23:35:10Z", "@weekly", "2012-07-15T00:00:00Z"],
    ["2012-07-09T23:35:10Z", "@every 1h30m", "2012-07-10T01:05:10Z"],
    ["2012-07-09T23:35:10Z", "@every 15ms", "2012-07-09T23:35:11Z"],
  ] as const)
    it(`${spec} after ${from} is due ${expected}`, () => assert.equal(next(from, spec), expected));

  for (const [claim, from, spec, expected] of [
    [
      "waits a year for a time that is skipped",
      "2012-03-11T00:00:00-05:00",
      "30 2 11 Mar ?",
      "2013-03-11T02:30:00-04:00",
    ],
    [
      "goes on by the hour when clocks go forward",
      "2012-03-11T01:00:00-05:00",
      "0 * * * ?",
      "2012-03-11T03:00:00-04:00",
    ],
    [
      "leaves out the night in which two o'clock is missing",
      "2012-03-11T00:00:00-05:00",
      "0 2 * * ?",
      "2012-03-12T02:00:00-04:00",
    ],
    [
      "goes on by the hour when clocks go back",
      "2012-11-04T01:00:00-04:00",
      "0 * * * ?",
      "2012-11-04T01:00:00-05:00",
    ],
    [
      "runs twice at an hour that comes twice",
      "2012-11-04T01:00:00-04:00",
      "0 1 * * ?",
      "2012-11-04T01:00:00-05:00",
    ],
    [
      "runs once after the clocks went back",
      "2012-11-04T00:00:00-04:00",
      "30 2 04 Nov ?",
      "2012-11-04T02:30:00-05:00",
    ],
  ] as const)
    it(claim, () => assert.equal(next(from, `TZ=America/New_York ${spec}`), utc(expected)));

  it("knows zones without a midnight on one day", () => {
    assert.equal(
      next("2018-10-17T05:00:00-04:00", "TZ=America/Sao_Paulo 0 9 10 * ?"),
      utc("2018-11-10T06:00:00-05:00"),
    );
  });

  it("says what it cannot read", () => {
    assert.deepEqual(parseSchedule("bad", TimeZone.utc), {
      error: "expected exactly 5 fields, found 1: [bad]",
    });
    assert.deepEqual(parseSchedule("TZ=Nowhere/Land * * * * *", TimeZone.utc), {
      error: "provided bad location Nowhere/Land: unknown time zone Nowhere/Land",
    });
  });
});
