// Why a Pod would go where a forecast says, node by node, in sentences.
import { l10n } from "../base/localize.ts";
import type { SchedulingForecast } from "../language/scheduling.ts";
import { decisionSentences, nodeSentences, remedySentence } from "../tutor/schedulingSentences.ts";

export function forecastText({
  template: { kind, name },
  explanation,
  message,
  remedies,
}: SchedulingForecast): string {
  const nodes = explanation.nodes.flatMap((node) =>
    node.feasible
      ? [l10n.t("{0} can take it: {1} points.", node.node, node.total ?? 0)]
      : nodeSentences(node),
  );
  const paragraphs = [
    [`${kind} ${name}`],
    message === undefined ? [] : [message],
    decisionSentences(explanation),
    nodes,
    remedies.length === 0 ? [] : [l10n.t("What would help:"), ...remedies.map(remedySentence)],
  ];
  return paragraphs
    .filter(({ length }) => length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")
    .concat("\n");
}
