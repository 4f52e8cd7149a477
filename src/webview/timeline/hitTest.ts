// Which thing of the layout lies under the pointer.

import { marksHeight, pullRowHeight, reportRowHeight } from "./lane.ts";
import type { Layout, PlacedItem } from "./layout.ts";

const reach = 9;

/** The nearest mark within reach, else the cluster, pull or report under the point. */
export function itemAt(layout: Layout, x: number, y: number): PlacedItem | undefined {
  const lane = layout.lanes.find(({ top, height }) => y >= top && y < top + height);
  if (!lane) return undefined;
  const marks = layout.marks
    .filter((mark) => mark.lane === lane)
    .map((mark) => ({ item: mark, distance: Math.hypot(mark.x - x, mark.y - y) }))
    .filter(({ distance }) => distance <= reach)
    .sort((a, b) => a.distance - b.distance);
  return (
    marks[0]?.item ??
    layout.clusters.find(
      (cluster) =>
        cluster.lane === lane &&
        Math.abs(cluster.x - x) <= cluster.width / 2 + 1 &&
        Math.abs(cluster.y - y) <= marksHeight(lane) / 2,
    ) ??
    layout.pulls.find(
      (pull) =>
        pull.lane === lane &&
        x >= pull.x - 3 &&
        x <= pull.x + pull.width + 3 &&
        Math.abs(pull.y - y) <= pullRowHeight / 2,
    ) ??
    nearestReport(layout, x, y)
  );
}

function nearestReport({ reports }: Layout, x: number, y: number): PlacedItem | undefined {
  return reports
    .filter((report) => Math.abs(report.y - y) <= reportRowHeight / 2 + 2)
    .filter((report) => Math.abs(report.x - x) <= 5)
    .sort((a, b) => Math.abs(a.x - x) - Math.abs(b.x - x))[0];
}
