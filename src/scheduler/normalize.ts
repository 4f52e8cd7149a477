// Bringing scores to 0 … 100.
// Source: DefaultNormalizeScore, kubernetes v1.34 pkg/scheduler/framework/plugins/helper
import { maxNodeScore } from "./framework.ts";

/** Scales so that the highest score becomes 100, or 0 if high scores are bad. In place. */
export function normalizeByHighest(scores: Float64Array, { isReversed = false } = {}): void {
  let highest = 0;
  for (const score of scores) if (score > highest) highest = score;
  if (highest === 0) {
    if (isReversed) scores.fill(maxNodeScore);
    return;
  }
  for (let i = 0; i < scores.length; i++) {
    const scaled = Math.trunc((maxNodeScore * (scores[i] ?? 0)) / highest);
    scores[i] = isReversed ? maxNodeScore - scaled : scaled;
  }
}
