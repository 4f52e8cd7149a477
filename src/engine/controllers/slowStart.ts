// Does something many times, carefully at first: a quota that refuses one refuses all.
// Source: pkg/controller/replicaset slowStartBatch, 1.34.
import { slowStartInitialBatch } from "../limits.ts";

/**
 * Calls `act` up to `count` times in batches of 1, 2, 4, ... After a batch with a failure no further
 * one starts; the batch itself is finished, for its calls run side by side.
 * @returns how many succeeded, and the first failure
 */
export function slowStart<E>(
  count: number,
  act: () => E | undefined,
): { readonly successes: number; readonly failure?: E } {
  let successes = 0;
  let remaining = count;
  for (let size = Math.min(count, slowStartInitialBatch); size > 0; ) {
    let failure: E | undefined;
    for (let i = 0; i < size; i++) {
      const result = act();
      if (result === undefined) successes++;
      else failure ??= result;
    }
    if (failure !== undefined) return { successes, failure };
    remaining -= size;
    size = Math.min(2 * size, remaining);
  }
  return { successes };
}
