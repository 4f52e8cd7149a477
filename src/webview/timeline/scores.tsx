// Which of the nodes that fit is best: totals as bars, and how each plugin's points come about.
import { useSignal } from "@preact/signals";
import type { NodeExplanation, SchedulingExplanation } from "../../api/schedulingExplanation.ts";
import { maxSingleNodes, ranking, scoreOf } from "./funnelModel.ts";
import { Icon } from "./icon.tsx";
import type { Translate } from "./texts.ts";
import { VirtualList } from "./virtualList.tsx";

interface ScoresProps {
  readonly explanation: SchedulingExplanation;
  readonly t: Translate;
}

const rowHeight = 26;

export const Scores = ({ explanation, t }: ScoresProps) => {
  const picked = useSignal<string | undefined>(undefined);
  const ranked = ranking(explanation);
  const best = ranked[0];
  if (!best || best.scores.length === 0) return null;
  return (
    <>
      <h3>{t("scores.title")}</h3>
      <VirtualList
        count={ranked.length}
        rowHeight={rowHeight}
        maxHeight={rowHeight * 10}
        label={t("scores.title")}
      >
        {(i) => {
          const node = ranked[i];
          return (
            node && (
              <RankRow
                node={node}
                best={best.total}
                explanation={explanation}
                t={t}
                onPick={() => {
                  picked.value = node.node;
                }}
              />
            )
          );
        }}
      </VirtualList>
      {explanation.top.length > 1 && <p class="muted">{t("scores.tie", explanation.top.length)}</p>}
      <ScoreTable nodes={compared(ranked, picked.value)} explanation={explanation} t={t} />
    </>
  );
};

/** The best few, and the one that was picked from the list. */
function compared(
  ranked: readonly NodeExplanation[],
  picked: string | undefined,
): readonly NodeExplanation[] {
  const best = ranked.slice(0, maxSingleNodes - 1);
  const also = ranked.find(({ node }) => node === picked) ?? ranked[maxSingleNodes - 1];
  return also && !best.includes(also) ? [...best, also] : best;
}

interface RankRowProps extends ScoresProps {
  readonly node: NodeExplanation;
  readonly best: number;
  readonly onPick: () => void;
}

const RankRow = ({ node, best, explanation, t, onPick }: RankRowProps) => {
  const isChosen = node.node === explanation.chosen;
  const isTop = explanation.top.includes(node.node);
  return (
    <button type="button" class={`rank${isChosen ? " chosen" : ""}`} onClick={onPick}>
      <span class="rank-name" title={node.node}>
        {isChosen && <Icon name="star-full" />} {node.node}
      </span>
      <span>
        <span class="rank-fill" style={{ width: `${(node.total / Math.max(best, 1)) * 100}%` }} />
      </span>
      <span class="rank-total">{node.total}</span>
      <span class="rank-word">{isChosen ? t("scores.winner") : isTop ? t("scores.tied") : ""}</span>
    </button>
  );
};

interface ScoreTableProps extends ScoresProps {
  readonly nodes: readonly NodeExplanation[];
}

const ScoreTable = ({ nodes, explanation, t }: ScoreTableProps) => (
  <div class="table-scroll">
    <table class="scores">
      <caption>{t("scores.formula")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("verdicts.plugin")}</th>
          {nodes.map(({ node }) => (
            <th key={node} scope="col" class={node === explanation.chosen ? "chosen" : ""}>
              <div class="node-name">
                {node === explanation.chosen && <Icon name="star-full" />} {node}
              </div>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {explanation.scorePlugins
          .filter((plugin) => nodes.some((node) => scoreOf(node, plugin)))
          .map((plugin) => (
            <tr key={plugin}>
              <th scope="row">
                {plugin}
                <Weight nodes={nodes} plugin={plugin} />
              </th>
              {nodes.map((node) => (
                <ScoreCell key={node.node} node={node} plugin={plugin} />
              ))}
            </tr>
          ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{t("scores.total")}</th>
          {nodes.map(({ node, total }) => (
            <td key={node}>
              <strong>{total}</strong>
            </td>
          ))}
        </tr>
      </tfoot>
    </table>
  </div>
);

const Weight = ({ nodes, plugin }: { nodes: readonly NodeExplanation[]; plugin: string }) => {
  const weight = nodes.map((node) => scoreOf(node, plugin)?.weight).find(Boolean);
  return weight === undefined ? null : <span class="muted"> × {weight}</span>;
};

const ScoreCell = ({ node, plugin }: { node: NodeExplanation; plugin: string }) => {
  const score = scoreOf(node, plugin);
  if (!score) return <td class="skipped">–</td>;
  return (
    <td>
      <strong>{score.weighted}</strong>
      <div class="muted formula">
        {score.raw === score.normalized ? "" : `${score.raw} → `}
        {score.normalized} × {score.weight}
      </div>
    </td>
  );
};
