// Why a Pod is where it is, or nowhere, in plain sentences with the numbers behind the verdicts.
import type { Remedy, RemedyChange } from "../api/remedy.ts";
import type {
  NodeExplanation,
  PluginVerdict,
  PreemptionCriterion,
  ResourceNeed,
  SchedulingExplanation,
} from "../api/schedulingExplanation.ts";
import { l10n } from "../base/localize.ts";
import { amountText } from "../scheduler/applyRemedy.ts";

/** One or more sentences about the attempt as a whole. */
export function decisionSentences(explanation: SchedulingExplanation): readonly string[] {
  const { nodes, chosen, top, preemption } = explanation;
  const feasible = nodes.filter((node) => node.feasible);
  if (chosen !== undefined)
    return [fitSentence(feasible.length, nodes.length), choiceSentence(chosen, feasible, top)];
  return [fitSentence(0, nodes.length), ...(preemption ? preemptionSentences(preemption) : [])];
}

/** Why one node is left out, an objection a sentence; empty for a node that fits. */
export function nodeSentences(node: NodeExplanation): readonly string[] {
  return node.verdicts
    .filter(({ code }) => code !== "Success")
    .flatMap((verdict) => objectionSentences(node, verdict));
}

/** What would help, in the imperative. */
export function remedySentence({ changes, node }: Remedy): string {
  const steps = changes.map(changeText).join("; ");
  return l10n.t("{0}: the Pod then fits on {1}.", steps, node);
}

function fitSentence(feasible: number, all: number): string {
  if (all === 0) return l10n.t("There are no nodes.");
  if (feasible === 0) return l10n.t("None of the {0} nodes can take this Pod.", all);
  return l10n.t("{0} of {1} nodes can take this Pod.", feasible, all);
}

function choiceSentence(
  chosen: string,
  feasible: readonly NodeExplanation[],
  top: readonly string[],
): string {
  const total = feasible.find(({ node }) => node === chosen)?.total ?? 0;
  if (feasible.length <= 1)
    return l10n.t("{0} is the only one, so there is nothing to score.", chosen);
  if (top.length > 1)
    return l10n.t(
      "{0} share the highest score, {1} points: {2} was drawn from them.",
      top.join(", "),
      total,
      chosen,
    );
  return l10n.t("{0} has the highest score, {1} points.", chosen, total);
}

function objectionSentences(
  node: NodeExplanation,
  { plugin, reasons }: PluginVerdict,
): readonly string[] {
  if (plugin !== "NodeResourcesFit")
    return [l10n.t("{0} is left out by {1}: {2}.", node.node, plugin, reasons.join(", "))];
  const lacking = node.resources.filter(({ wanted, free }) => wanted > free);
  return lacking.map((need) => shortageSentence(node.node, need));
}

function shortageSentence(node: string, need: ResourceNeed): string {
  const { resource, wanted, free, allocatable, holders } = need;
  const text = (amount: number): string => amountText(resource, amount);
  const numbers = l10n.t(
    "{0} has {1} of {2} free, this Pod asks for {3}",
    node,
    text(Math.max(free, 0)),
    resource,
    text(wanted),
  );
  if (wanted > allocatable)
    return l10n.t("{0}: more than the {1} that the whole node offers.", numbers, text(allocatable));
  const largest = holders.slice(0, namedHolders);
  const names = largest.map(({ pod, amount }) => `${pod} (${text(amount)})`).join(", ");
  const others = holders.length - largest.length;
  const used = text(allocatable - free);
  return others > 0
    ? l10n.t(
        "{0}: {1} and {2} more Pods use {3} of its {4}.",
        numbers,
        names,
        others,
        used,
        text(allocatable),
      )
    : l10n.t("{0}: {1} use {2} of its {3}.", numbers, names, used, text(allocatable));
}

const namedHolders = 3;

function preemptionSentences({
  candidates,
  chosen,
  decidedBy,
}: NonNullable<SchedulingExplanation["preemption"]>): readonly string[] {
  const victims = candidates.find(({ node }) => node === chosen)?.victims ?? [];
  const names = victims.map(({ pod, priority }) => `${pod} (${priority})`).join(", ");
  return [
    l10n.t("Evicting {0} from {1}, of lower priority, makes room.", names, chosen),
    criterionSentence(decidedBy, chosen, candidates.length),
  ];
}

function criterionSentence(criterion: PreemptionCriterion, chosen: string, count: number): string {
  const sentences: Readonly<Record<PreemptionCriterion, string>> = {
    onlyCandidate: l10n.t("No other node could be freed this way."),
    fewestDisruptionBudgetViolations: l10n.t(
      "Of {0} candidates, {1} breaks the fewest disruption budgets.",
      count,
      chosen,
    ),
    lowestHighestPriority: l10n.t(
      "Of {0} candidates, the most important victim on {1} is the least important.",
      count,
      chosen,
    ),
    lowestSumOfPriorities: l10n.t(
      "Of {0} candidates, the priorities of the victims on {1} add up to the least.",
      count,
      chosen,
    ),
    fewestVictims: l10n.t("Of {0} candidates, {1} needs the fewest evictions.", count, chosen),
    latestStart: l10n.t(
      "Of {0} candidates, the victims on {1} have run the shortest.",
      count,
      chosen,
    ),
    firstFound: l10n.t("{0} candidates are equally good; {1} was found first.", count, chosen),
  };
  return sentences[criterion];
}

function changeText(change: RemedyChange): string {
  switch (change.type) {
    case "lowerRequest":
      return l10n.t(
        "Lower the {0} request of container {1} from {2} to {3}",
        change.resource,
        change.container,
        amountText(change.resource, change.from),
        amountText(change.resource, change.to),
      );
    case "addToleration":
      return l10n.t(
        "Add a toleration for the taint {0}:{1}",
        taintText(change.taint),
        change.taint.effect,
      );
    case "removeNodeSelector":
      return l10n.t("Remove {0}={1} from the node selector", change.key, change.value);
    case "removeNodeAffinity":
      return l10n.t("Remove the required node affinity");
    case "removePodAffinity":
      return l10n.t("Remove the required Pod affinity");
    case "removePodAntiAffinity":
      return l10n.t("Remove the required Pod anti-affinity");
    case "relaxTopologySpread":
      return l10n.t("Let Pods spread unevenly over {0} (ScheduleAnyway)", change.topologyKey);
    case "removeHostPort":
      return l10n.t("Do without host port {0}", change.port);
    case "removeNodeName":
      return l10n.t("Don't ask for node {0}", change.nodeName);
    case "labelNode":
      return l10n.t("Label node {0} with {1}={2}", change.node, change.key, change.value);
    case "uncordonNode":
      return l10n.t("Uncordon node {0}", change.node);
    case "removeTaint":
      return l10n.t(
        "Remove the taint {0}:{1} from node {2}",
        taintText(change.taint),
        change.taint.effect,
        change.node,
      );
    case "growNode":
      return l10n.t(
        "Give node {0} {1} of {2} instead of {3}",
        change.node,
        amountText(change.resource, change.to),
        change.resource,
        amountText(change.resource, change.from),
      );
    case "removePods":
      return l10n.t("Remove {0} from node {1}", change.pods.join(", "), change.node);
  }
}

function taintText({ key, value }: { readonly key: string; readonly value?: string }): string {
  return value ? `${key}=${value}` : key;
}
