// What a frame of the timeline costs to lay out, and what it costs to take events in, up to as many as
// the engine keeps. Run: npx tsx bench/timeline.bench.ts
import { performance } from "node:perf_hooks";
import { chainOf } from "../src/webview/timeline/chain.ts";
import { EventIndex } from "../src/webview/timeline/eventIndex.ts";
import { EventLog } from "../src/webview/timeline/eventLog.ts";
import { arrangeLanes } from "../src/webview/timeline/lane.ts";
import { lanesInSight, layOut } from "../src/webview/timeline/layout.ts";
import { recordCluster, repeated } from "../test/webview/harness/recording.ts";

const frames = 300;
/** A window that fills a large screen. */
const [width, height] = [1_900, 1_000];

for (const count of [1_000, 10_000, 100_000]) measure(count);

function measure(count: number): void {
  const { events, nodes, end } = repeated(recordCluster(), count);
  const start = events[0]?.at ?? 0;
  const index = new EventIndex(() => true);
  const log = new EventLog();
  const taken = timed(() => {
    log.add(events);
    for (const event of events) index.add(event);
  });
  console.log(`${events.length} events: taken in within ${taken.toFixed(1)} ms`);
  const lanes = lanesInSight(arrangeLanes(nodes, []), 0, height);
  for (const [name, span] of [
    ["everything", end - start],
    ["ten minutes", 600_000],
    ["ten seconds", 10_000],
  ] as const) {
    const costs = Array.from({ length: frames }, (_, i) => {
      const from = start + ((end - start - span) * i) / frames;
      const scale = { from, to: from + span, width };
      return timed(() => layOut({ index, lanes, nodes, scale, now: end }));
    });
    console.log(`  layout of ${name.padEnd(12)} ${summary(costs)}`);
  }
  const causes = Array.from({ length: frames }, (_, i) => {
    const id = Math.floor((i / frames) * events.length) + 1;
    return timed(() => chainOf(log, id));
  });
  console.log(`  causes and effects       ${summary(causes)}`);
}

function timed(work: () => unknown): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

function summary(costs: readonly number[]): string {
  const sorted = [...costs].sort((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)] ?? 0).toFixed(2);
  return `median ${at(0.5)} ms, 99th percentile ${at(0.99)} ms`;
}
