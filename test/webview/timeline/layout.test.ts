import assert from "node:assert/strict";
import type { TraceEvent } from "../../../src/api/traceEvent.ts";
import type { TimelineNode } from "../../../src/protocol.ts";
import { itemAt } from "../../../src/webview/timeline/hitTest.ts";
import { arrangeLanes, rowHeight } from "../../../src/webview/timeline/lane.ts";
import {
  type Layout,
  lanesInSight,
  layOut,
  markRadius,
  placer,
} from "../../../src/webview/timeline/layout.ts";
import { indexOf, lease, pod, powerOff, request, step, traced } from "./facts.ts";

const node = (name: string, more: Partial<TimelineNode> = {}): TimelineNode => ({
  name,
  isControlPlane: false,
  notReady: [],
  ...more,
});

/** 1,000 pixels for 100 s: ten pixels a second. */
function arranged(
  events: readonly TraceEvent[],
  { from = 0, to = 100_000, now = 100_000, nodes = [node("a"), node("b")] } = {},
): Layout {
  const lanes = arrangeLanes(nodes, []);
  const scale = { from, to, width: 1_000 };
  return layOut({ index: indexOf(events), lanes, nodes, scale, now });
}

const countOf = ({ marks, clusters }: Layout): number =>
  marks.length + clusters.reduce((sum, { from, to }) => sum + to - from, 0);

