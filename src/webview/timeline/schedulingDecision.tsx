// Behind one scheduling attempt: asks the cluster for the matrix and shows the funnel and the scores.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ScheduleEvent, TraceEvent } from "../../api/traceEvent.ts";
import type { ExplainedDecision } from "../../protocol.ts";
import { Funnel } from "./funnel.tsx";
import { Scores } from "./scores.tsx";
import type { ViewProps } from "./view.ts";

type Answer =
  | { readonly state: "asking" }
  | { readonly state: "known"; readonly explanation: ExplainedDecision }
  | { readonly state: "gone" };

interface SchedulingDecisionProps extends ViewProps {
  readonly event: TraceEvent & ScheduleEvent;
}

export const SchedulingDecision = ({ view, event }: SchedulingDecisionProps) => {
  const answer = useSignal<Answer>({ state: "asking" });
  useEffect(() => {
    let isWanted = true;
    const show = (explanation: ExplainedDecision | undefined): void => {
      if (isWanted)
        answer.value = explanation ? { state: "known", explanation } : { state: "gone" };
    };
    view.host.explain(event.id).then(show, () => show(undefined));
    return () => {
      isWanted = false;
    };
  }, [view, event.id]);

  const t = view.model.t.value;
  if (answer.value.state === "asking") return <p class="muted">{t("funnel.asking")}</p>;
  if (answer.value.state === "gone") return <p class="muted">{t("funnel.gone")}</p>;
  const { explanation } = answer.value;
  return (
    <div class="decision">
      {explanation.message && explanation.message !== event.message && (
        <blockquote class="server-words">{explanation.message}</blockquote>
      )}
      {explanation.sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {explanation.help.length > 0 && (
        <>
          <h3>{t("decision.help")}</h3>
          <ul>
            {explanation.help.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </>
      )}
      <Funnel explanation={explanation} t={t} />
      <Scores explanation={explanation} t={t} />
    </div>
  );
};
