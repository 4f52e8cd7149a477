// Where would this Pod go? Asked of any snapshot, without binding anything.

import { admitPriority } from "../api/kinds/pod/admitPriority.ts";
import { setPodDefaults } from "../api/kinds/pod/defaults.ts";
import { addDefaultTolerations } from "../api/kinds/pod/defaultTolerations.ts";
import { applyMatchLabelKeys } from "../api/kinds/pod/matchLabelKeys.ts";
import type { Remedy } from "../api/remedy.ts";
import type { SchedulingExplanation } from "../api/schedulingExplanation.ts";
import type { Pod, PriorityClass } from "../api/types.ts";
import { type Draft, draft, freeze } from "../base/draft.ts";
import { Random } from "../base/random.ts";
import { explainPod } from "./explain.ts";
import { podInfoOf } from "./podInfo.ts";
import type { Profile } from "./profile.ts";
import { findRemedies, remediesShown } from "./remedies.ts";
import { preEnqueue, runtimeOf } from "./runtime.ts";
import { type Outcome, scheduleOne } from "./schedule.ts";
import { cacheOf, type ObjectLists } from "./snapshotOf.ts";

export interface WhatIfQuestion {
  /** As a user writes it: defaults are filled in here. */
  readonly pod: Pod;
  readonly objects: ObjectLists;
  readonly priorityClasses?: readonly PriorityClass[];
  readonly profiles: readonly Profile[];
  /** Draws among nodes that score the same. */
  readonly seed?: number;
}

export type WhatIfAnswer =
  /** The API server would refuse the Pod, or no scheduler would ever look at it. */
  | { readonly type: "refused"; readonly message: string }
  | {
      readonly type: "decided";
      /** The Pod as the API server would store it. */
      readonly pod: Pod;
      readonly outcome: Outcome;
      readonly explanation: SchedulingExplanation;
      /** What would help, if the Pod fits nowhere. */
      readonly remedies: readonly Remedy[];
    };

/** Decides, explains, and looks for what would help. The objects are not changed. */
export function whatIf(question: WhatIfQuestion): WhatIfAnswer {
  const { objects, priorityClasses = [], profiles, seed = 1 } = question;
  const admitted = admit(question.pod, priorityClasses);
  if (typeof admitted === "string") return { type: "refused", message: admitted };
  const name = admitted.spec.schedulerName;
  const profile = profiles.find(({ schedulerName }) => schedulerName === name);
  if (!profile) return { type: "refused", message: `no scheduler is called ${name}` };
  const gate = preEnqueue(runtimeOf(profile), podInfoOf(admitted));
  if (gate.code !== "Success") return { type: "refused", message: gate.reasons.join(", ") };
  const cache = cacheOf(freeze(draft(objects)));
  const input = { pod: admitted, snapshot: cache.snapshot(), profile, random: new Random(seed) };
  const explanation = explainPod(input);
  const outcome = scheduleOne({ ...input, random: new Random(seed) });
  const remedies =
    outcome.type === "unschedulable"
      ? findRemedies({ pod: admitted, cache, profile, explanation, limit: remediesShown })
      : [];
  return { type: "decided", pod: admitted, outcome, explanation, remedies };
}

/** What the API server makes of the Pod, or why it refuses it. */
function admit(raw: Pod, classes: readonly PriorityClass[]): Pod | string {
  const pod: Draft<Pod> = draft(raw);
  pod.metadata.namespace ||= "default";
  pod.metadata.name ||= pod.metadata.generateName ?? "";
  pod.metadata.uid ??= `what-if-${pod.metadata.namespace}-${pod.metadata.name}`;
  setPodDefaults(pod);
  const refusal = admitPriority(pod, classes);
  if (refusal !== undefined)
    return `pods ${JSON.stringify(pod.metadata.name)} is forbidden: ${refusal}`;
  addDefaultTolerations(pod);
  applyMatchLabelKeys(pod);
  delete pod.spec.nodeName;
  return freeze(pod as Pod);
}
