// Beside the chart: what happened, to whom, when, why, and what came of it.
import type { ComponentChildren } from "preact";
import type { ObjectRef } from "../../api/object.ts";
import type { RequestEvent, TraceEvent } from "../../api/traceEvent.ts";
import { humanDuration, type Instant } from "../../base/time.ts";
import { actorName, componentOf, nameOf, objectsOf, sentenceOf } from "./describe.ts";
import { EventIcon, Icon } from "./icon.tsx";
import { SchedulingDecision } from "./schedulingDecision.tsx";
import type { Translate } from "./texts.ts";
import { dateAndTime, exactTime } from "./ticks.ts";
import { spanText } from "./tooltip.tsx";
import type { View, ViewProps } from "./view.ts";

export const Inspector = ({ view }: ViewProps) => {
  const { model } = view;
  const selection = model.selection.value;
  const t = model.t.value;
  model.version.value;
  if (!selection) return null;
  const event = selection.type === "event" ? model.log.get(selection.id) : undefined;
  if (selection.type === "event" && !event) return null;
  return (
    <section class="inspector" aria-label={t("inspector.label")}>
      <button
        type="button"
        class="icon-button close"
        aria-label={t("inspector.close")}
        title={t("inspector.close")}
        onClick={() => model.select(undefined)}
      >
        <Icon name="close" />
      </button>
      {event && <EventDetails view={view} event={event} />}
      {selection.type === "cluster" && <ClusterDetails view={view} events={selection.events} />}
    </section>
  );
};

interface EventProps extends ViewProps {
  readonly event: TraceEvent;
}

const EventDetails = ({ view, event }: EventProps) => {
  const t = view.model.t.value;
  return (
    <>
      <h2>
        <EventIcon event={event} /> {t(`type.${event.type}`)}
      </h2>
      <p class="sentence">{sentenceOf(event, t)}</p>
      {event.type === "schedule" && event.message && (
        <blockquote class="server-words">{event.message}</blockquote>
      )}
      <Facts view={view} event={event} />
      {event.type === "schedule" && <SchedulingDecision key={event.id} view={view} event={event} />}
      <Causes view={view} />
      <Effects view={view} />
    </>
  );
};

const Facts = ({ view, event }: EventProps) => {
  const t = view.model.t.value;
  return (
    <dl class="facts">
      <dt>{t("fact.time")}</dt>
      <dd>
        <span title={dateAndTime(event.at)}>{exactTime(event.at)}</span> ·{" "}
        <TimeAgo view={view} at={event.at} />
      </dd>
      <dt>{t("fact.component")}</dt>
      <dd>{componentOf(event, t)}</dd>
      {objectsOf(event).map((ref) => (
        <>
          <dt>{ref.kind}</dt>
          <dd>
            <ObjectLink view={view} target={ref} />
          </dd>
        </>
      ))}
      <MoreFacts event={event} t={t} />
    </dl>
  );
};

/** A component of its own, so that the passing of time redraws only this text. */
const TimeAgo = ({ view: { model }, at }: { view: View; at: Instant }) => (
  <span>{model.t.value("fact.ago", humanDuration(Math.max(0, model.nowSeconds.value - at)))}</span>
);

const ObjectLink = ({ view, target }: { view: View; target: ObjectRef }) => (
  <button
    type="button"
    class="link"
    title={view.model.t.value("open.object", nameOf(target))}
    onClick={() => view.host.openObject(target)}
  >
    {target.namespace === "" ? target.name : `${target.namespace}/${target.name}`}
  </button>
);

const MoreFacts = ({ event, t }: { event: TraceEvent; t: Translate }) => {
  if (event.type === "request") return <RequestFacts event={event} t={t} />;
  if (event.type === "container") return <Fact name={t("fact.message")}>{event.message}</Fact>;
  if (event.type === "schedule")
    return (
      <>
        <Fact name={t("fact.attempt")}>{event.attempt}</Fact>
        <Fact name={t("fact.feasible")}>
          {t("fact.feasibleOf", event.feasibleNodes, event.evaluatedNodes)}
        </Fact>
        <Fact name={t("fact.sawRevision")}>{event.revision}</Fact>
      </>
    );
  if (event.type === "reconcile" && event.error !== undefined)
    return <Fact name={t("fact.message")}>{event.error}</Fact>;
  return null;
};

const RequestFacts = ({ event, t }: { event: RequestEvent; t: Translate }) => (
  <>
    <Fact name={t("fact.by")}>
      {actorName(event.user)} <code class="muted">{event.user}</code>
    </Fact>
    <Fact name={t("fact.request")}>
      <code>
        {event.verb} {event.target.kind}
        {event.subresource ? `/${event.subresource}` : ""} → {event.code}
      </code>
    </Fact>
    {event.latencyMs !== undefined && (
      <Fact name={t("fact.latency")}>{spanText(event.latencyMs)}</Fact>
    )}
    {event.revision !== undefined && <Fact name={t("fact.revision")}>{event.revision}</Fact>}
    {event.message && <Fact name={t("fact.message")}>{event.message}</Fact>}
  </>
);

const Fact = ({ name, children }: { name: string; children: ComponentChildren }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);

const shownCauses = 6;
const shownEffects = 12;

const Causes = ({ view }: ViewProps) => {
  const t = view.model.t.value;
  const causes = view.model.chain.value?.causes ?? [];
  if (causes.length === 0) return null;
  return (
    <>
      <h3>{t("inspector.because")}</h3>
      <EventList view={view} events={causes.slice(0, shownCauses)} isChain />
      <More count={causes.length - shownCauses} t={t} />
    </>
  );
};

const Effects = ({ view }: ViewProps) => {
  const t = view.model.t.value;
  const effects = view.model.chain.value?.effects ?? [];
  if (effects.length === 0) return null;
  return (
    <>
      <h3>{t("inspector.ledTo")}</h3>
      <EventList view={view} events={effects.slice(0, shownEffects)} />
      <More count={effects.length - shownEffects} t={t} />
    </>
  );
};

const shownOfCluster = 100;

const ClusterDetails = ({
  view,
  events,
}: ViewProps & { readonly events: readonly TraceEvent[] }) => {
  const t = view.model.t.value;
  const [first, last] = [events[0], events.at(-1)];
  return (
    <>
      <h2>{t("cluster.count", events.length)}</h2>
      {first && last && (
        <p class="muted">
          {exactTime(first.at)} – {exactTime(last.at)} ({spanText(last.at - first.at)})
        </p>
      )}
      <button type="button" class="button" onClick={() => view.model.showEvents(events)}>
        <Icon name="zoom-in" /> {t("cluster.zoom")}
      </button>
      <EventList view={view} events={events.slice(0, shownOfCluster)} />
      <More count={events.length - shownOfCluster} t={t} />
    </>
  );
};

interface EventListProps extends ViewProps {
  readonly events: readonly TraceEvent[];
  /** Each is the cause of the one above. */
  readonly isChain?: boolean;
}

const EventList = ({ view, events, isChain = false }: EventListProps) => (
  <ol class={isChain ? "events chain" : "events"}>
    {events.map((event) => (
      <li key={event.id}>
        <button type="button" class="event-link" onClick={() => view.model.reveal(event.id)}>
          <EventIcon event={event} />
          <span>{sentenceOf(event, view.model.t.value)}</span>
          <time>{exactTime(event.at)}</time>
        </button>
      </li>
    ))}
  </ol>
);

const More = ({ count, t }: { count: number; t: Translate }) =>
  count > 0 ? <p class="muted">{t("more", count)}</p> : null;
