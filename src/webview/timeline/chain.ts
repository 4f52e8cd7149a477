// What led to an event and what it led to: the arrows that the view draws when one is selected.
import type { TraceEvent } from "../../api/traceEvent.ts";
import type { EventLog } from "./eventLog.ts";

export interface Chain {
  readonly selected: number;
  /** Nearest first. */
  readonly causes: readonly TraceEvent[];
  /** In order of distance. */
  readonly effects: readonly TraceEvent[];
  /** All ids above, and the selected one. */
  readonly members: ReadonlySet<number>;
  /** Arrows from a cause to its effect. */
  readonly links: readonly { readonly from: TraceEvent; readonly to: TraceEvent }[];
}

const maxCauses = 100;
const maxEffects = 500;

export function chainOf(log: EventLog, id: number): Chain | undefined {
  const selected = log.get(id);
  if (!selected) return undefined;
  const causes = causesOf(log, selected);
  const effects = effectsOf(log, selected);
  const backwards = [selected, ...causes];
  const links = [
    ...causes.map((from, i) => ({ from, to: backwards[i] ?? selected })),
    ...effects.flatMap((to) => {
      const from = log.causeOf(to);
      return from ? [{ from, to }] : [];
    }),
  ];
  const members = new Set([id, ...causes.map((e) => e.id), ...effects.map((e) => e.id)]);
  return { selected: id, causes, effects, members, links };
}

function causesOf(log: EventLog, event: TraceEvent): readonly TraceEvent[] {
  const causes: TraceEvent[] = [];
  let cause = log.causeOf(event);
  while (cause && causes.length < maxCauses) {
    causes.push(cause);
    cause = log.causeOf(cause);
  }
  return causes;
}

function effectsOf(log: EventLog, event: TraceEvent): readonly TraceEvent[] {
  const effects = [...log.effectsOf(event.id)];
  for (let i = 0; i < effects.length && effects.length < maxEffects; i++)
    effects.push(...log.effectsOf(effects[i]?.id ?? 0));
  return effects.slice(0, maxEffects);
}