describe("timeline layout", () => {
  it("puts the control plane first: its components, its node, then the workers by number", () => {
    const nodes = [
      node("worker-10"),
      node("worker-2"),
      node("cp", { isControlPlane: true }),
    ] as const;
    const lanes = arrangeLanes(nodes, ["worker-2", "gone-1"]);
    assert.deepEqual(
      lanes.map(({ id }) => id),
      [
        "api",
        "scheduler",
        "controllers",
        "node/cp",
        "node/worker-2",
        "node/worker-10",
        "node/gone-1",
      ],
    );
    assert.deepEqual(
      lanes.filter(({ isGone }) => isGone).map(({ id }) => id),
      ["node/gone-1"],
    );
  });

  it("leaves no gap between lanes", () => {
    const lanes = arrangeLanes([node("a"), node("b")], []);
    for (const [i, lane] of lanes.entries())
      assert.equal(lane.top, i === 0 ? 0 : (lanes[i - 1]?.top ?? 0) + (lanes[i - 1]?.height ?? 0));
  });

  it("shows of a thousand lanes those in sight", () => {
    const lanes = arrangeLanes(
      Array.from({ length: 1_000 }, (_, i) => node(`n${i}`)),
      [],
    );
    const seen = lanesInSight(lanes, 5_000, 400);
    assert.ok(seen.length < 20);
    assert.ok((seen[0]?.top ?? 0) <= 5_000);
    const last = seen.at(-1);
    assert.ok(last && last.top + last.height >= 5_400);
  });

  it("draws a lone event where its time is", () => {
    const [mark] = arranged(traced([50_500, request()])).marks;
    assert.ok(mark && Math.abs(mark.x - 505) <= markRadius);
  });

  it("stacks events of one instant one below the other", () => {
    const { marks, clusters } = arranged(
      traced([50_000, request()], [50_000, request()], [50_000, request()]),
    );
    assert.equal(clusters.length, 0);
    const ys = marks.map(({ y }) => y);
    assert.deepEqual(
      ys.map((y) => y - (ys[0] ?? 0)),
      [0, rowHeight, 2 * rowHeight],
    );
  });

  it("counts events that are too many to stack, and the problems among them", () => {
    const refused = request({ code: 409 });
    const { marks, clusters } = arranged(
      traced([50_000, request()], [50_001, refused], [50_002, request()], [50_003, refused]),
    );
    assert.equal(marks.length, 0);
    assert.equal(clusters.length, 1);
    assert.deepEqual([clusters[0]?.from, clusters[0]?.to, clusters[0]?.alarms], [0, 4, 2]);
  });

  it("takes a cluster apart when one zooms in", () => {
    const events = traced(
      ...[0, 100, 200, 300].map((offset) => [50_000 + offset, request()] as const),
    );
    assert.equal(arranged(events).clusters.length, 1);
    const near = arranged(events, { from: 49_900, to: 50_500 });
    assert.deepEqual([near.marks.length, near.clusters.length], [4, 0]);
  });

  it("groups the same events wherever one pans, whatever is at the edge", () => {
    const events = traced(...Array.from({ length: 300 }, (_, i) => [i * 337, request()] as const));
    const grouping = (layout: Layout): readonly string[] =>
      layout.clusters
        .filter(({ x }) => x > 200 && x < 700)
        .map(({ track, from, to }) => `${track.at(from)?.id}-${track.at(to - 1)?.id}`);
    const [here, there] = [arranged(events), arranged(events, { from: 3_333, to: 103_333 })];
    const common = grouping(here).filter((group) => grouping(there).includes(group));
    assert.ok(common.length > 15);
    assert.equal(
      new Set([...grouping(here), ...grouping(there)]).size,
      grouping(here).length + grouping(there).length - common.length,
    );
  });

  it("loses no event in sight, and shows none twice", () => {
    const events = traced(
      ...Array.from({ length: 5_000 }, (_, i) => [(i * 7_919) % 100_000, request()] as const).sort(
        ([a], [b]) => a - b,
      ),
    );
    assert.equal(countOf(arranged(events)), 5_000);
  });

  it("gives a label the room up to the next mark of its row", () => {
    const { marks } = arranged(traced([10_000, request()], [30_000, request()]));
    const [first, second] = marks;
    assert.ok(first && second && Math.abs(first.room - (second.x - first.x)) <= 2 * markRadius);
    assert.ok(second.room > 500);
  });

  it("draws a pull as a bar from pulling to pulled", () => {
    const events = traced([10_000, step("pulling")], [25_000, step("pulled")]);
    const { pulls, marks } = arranged(events);
    assert.equal(marks.length, 0);
    assert.deepEqual([pulls.length, pulls[0]?.x, pulls[0]?.width], [1, 100, 150]);
  });

  it("lets a pull that goes on reach to now", () => {
    const { pulls } = arranged(traced([10_000, step("pulling")]), { now: 40_000 });
    assert.equal(pulls[0]?.width, 300);
  });

  it("ends a pull where the machine loses power", () => {
    const events = traced([10_000, step("pulling")], [20_000, powerOff("a")]);
    assert.equal(arranged(events).pulls[0]?.width, 100);
  });

  it("draws pulls of one node at one time in rows of their own", () => {
    const events = traced([10_000, step("pulling", "a", "x")], [11_000, step("pulling", "a", "y")]);
    const [x, y] = arranged(events).pulls;
    assert.ok(x && y && x.y !== y.y);
  });

  it("shows an image that was there already as a mark", () => {
    assert.equal(arranged(traced([10_000, step("pulled")])).marks.length, 1);
  });

  it("shows a failed pull as a bar and a mark", () => {
    const events = traced([10_000, step("pulling")], [25_000, step("failed")]);
    const { pulls, marks } = arranged(events);
    assert.deepEqual([pulls[0]?.width, marks.length], [150, 1]);
  });

  it("makes ticks of heartbeats and of the writes that carry them", () => {
    const renewal = request({
      user: "system:node:a",
      verb: "update",
      code: 200,
      target: { kind: "Lease", namespace: "kube-node-lease", name: "a" },
    });
    const { reports, marks } = arranged(traced([10_000, lease()], [10_002, renewal]));
    assert.deepEqual(
      reports.map(({ lane, isTall }) => [lane.id, isTall]),
      [
        ["api", false],
        ["node/a", false],
      ],
    );
    assert.equal(marks.length, 0);
  });

  it("draws a status taller than a lease, and over it", () => {
    const status = { type: "report", node: "a", report: "status", changed: [] } as const;
    const { reports } = arranged(traced([10_000, lease()], [10_001, status]));
    assert.deepEqual(
      reports.map(({ isTall }) => isTall),
      [false, true],
    );
  });

  it("marks a fault from its injection to its healing, an open one to now", () => {
    const events = traced(
      [10_000, powerOff("a")],
      [30_000, powerOff("a", true)],
      [50_000, powerOff("b")],
    );
    assert.deepEqual(
      arranged(events, { now: 60_000 }).bands.map(({ lane, x, width }) => [lane.id, x, width]),
      [
        ["node/a", 100, 200],
        ["node/b", 500, 100],
      ],
    );
  });

  it("marks a stopped component on its own lane", () => {
    const fault = { type: "stopComponent", component: "kube-scheduler" } as const;
    const [band] = arranged(traced([10_000, { type: "fault", fault, healed: false }])).bands;
    assert.equal(band?.lane.id, "scheduler");
  });

  it("marks the time in which a node was not ready", () => {
    const notReady = [{ from: 20_000, to: 40_000, status: "Unknown" }];
    const { bands } = arranged([], { nodes: [node("a", { notReady })] });
    assert.deepEqual(
      bands.map(({ x, width }) => [x, width]),
      [[200, 200]],
    );
  });

  it("finds the place of an event in a mark, a cluster, a pull and a tick", () => {
    const events = traced(
      [5_000, request()],
      ...[0, 1, 2, 3].map((offset) => [50_000 + offset, request()] as const),
      [60_000, step("pulling")],
      [70_000, step("pulled")],
      [80_000, lease()],
    );
    const layout = arranged(events);
    const place = placer(layout, indexOf(events));
    const xs = events.map((event) => place(event)?.x);
    assert.equal(xs[0], layout.marks[0]?.x);
    assert.equal(new Set(xs.slice(1, 5)).size, 1);
    assert.deepEqual(xs.slice(5), [600, 700, 800]);
  });

  it("finds what is under the pointer", () => {
    const layout = arranged(traced([50_000, request()], [70_000, step("pulling")]));
    const [mark] = layout.marks;
    const [pull] = layout.pulls;
    assert.ok(mark && pull);
    assert.equal(itemAt(layout, mark.x + 3, mark.y - 3), mark);
    assert.equal(itemAt(layout, pull.x + 50, pull.y), pull);
    assert.equal(itemAt(layout, 10, 10), undefined);
  });
});

