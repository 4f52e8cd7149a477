// Two works side by side of which the first to end decides.
import { type Disposable, disposable } from "../../../base/disposable.ts";
import type { Steps, Wait } from "../steps.ts";

export type First<A, B> = { readonly first: A } | { readonly second: B };

type EventWait = Extract<Wait, { readonly until: unknown }>;

/**
 * Runs both until one of them ends; the other is given up.
 * @param first @param second may wait for events only: for time passing there is `process.within`
 */
export function* firstOf<A, B>(first: Steps<A>, second: Steps<B>): Steps<First<A, B>> {
  const woken = new Set<0 | 1>([0, 1]);
  const waits: [EventWait | undefined, EventWait | undefined] = [undefined, undefined];
  try {
    for (;;) {
      if (woken.has(0)) {
        const step = first.next();
        if (step.done) return { first: step.value };
        waits[0] = eventOf(step.value);
      }
      if (woken.has(1)) {
        const step = second.next();
        if (step.done) return { second: step.value };
        waits[1] = eventOf(step.value);
      }
      woken.clear();
      yield either(waits, woken);
    }
  } finally {
    first.return(undefined as A);
    second.return(undefined as B);
  }
}

function eventOf(wait: Wait): EventWait {
  if ("until" in wait) return wait;
  throw new TypeError("a delay can't be raced");
}

function either(waits: readonly (EventWait | undefined)[], woken: Set<0 | 1>): Wait {
  return {
    until: (resume) => {
      const begun: Disposable[] = waits.map((wait, i) =>
        wait
          ? wait.until(() => {
              const isFirst = woken.size === 0;
              woken.add(i === 0 ? 0 : 1);
              if (isFirst) resume();
            })
          : disposable(() => undefined),
      );
      return disposable(() => {
        for (const one of begun) one.dispose();
      });
    },
  };
}
