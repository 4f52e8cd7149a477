// Filters out nodes with taints that the Pod does not tolerate; prefers nodes with fewer untolerated
// taints of effect PreferNoSchedule.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/tainttoleration/taint_toleration.go
import type { Node, Taint, Toleration } from "../../api/types.ts";
import { fits, type Plugin, rejected, type Verdict } from "../framework.ts";
import { normalizeByHighest } from "../normalize.ts";
import { tolerates, untoleratedTaint } from "../tolerations.ts";

/** Tolerations that concern PreferNoSchedule. */
type ScoreState = readonly Toleration[];

export const taintToleration: Plugin<undefined, ScoreState> = {
  name: "TaintToleration",
  retryOn: ["Node/Add", "Node/UpdateTaint", "Pod/UpdateToleration"],
  hint({ pod }, { node }) {
    if (!node) return true;
    const isKeptOff = (each: Node): boolean =>
      untoleratedTaint(each.spec?.taints ?? [], pod.spec.tolerations) !== undefined;
    const { old, now } = node;
    return (old === undefined || isKeptOff(old)) && now !== undefined && !isKeptOff(now);
  },
  concerns: ({ snapshot }) => snapshot.traits.tainted > 0,
  filter({ pod }, node) {
    if (node.taints.length === 0) return fits;
    const taint = untoleratedTaint(node.taints, pod.pod.spec.tolerations);
    return taint ? verdictOn(taint) : fits;
  },
  preScore: ({ pod, snapshot }) => {
    const tolerations = pod.pod.spec.tolerations ?? [];
    const state = tolerations.filter(({ effect }) => !effect || effect === "PreferNoSchedule");
    return snapshot.traits.discouraged > 0 ? { state } : { state, same: 0 };
  },
  score(_cycle, { taints }, tolerations) {
    let untolerated = 0;
    for (const taint of taints)
      if (taint.effect === "PreferNoSchedule" && !tolerates(tolerations, taint)) untolerated++;
    return untolerated;
  },
  normalize: (scores) => normalizeByHighest(scores, { isReversed: true }),
};

const verdicts = new WeakMap<Taint, Verdict>();

function verdictOn(taint: Taint): Verdict {
  let verdict = verdicts.get(taint);
  if (!verdict) {
    const { key, value = "" } = taint;
    verdict = rejected.forGood(`node(s) had untolerated taint {${key}: ${value}}`);
    verdicts.set(taint, verdict);
  }
  return verdict;
}
