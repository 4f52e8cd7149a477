// The wall clock's part of the client's side: one sleep that can be cut short.
import type { Millis } from "../base/time.ts";

/** Resolves after `span`, or at once when `signal` aborts. Never rejects. */
export function wait(span: Millis, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const timer = setTimeout(end, span);
    signal?.addEventListener("abort", end, { once: true });
    function end(): void {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    }
  });
}
