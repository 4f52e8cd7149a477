// Waiting for a cluster, but not for ever.

import { l10n } from "../base/localize.ts";
import type { Millis } from "../base/time.ts";
import { wait } from "../client/wait.ts";

/**
 * The cluster, once it runs; undefined if the user lost patience first.
 * @throws Error with a message for the user after `limit`
 */
export async function timeLimit<T>(
  starting: Promise<T>,
  limit: Millis,
  signal: AbortSignal,
): Promise<T | undefined> {
  const done = new AbortController();
  const late = Symbol("late");
  const over = AbortSignal.any([signal, done.signal]);
  try {
    const first = await Promise.race([starting, wait(limit, over).then(() => late)]);
    if (typeof first !== "symbol") return first as T;
    if (signal.aborted) return undefined;
    throw new Error(
      l10n.t("The cluster did not start within {0} seconds. Try again once it runs.", limit / 1000),
    );
  } finally {
    done.abort();
  }
}
