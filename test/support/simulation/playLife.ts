// A life of one seed from its beginning to a while after its end, with everything looked at.
import { minute } from "../../../src/base/time.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import { watchLatencyMs } from "../../../src/engine/limits.ts";
import { live, newCluster } from "./restlessLife.ts";
import { checkSettled } from "./settled.ts";
import { Watchdog } from "./watchdog.ts";

export interface LifeReport {
  /** Of the whole history. */
  readonly digest: string;
  readonly revisions: number;
}

/** Evictions of unreachable nodes and long back-offs are over by then. */
const quietMs = 20 * minute;

/** @throws AssertionError when an invariant is broken */
export function playLife(seed: number): LifeReport {
  const engine = newCluster(seed);
  const watchdog = new Watchdog(engine);
  live(engine, seed);
  engine.clock.run(quietMs);
  waitUntilIdle(engine);
  watchdog.checkInformer();
  checkSettled(engine);
  return { digest: watchdog.digest(), revisions: engine.store.revision };
}

/** Goes on until everyone has heard of the last write. */
function waitUntilIdle({ clock, store }: Engine): void {
  for (let seen = 0; seen !== store.revision; ) {
    seen = store.revision;
    clock.run(2 * watchLatencyMs);
  }
}
