// How fast and how far the number of replicas may go to where metrics call it.
// Source: pkg/controller/podautoscaler/horizontal.go normalizeDesiredReplicas*, kubernetes v1.34.
import type { HorizontalPodAutoscalerBehavior, HPAScalingRules } from "../../../api/types.ts";
import { type Instant, minute, second } from "../../../base/time.ts";

export interface Recommendation {
  readonly at: Instant;
  readonly replicas: number;
}

/** What was changed, and when: positive numbers. */
export interface ScaleEvent {
  readonly at: Instant;
  readonly change: number;
}

/** What an autoscaler remembers. */
export interface ScalingHistory {
  readonly recommendations: readonly Recommendation[];
  readonly ups: readonly ScaleEvent[];
  readonly downs: readonly ScaleEvent[];
}

export interface ScalingQuestion {
  readonly current: number;
  /** What the metrics call for. */
  readonly wanted: number;
  readonly min: number;
  readonly max: number;
  readonly behavior?: HorizontalPodAutoscalerBehavior | undefined;
  readonly history: ScalingHistory;
  readonly now: Instant;
}

export interface Verdict {
  readonly reason: string;
  readonly message: string;
}

export interface ScalingAnswer {
  readonly replicas: number;
  readonly ableToScale: Verdict;
  readonly scalingLimited: Verdict & { readonly status: "True" | "False" };
}

/** --horizontal-pod-autoscaler-downscale-stabilization. */
const downscaleStabilizationMs = 5 * minute;

const matches: Verdict = {
  reason: "ReadyForNewScale",
  message: "recommended size matches current size",
};
const higherBefore: Verdict = {
  reason: "ScaleDownStabilized",
  message:
    "recent recommendations were higher than current one, applying the highest recent recommendation",
};
const lowerBefore: Verdict = {
  reason: "ScaleUpStabilized",
  message:
    "recent recommendations were lower than current one, applying the lowest recent recommendation",
};
const withinRange: Verdict = {
  reason: "DesiredWithinRange",
  message: "the desired count is within the acceptable range",
};
const tooMany: Verdict = {
  reason: "TooManyReplicas",
  message: "the desired replica count is more than the maximum replica count",
};
const tooFew: Verdict = {
  reason: "TooFewReplicas",
  message: "the desired replica count is less than the minimum replica count",
};
const tooFast: Verdict = {
  reason: "ScaleUpLimit",
  message: "the desired replica count is increasing faster than the maximum scale rate",
};
const tooFastDown: Verdict = {
  reason: "ScaleDownLimit",
  message: "the desired replica count is decreasing faster than the maximum scale rate",
};

export function allowedReplicas(question: ScalingQuestion): ScalingAnswer {
  const { behavior, wanted } = question;
  const stable = behavior ? stabilizedBothWays(question, behavior) : stabilized(question);
  const direction = behavior && wanted >= question.current ? lowerBefore : higherBefore;
  const [replicas, verdict] = behavior
    ? limitedByRules(stable, question, behavior)
    : limited(stable, question);
  return {
    replicas,
    ableToScale: stable === wanted ? matches : direction,
    scalingLimited: { status: replicas === stable ? "False" : "True", ...verdict },
  };
}

/** The highest of the last five minutes. */
function stabilized({ wanted, history, now }: ScalingQuestion): number {
  const since = now - downscaleStabilizationMs;
  const recent = history.recommendations.filter(({ at }) => at > since);
  return Math.max(wanted, ...recent.map(({ replicas }) => replicas));
}

function stabilizedBothWays(
  { wanted, current, history, now }: ScalingQuestion,
  { scaleUp, scaleDown }: HorizontalPodAutoscalerBehavior,
): number {
  const up = (scaleUp?.stabilizationWindowSeconds ?? 0) * second;
  const downSeconds = scaleDown?.stabilizationWindowSeconds;
  const down = downSeconds === undefined ? downscaleStabilizationMs : downSeconds * second;
  const within = (window: number) =>
    history.recommendations.filter(({ at }) => at > now - window).map(({ replicas }) => replicas);
  const lowest = Math.min(wanted, ...within(up));
  const highest = Math.max(wanted, ...within(down));
  return Math.min(Math.max(current, lowest), highest);
}

type Limited = readonly [replicas: number, verdict: Verdict];

/** At most double, but four are always fine. */
function limited(wanted: number, { current, min, max }: ScalingQuestion): Limited {
  const limit = Math.max(2 * current, 4);
  if (wanted < min) return [min, tooFew];
  if (max > limit && wanted > limit) return [limit, tooFast];
  return wanted > max ? [max, tooMany] : [wanted, withinRange];
}

function limitedByRules(
  wanted: number,
  { current, min, max, history, now }: ScalingQuestion,
  { scaleUp, scaleDown }: HorizontalPodAutoscalerBehavior,
): Limited {
  if (wanted > current) {
    const limit = Math.max(current, upLimit(current, scaleUp, history, now));
    const [most, verdict] = max > limit ? ([limit, tooFast] as const) : ([max, tooMany] as const);
    return wanted > most ? [most, verdict] : [wanted, withinRange];
  }
  if (wanted < current) {
    const limit = Math.min(current, downLimit(current, scaleDown, history, now));
    const [least, verdict] =
      min < limit ? ([limit, tooFastDown] as const) : ([min, tooFew] as const);
    return wanted < least ? [least, verdict] : [wanted, withinRange];
  }
  return [wanted, withinRange];
}

function upLimit(
  current: number,
  { selectPolicy, policies = [] }: HPAScalingRules = {},
  { ups, downs }: ScalingHistory,
  now: Instant,
): number {
  if (selectPolicy === "Disabled") return current;
  const limits = policies.map(({ type, value, periodSeconds }) => {
    const since = now - periodSeconds * second;
    const before = current - changed(ups, since) + changed(downs, since);
    return type === "Pods" ? before + value : Math.ceil(before * (1 + value / 100));
  });
  return selectPolicy === "Min" ? Math.min(...limits) : Math.max(...limits);
}

function downLimit(
  current: number,
  { selectPolicy, policies = [] }: HPAScalingRules = {},
  { ups, downs }: ScalingHistory,
  now: Instant,
): number {
  if (selectPolicy === "Disabled") return current;
  const limits = policies.map(({ type, value, periodSeconds }) => {
    const since = now - periodSeconds * second;
    const before = current - changed(ups, since) + changed(downs, since);
    return type === "Pods" ? before - value : Math.trunc(before * (1 - value / 100));
  });
  return selectPolicy === "Min" ? Math.max(...limits) : Math.min(...limits);
}

function changed(events: readonly ScaleEvent[], since: Instant): number {
  return events.filter(({ at }) => at > since).reduce((sum, { change }) => sum + change, 0);
}
