import assert from "node:assert/strict";
import { fill } from "../../src/base/localize.ts";
import { hintText } from "../../src/language/hintText.ts";
import { deleteText, deployText } from "../../src/vscode/deployReport.ts";
import { looksLikeManifest } from "../../src/vscode/manifestSniff.ts";
import { offsetToPosition } from "../../src/vscode/offsetToPosition.ts";
import { ReadinessHistory } from "../../src/vscode/readiness.ts";
import { clampSpeed } from "../../src/vscode/speeds.ts";
import { node } from "./clusterFacts.ts";

const none = { created: 0, configured: 0, unchanged: 0, failed: 0 };

describe("summaries", () => {
  for (const [tally, text] of [
    [{ ...none, created: 2, unchanged: 1 }, "Deployed 3 objects: 2 created, 1 unchanged."],
    [{ ...none, configured: 1 }, "Deployed 1 object: 1 configured."],
    [{ ...none, created: 1, failed: 2 }, "Deployed 1 object: 1 created, 2 failed."],
    [{ ...none, failed: 1 }, "Nothing was deployed: 1 object failed."],
  ] as const)
    it(text, () => assert.equal(deployText(tally), text));

  for (const [tally, text] of [
    [{ deleted: 2, notFound: 1, failed: 0 }, "Deleted 2 objects, 1 not found."],
    [{ deleted: 1, notFound: 0, failed: 0 }, "Deleted 1 object."],
  ] as const)
    it(text, () => assert.equal(deleteText(tally), text));
});

describe("hints", () => {
  it("say what was probably meant", () =>
    assert.equal(hintText({ key: "hint.didYouMean", args: ["ports"] }), "Did you mean ports?"));
  it("are left out where we have no words", () =>
    assert.equal(hintText({ key: "hint.unheardOf", args: [] }), undefined));
});

describe("the first look at a text", () => {
  for (const [claim, text, expected] of [
    ["a manifest", "apiVersion: v1\nkind: Pod\n", true],
    ["JSON", '{\n  "apiVersion": "v1",\n  "kind": "Pod"\n}', true],
    ["JSON in one line", '{"apiVersion": "v1", "kind": "Pod"}', true],
    ["a second document", "a: 1\n---\napiVersion: v1\nkind: Pod\n", true],
    ["a workflow", "name: ci\non: push\n", false],
    ["a kind alone", "kind: Pod\n", false],
  ] as const)
    it(`${expected ? "finds" : "passes over"} ${claim}`, () =>
      assert.equal(looksLikeManifest(text), expected));
});

describe("small things", () => {
  it("texts keep a place that has no argument", () =>
    assert.equal(fill("{0} of {1}", 1), "1 of {1}"));

  for (const [value, speed] of [
    [1000, 600],
    [0, 0.1],
    ["fast", 1],
    [30, 30],
  ] as const)
    it(`a speed of ${value} is taken as ${speed}`, () => assert.equal(clampSpeed(value), speed));

  it("offsets are lines and characters from 0", () => {
    assert.deepEqual(offsetToPosition("ab\ncde", 5), [1, 2]);
    assert.deepEqual(offsetToPosition("ab\ncde", 0), [0, 0]);
  });

  it("a node's time of silence ends when it is Ready again", () => {
    const history = new ReadinessHistory();
    const at = (ready: "True" | "Unknown", lastTransitionTime: string) => ({
      ...node("a"),
      status: { conditions: [{ type: "Ready", status: ready, reason: "R", lastTransitionTime }] },
    });
    history.observe(at("True", "2026-01-31T12:00:00Z"));
    assert.deepEqual(history.of("a"), []);
    history.observe(at("Unknown", "2026-01-31T12:01:00Z"));
    history.observe(at("Unknown", "2026-01-31T12:01:00Z"));
    history.observe(at("True", "2026-01-31T12:03:00Z"));
    assert.deepEqual(history.of("a"), [
      {
        from: Date.UTC(2026, 0, 31, 12, 1),
        to: Date.UTC(2026, 0, 31, 12, 3),
        status: "Unknown",
        reason: "R",
      },
    ]);
  });
});
