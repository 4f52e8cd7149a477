// How the scheduler narrows all nodes down to those that fit: steps, and a table of every verdict.
import { useSignal } from "@preact/signals";
import type { SchedulingExplanation } from "../../api/schedulingExplanation.ts";
import { type FunnelStep, funnelSteps, groupNodes, type NodeGroup } from "./funnelModel.ts";
import { Icon } from "./icon.tsx";
import { NodeNames } from "./nodeNames.tsx";
import type { Translate } from "./texts.ts";

interface FunnelProps {
  readonly explanation: SchedulingExplanation;
  readonly t: Translate;
}

export const Funnel = ({ explanation, t }: FunnelProps) => {
  const steps = funnelSteps(explanation);
  const total = explanation.nodes.length;
  const feasible = explanation.nodes.filter((node) => node.feasible).length;
  const telling = steps.filter(({ leftOut }) => leftOut > 0);
  const silent = steps.filter(({ leftOut, isSkipped }) => leftOut === 0 && !isSkipped);
  const skipped = steps.filter(({ leftOut, isSkipped }) => leftOut === 0 && isSkipped);
  return (
    <>
      <h3>{t("funnel.title")}</h3>
      <ol class="funnel">
        <FunnelRow share={1} kind="all" count={total} label={t("funnel.allNodes")} />
        {telling.map((step) => (
          <FilterRow key={step.plugin} step={step} total={total} t={t} />
        ))}
        {silent.length > 0 && (
          <li class="funnel-note">
            <Icon name="check" /> {t("funnel.letPass", silent.length)}{" "}
            <span class="muted">{silent.map(({ plugin }) => plugin).join(", ")}</span>
          </li>
        )}
        {skipped.length > 0 && (
          <li class="funnel-note">
            <Icon name="dash" /> {t("funnel.skipped", skipped.length)}{" "}
            <span class="muted">{skipped.map(({ plugin }) => plugin).join(", ")}</span>
          </li>
        )}
        <FunnelRow
          share={feasible / Math.max(total, 1)}
          kind={feasible === 0 ? "none" : "feasible"}
          count={feasible}
          label={t(feasible === 0 ? "funnel.noneFits" : "funnel.feasible")}
        />
        {explanation.chosen && (
          <FunnelRow
            share={1 / Math.max(total, 1)}
            kind="chosen"
            count={1}
            label={t(
              explanation.top.length > 1 ? "funnel.chosenAmong" : "funnel.chosen",
              explanation.chosen,
              explanation.top.length,
            )}
          />
        )}
      </ol>
      <Verdicts explanation={explanation} t={t} />
    </>
  );
};

interface FunnelRowProps {
  readonly share: number;
  readonly kind: "all" | "feasible" | "chosen" | "none";
  readonly count: number;
  readonly label: string;
}

const FunnelRow = ({ share, kind, count, label }: FunnelRowProps) => (
  <li class={`funnel-row funnel-${kind}`}>
    <span class="funnel-count">{count}</span>
    <span class="funnel-bar">
      <span style={{ width: `${Math.max(share * 100, count > 0 ? 1.5 : 0)}%` }} />
    </span>
    <span class="funnel-label">{label}</span>
  </li>
);

const FilterRow = ({ step, total, t }: { step: FunnelStep; total: number; t: Translate }) => (
  <li class="funnel-row funnel-filter">
    <span class="funnel-count">−{step.leftOut}</span>
    <span class="funnel-bar">
      <span style={{ width: `${(step.after / total) * 100}%` }} />
      <span class="out" style={{ width: `${(step.leftOut / total) * 100}%` }} />
    </span>
    <span class="funnel-label">
      <strong>{step.plugin}</strong>
      {step.reasons.map(({ text, nodes }) => (
        <span key={text} class="reason">
          {nodes === step.leftOut && step.reasons.length === 1
            ? text
            : t("funnel.reason", nodes, text)}
        </span>
      ))}
    </span>
  </li>
);

/** Above this many groups the table would help nobody; the largest are shown. */
const maxGroups = 12;

const Verdicts = ({ explanation, t }: FunnelProps) => {
  const isEverythingShown = useSignal(false);
  const groups = groupNodes(explanation);
  const rejecting = new Set(groups.flatMap(({ rejections }) => [...rejections.keys()]));
  const early = [...rejecting].filter((plugin) => !explanation.filterPlugins.includes(plugin));
  const plugins = [...early, ...explanation.filterPlugins].filter(
    (plugin) => isEverythingShown.value || rejecting.has(plugin),
  );
  if (groups.length === 0) return null;
  return (
    <>
      <h3>{t("verdicts.title")}</h3>
      <div class="table-scroll">
        <table class="verdicts">
          <thead>
            <tr>
              <th scope="col">{t("verdicts.plugin")}</th>
              {groups.slice(0, maxGroups).map((group) => (
                <GroupHead key={group.nodes[0]} group={group} chosen={explanation.chosen} t={t} />
              ))}
            </tr>
          </thead>
          <tbody>
            {plugins.map((plugin) => (
              <tr key={plugin}>
                <th scope="row">{plugin}</th>
                {groups.slice(0, maxGroups).map((group) => (
                  <VerdictCell
                    key={group.nodes[0]}
                    plugin={plugin}
                    group={group}
                    explanation={explanation}
                    t={t}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {groups.length > maxGroups && (
        <p class="muted">{t("verdicts.moreGroups", groups.length - maxGroups)}</p>
      )}
      <button
        type="button"
        class="link"
        aria-expanded={isEverythingShown.value}
        onClick={() => {
          isEverythingShown.value = !isEverythingShown.value;
        }}
      >
        {t(
          isEverythingShown.value ? "verdicts.onlyRejecting" : "verdicts.allPlugins",
          explanation.filterPlugins.length,
        )}
      </button>
    </>
  );
};

interface GroupHeadProps {
  readonly group: NodeGroup;
  readonly chosen: string | undefined;
  readonly t: Translate;
}

const GroupHead = ({ group, chosen, t }: GroupHeadProps) => (
  <th scope="col" class={group.isFeasible ? "fits" : "rejected"}>
    <NodeNames nodes={group.nodes} t={t} />
    {group.isFeasible && (
      <div class="verdict-word">
        <Icon name={chosen && group.nodes.includes(chosen) ? "star-full" : "check"} />{" "}
        {t(
          group.nodes.length === 1 && group.nodes[0] === chosen
            ? "verdicts.chosen"
            : "verdicts.fits",
        )}
      </div>
    )}
    {!group.isFeasible && (
      <div class="verdict-word">
        <Icon name="close" /> {t("verdicts.rejected")}
      </div>
    )}
  </th>
);

interface VerdictCellProps extends FunnelProps {
  readonly plugin: string;
  readonly group: NodeGroup;
}

const VerdictCell = ({ plugin, group, explanation, t }: VerdictCellProps) => {
  const rejection = group.rejections.get(plugin);
  if (rejection)
    return (
      <td
        class={group.rejectedBy === plugin ? "first" : "rejected"}
        title={group.rejectedBy === plugin ? undefined : t("verdicts.wouldToo")}
      >
        <Icon name="close" /> {rejection.reasons.join(", ") || rejection.code}
      </td>
    );
  if (explanation.skippedPlugins.includes(plugin))
    return (
      <td class="skipped" title={t("verdicts.skipped")}>
        –
      </td>
    );
  return (
    <td class="fits">
      <Icon name="check" />
      <span class="visually-hidden">{t("verdicts.fits")}</span>
    </td>
  );
};
