// Keeps programs that loop from holding up everybody else: after so many steps without waiting for
// anything, they compute for a while, longer each time.
import type { Millis } from "../../../base/time.ts";
import type { ProcessContext } from "../process/process.ts";
import type { Steps } from "../steps.ts";

/** Steps between two bursts; a real shell takes some milliseconds for as many. */
const stepsPerBurst = 10_000;
/** The same for what has computed for long already, and may never end. */
const stepsOfEndless = 2_000;
const growth = 1.25;
const longestBurst: Millis = 1_000;

export class Pace {
  private steps = 0;
  private burst: Millis = 1;
  private resumedAt = Number.NaN;

  constructor(private readonly process: Pick<ProcessContext, "now" | "compute">) {}

  /** What costs as much as so many turns. */
  spend(steps: number): void {
    this.steps += steps;
  }

  /** To be called at each turn of what could turn without end. */
  *step(): Steps {
    const isEndless = this.burst === longestBurst;
    if (++this.steps < (isEndless ? stepsOfEndless : stepsPerBurst)) return;
    this.steps = 0;
    const hasRested = this.process.now() !== this.resumedAt;
    this.burst = hasRested ? 1 : Math.min(growth * this.burst, longestBurst);
    yield* this.process.compute(Math.round(this.burst));
    this.resumedAt = this.process.now();
  }
}
