// The same events as a table: for screen readers, for reading in order, for copying.
import { useSignal } from "@preact/signals";
import type { TraceEvent } from "../../api/traceEvent.ts";
import { componentOf, sentenceOf } from "./describe.ts";
import { EventIcon } from "./icon.tsx";
import { dateAndTime, exactTime } from "./ticks.ts";
import { isAlarm } from "./track.ts";
import type { ViewProps } from "./view.ts";

const pageSize = 100;

export const TextView = ({ view }: ViewProps) => {
  const { model } = view;
  /** Undefined is the last page, which grows with what happens. */
  const pinned = useSignal<number | undefined>(undefined);
  model.version.value;
  model.filters.value;
  const t = model.t.value;
  const { events } = model.index;
  const last = Math.max(0, Math.ceil(events.length / pageSize) - 1);
  const page = Math.min(pinned.value ?? last, last);
  const from = page * pageSize;
  const shown = events.slice(from, from + pageSize);
  const turn = (to: number): void => {
    pinned.value = to >= last ? undefined : Math.max(0, to);
  };
  return (
    <section class="text-view" aria-label={t("text.label")}>
      <div class="pager">
        <button type="button" class="button" disabled={page === 0} onClick={() => turn(page - 1)}>
          {t("text.earlier")}
        </button>
        <span>
          {t("text.range", shown.length === 0 ? 0 : from + 1, from + shown.length, events.length)}
        </span>
        <button
          type="button"
          class="button"
          disabled={page === last}
          onClick={() => turn(page + 1)}
        >
          {t("text.later")}
        </button>
        <button type="button" class="button" disabled={page === last} onClick={() => turn(last)}>
          {t("text.latest")}
        </button>
      </div>
      <div class="text-scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{t("text.time")}</th>
              <th scope="col">{t("text.component")}</th>
              <th scope="col">{t("text.what")}</th>
              <th scope="col">{t("text.because")}</th>
            </tr>
          </thead>
          <tbody>
            {[...shown].reverse().map((event) => (
              <EventRow key={event.id} view={view} event={event} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
};

const EventRow = ({ view: { model }, event }: ViewProps & { readonly event: TraceEvent }) => {
  const t = model.t.value;
  const cause = model.log.causeOf(event);
  const selection = model.selection.value;
  const isSelected = selection?.type === "event" && selection.id === event.id;
  return (
    <tr class={isSelected ? "selected" : ""} aria-current={isSelected ? "true" : undefined}>
      <td title={dateAndTime(event.at)}>{exactTime(event.at)}</td>
      <td>{componentOf(event, t)}</td>
      <td class={isAlarm(event) ? "bad" : ""}>
        <button type="button" class="event-link" onClick={() => model.reveal(event.id)}>
          <EventIcon event={event} />
          <span>
            {isAlarm(event) && <span class="visually-hidden">{t("text.problem")} </span>}
            {sentenceOf(event, t)}
          </span>
        </button>
      </td>
      <td class="muted">{cause ? sentenceOf(cause, t) : ""}</td>
    </tr>
  );
};
