// Says what changes to those who can't see it: where the keyboard is, and now and then what happened.
import { effect, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { TraceEvent } from "../../api/traceEvent.ts";
import { sentenceOf } from "./describe.ts";
import { isHeartbeat } from "./filters.ts";
import { exactTime } from "./ticks.ts";
import type { View, ViewProps } from "./view.ts";

/** A summary at most this often, and none if nothing but heartbeats happened. */
const summaryMs = 8_000;

export const Announcer = ({ view }: ViewProps) => {
  const cursorText = useSignal("");
  const summary = useSignal("");
  useEffect(() => {
    const stop = effect(() => {
      view.model.cursor.value;
      const event = view.model.cursorEvent();
      cursorText.value = event ? spoken(view, event) : "";
    });
    let seen = view.model.log.nextId;
    const timer = setInterval(() => {
      const text = summaryOf(view, seen);
      seen = view.model.log.nextId;
      if (text) summary.value = text;
    }, summaryMs);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, [view]);
  return (
    <>
      <div class="visually-hidden" role="status" aria-live="polite">
        {cursorText.value}
      </div>
      <div class="visually-hidden" role="log" aria-live="polite">
        {summary.value}
      </div>
    </>
  );
};

function spoken({ model }: View, event: TraceEvent): string {
  return `${exactTime(event.at).slice(0, 8)} ${sentenceOf(event, model.t.peek())}`;
}

function summaryOf(view: View, from: number): string | undefined {
  const { log, t } = view.model;
  const fresh: TraceEvent[] = [];
  for (let id = from; id < log.nextId; id++) {
    const event = log.get(id);
    if (event && !isHeartbeat(event)) fresh.push(event);
  }
  const latest = fresh.at(-1);
  return latest && t.peek()("announce.summary", fresh.length, sentenceOf(latest, t.peek()));
}