describe("timeline index", () => {
  it("sorts events that come late into their place", () => {
    const [first, second, third] = traced(
      [1_000, request()],
      [2_000, request()],
      [3_000, request()],
    );
    assert.ok(first && second && third);
    const { events } = indexOf([first, third, second]);
    assert.deepEqual(
      events.slice(0).map(({ id }) => id),
      [1, 2, 3],
    );
  });

  it("keeps the alarms' count right when one comes late", () => {
    const [first, second, third] = traced(
      [1_000, request()],
      [2_000, request({ code: 500 })],
      [3_000, request()],
    );
    assert.ok(first && second && third);
    const { events } = indexOf([first, third, second]);
    assert.deepEqual(
      [events.alarmsIn(0, 1), events.alarmsIn(1, 2), events.alarmsIn(0, 3)],
      [0, 1, 1],
    );
  });

  it("knows the nodes that events speak of", () => {
    assert.deepEqual(indexOf(traced([1, lease("x")], [2, step("created", "y")])).nodeNames(), [
      "x",
      "y",
    ]);
  });

  it("keeps the pull of a Pod apart from that of its neighbour", () => {
    const other = { ...pod, name: "web-2" };
    const events = traced(
      [1_000, step("pulling")],
      [2_000, { ...step("pulling"), pod: other } as TraceEvent],
      [3_000, { ...step("pulled"), pod: other } as TraceEvent],
    );
    const { pulls } = indexOf(events).lane("node/a");
    assert.deepEqual(
      pulls.map(({ until }) => until),
      [undefined, 3_000],
    );
  });
});
