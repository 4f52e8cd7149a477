import assert from "node:assert/strict";
import type { TraceEvent } from "../../../src/api/traceEvent.ts";
import type { TimelineInit, TimelineStatus } from "../../../src/protocol.ts";
import { actorGroups, noFilters } from "../../../src/webview/timeline/filters.ts";
import { TimelineModel } from "../../../src/webview/timeline/model.ts";
import { spanOf } from "../../../src/webview/timeline/viewport.ts";
import { lease, pod, powerOff, request, step, traced } from "./facts.ts";

const status: TimelineStatus = {
  now: 1_000_000,
  paused: false,
  speed: 1,
  behind: false,
  faults: [],
  nodes: [{ name: "a", isControlPlane: false, notReady: [] }],
};

const init: TimelineInit = {
  clusterName: "test",
  strings: {} as TimelineInit["strings"],
  status,
  hasSimulator: true,
};

function started(changed: Partial<TimelineStatus> = {}): TimelineModel {
  const model = new TimelineModel();
  model.start({ ...init, status: { ...status, ...changed } }, 0);
  return model;
}

const lanesOf = (model: TimelineModel): readonly string[] =>
  model.index.events.slice(0).map(({ id }) => String(id));

describe("timeline model: following", () => {
  it("starts at now, with now inside the view", () => {
    const { viewport } = started();
    assert.ok(viewport.value.from < status.now && status.now < viewport.value.to);
  });

  it("scrolls with the clock between two reports of it", () => {
    const model = started();
    const { from } = model.viewport.value;
    model.tick(500);
    assert.equal(model.now.value, status.now + 500);
    assert.equal(Math.round(model.viewport.value.from - from), 500);
  });

  it("stands still when the clock is paused", () => {
    const model = started({ paused: true });
    const before = model.viewport.value;
    model.tick(500);
    assert.deepEqual(model.viewport.value, before);
  });

  it("never goes backwards when a report says less than was guessed", () => {
    const model = started();
    model.tick(1_000);
    model.report({ ...status, now: status.now + 800 }, 1_000);
    model.tick(1_001);
    assert.equal(model.now.value, status.now + 1_000);
  });

  it("does not run ahead when no report comes", () => {
    const model = started();
    model.tick(60_000);
    assert.ok(model.now.value < status.now + 2_000);
  });

  for (const speed of [1, 10, 60, 600])
    it(`takes at least 20 s of wall time to pass the view by at ${speed}×`, () => {
      const model = started();
      model.report({ ...status, speed }, 0);
      model.tick(0, true);
      assert.ok(spanOf(model.viewport.value) / speed >= 20_000);
    });

  it("glides to the span of another speed instead of jumping", () => {
    const model = started();
    const before = spanOf(model.viewport.value);
    model.report({ ...status, speed: 600 }, 0);
    model.tick(1);
    const after = spanOf(model.viewport.value);
    assert.ok(after > before && after < 600 * 25_000 * 0.5);
  });

  it("is left by zooming and panning, and taken up again with the span that one chose", () => {
    const model = started();
    model.zoom(10, 0.5);
    const span = spanOf(model.viewport.value);
    assert.equal(model.follow.value, false);
    model.toggleFollow();
    model.tick(100, true);
    assert.equal(Math.round(spanOf(model.viewport.value)), Math.round(span));
    model.pan(-1);
    assert.equal(model.follow.value, false);
  });

  it("zooms around the pointer", () => {
    const model = started();
    model.show({ from: 0, to: 1_000 });
    model.zoom(0.5, 0.25);
    assert.deepEqual(model.viewport.value, { from: 125, to: 625 });
  });
});

