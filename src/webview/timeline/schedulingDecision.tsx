// Behind one scheduling attempt: asks the cluster for the matrix and shows the funnel and the scores.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { SchedulingExplanation } from "../../api/schedulingExplanation.ts";
import type { ScheduleEvent, TraceEvent } from "../../api/traceEvent.ts";
import { Funnel } from "./funnel.tsx";
import { Scores } from "./scores.tsx";
import type { ViewProps } from "./view.ts";

type Answer =
  | { readonly state: "asking" }
  | { readonly state: "known"; readonly explanation: SchedulingExplanation }
  | { readonly state: "gone" };

interface SchedulingDecisionProps extends ViewProps {
  readonly event: TraceEvent & ScheduleEvent;
}

export const SchedulingDecision = ({ view, event }: SchedulingDecisionProps) => {
  const answer = useSignal<Answer>({ state: "asking" });
  useEffect(() => {
    let isWanted = true;
    const show = (explanation: SchedulingExplanation | undefined): void => {
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
      <Funnel explanation={explanation} t={t} />
      <Scores explanation={explanation} t={t} />
    </div>
  );
};