describe("timeline model: filters", () => {
  const byScheduler = request({ user: "system:kube-scheduler", subresource: "binding" });
  const byKubelet = request({ user: "system:node:a", verb: "patch", subresource: "status" });
  const byController = request({ user: "system:serviceaccount:kube-system:job-controller" });
  const renewal = request({
    user: "system:node:a",
    verb: "update",
    target: { kind: "Lease", namespace: "kube-node-lease", name: "a" },
  });
  const events = traced(
    [1, request()],
    [2, byScheduler],
    [3, byKubelet],
    [4, byController],
    [5, lease()],
    [6, renewal],
    [7, step("started", "worker-9")],
    [8, powerOff("a")],
  );

  for (const [claim, filters, expected] of [
    ["nothing is hidden at first", {}, "12345678"],
    ["heartbeats include the writes that carry them", { heartbeats: false }, "123478"],
    ["only one's own requests", { requestsBy: ["clients"] }, "1578"],
    ["all but the kubelets' requests", { requestsBy: actorGroups.slice(0, 3) }, "124578"],
    ["a word is found in a node's name, faults stay", { text: "worker-9" }, "78"],
    ["all words must be found", { text: "pod Default/WEB job" }, "48"],
  ] as const)
    it(claim, () => {
      const model = started();
      model.add(events);
      model.setFilters({ ...noFilters, ...filters });
      assert.equal(lanesOf(model).join(""), expected);
    });

  it("can do without the writes of Event objects", () => {
    const model = started();
    const record = { kind: "Event", namespace: "default", name: "web-1.18f2a" };
    model.add(traced([1, request()], [2, request({ target: record })]));
    model.setFilters({ ...noFilters, eventObjects: false });
    assert.equal(lanesOf(model).join(""), "1");
  });

  it("hides the lanes of nodes without a hit while one searches", () => {
    const model = started();
    model.add(events);
    model.setFilters({ ...noFilters, text: "worker-9" });
    const nodes = model.lanes.value.flatMap(({ node }) => node ?? []);
    assert.deepEqual(
      nodes,
      ["a", "worker-9"].filter((name) => nodes.includes(name)),
    );
    assert.ok(nodes.includes("worker-9"));
  });

  it("applies to what comes later too", () => {
    const model = started();
    model.setFilters({ ...noFilters, heartbeats: false });
    model.add(events);
    assert.equal(lanesOf(model).join(""), "123478");
  });
});

describe("timeline model: selection and keyboard", () => {
  const events: readonly TraceEvent[] = traced(
    [status.now - 9_000, request()],
    [status.now - 8_000, request(), 1],
    [status.now - 7_900, step("created"), 2],
    [status.now - 2_000, step("started"), 3],
  );

  it("walks along a lane and across lanes by time", () => {
    const model = started();
    model.add(events);
    model.reveal(1);
    const moves = [
      () => model.neighbour(1),
      () => model.laneNeighbour(1),
      () => model.neighbour(1),
      () => model.neighbour(1),
      () => model.laneNeighbour(-1),
    ];
    const visited = moves.map((move) => {
      model.moveCursor(move());
      return model.cursor.value;
    });
    assert.deepEqual(visited, [2, 3, 4, 4, 2]);
  });

  it("starts in the first lane, near the middle of the view", () => {
    const model = started();
    model.add(events);
    model.moveCursor(model.neighbour(1));
    assert.equal(model.cursor.value, 1);
  });

  it("follows the arrows back and forth", () => {
    const model = started();
    model.add(events);
    model.reveal(4);
    model.selectCause();
    model.selectCause();
    assert.deepEqual(model.selection.value, { type: "event", id: 2 });
    model.selectEffect();
    assert.deepEqual(model.selection.value, { type: "event", id: 3 });
  });

  it("brings what it reveals into sight", () => {
    const model = started();
    model.add(traced([1_000, request()], [status.now, request()]));
    model.reveal(1);
    assert.ok(model.viewport.value.from < 1_000 && model.viewport.value.to > 1_000);
  });

  it("reveals an event that is told of later", () => {
    const model = started();
    model.reveal(2);
    assert.equal(model.selection.value, undefined);
    model.add(events);
    assert.deepEqual(model.selection.value, { type: "event", id: 2 });
  });

  it("knows whether anything of the user's was scheduled", () => {
    const model = started();
    const attempt = {
      type: "schedule",
      attempt: 1,
      outcome: "scheduled",
      feasibleNodes: 1,
      evaluatedNodes: 1,
      revision: 1,
    } as const;
    model.add(traced([1, { ...attempt, pod: { ...pod, namespace: "kube-system" } }]));
    assert.equal(model.hasWorkload.value, false);
    model.add(traced([2, { ...attempt, pod }]));
    assert.equal(model.hasWorkload.value, true);
  });

  it("comes back as it was left", () => {
    const model = started();
    model.add(events);
    model.show({ from: 10, to: 20_010 });
    model.setFilters({ ...noFilters, text: "web" });
    model.reveal(1);
    const saved = JSON.parse(JSON.stringify(model.state(333)));
    const again = new TimelineModel(saved);
    assert.deepEqual(again.state(333), saved);
  });

  it("begins anew with another cluster", () => {
    const model = started();
    model.add(events);
    model.start({ ...init, status: { ...status, now: 500 } }, 0);
    assert.deepEqual([model.log.size, model.index.events.length, model.now.value], [0, 0, 500]);
    assert.equal(model.follow.value, true);
  });
});
