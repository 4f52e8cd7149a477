// One look at one autoscaler: its target's scale, what its metrics call for, and what is done about it.
// Source: pkg/controller/podautoscaler/horizontal.go reconcileAutoscaler, kubernetes v1.34.
import { dequal } from "dequal";
import type { Kind } from "../../../api/kind.ts";
import { HorizontalPodAutoscaler } from "../../../api/kinds/horizontalPodAutoscaler.ts";
import { Pod } from "../../../api/kinds/pod/kind.ts";
import type { ScaleObject } from "../../../api/kinds/scale.ts";
import { parseLabelSelector } from "../../../api/labelSelectorText.ts";
import { isSelectorError } from "../../../api/selector.ts";
import { ApiError } from "../../../api/status.ts";
import type {
  HorizontalPodAutoscaler as Autoscaler,
  HorizontalPodAutoscalerCondition,
  MetricStatus,
} from "../../../api/types.ts";
import { formatTime, hour } from "../../../base/time.ts";
import { findCondition, replaceCondition, transitioned } from "../conditions.ts";
import type { ControllerContext } from "../controller.ts";
import { type MetricFailure, type MetricProposal, proposalOf } from "./metricProposal.ts";
import { allowedReplicas, type ScalingHistory } from "./scalingRules.ts";

/** The longest that behavior may look back. Source: autoscaling validation MaxStabilizationWindowSeconds. */
const longestMemory = hour;

interface Target {
  readonly kind: Kind;
  readonly scale: ScaleObject;
  readonly replicas: number;
}

interface Decision {
  readonly replicas: number;
  /** Why the target is scaled. */
  readonly reason: string;
  readonly metrics: readonly MetricStatus[];
}

type ConditionType = "AbleToScale" | "ScalingActive" | "ScalingLimited";
type Status = "True" | "False";

export class AutoscalerSync {
  private conditions: readonly HorizontalPodAutoscalerCondition[];
  history: ScalingHistory;

  constructor(
    private readonly autoscaler: Autoscaler,
    history: ScalingHistory | undefined,
    private readonly kinds: Iterable<Kind>,
    private readonly context: ControllerContext,
  ) {
    this.conditions = autoscaler.status?.conditions ?? [];
    this.history = history ?? { recommendations: [], ups: [], downs: [] };
  }

  /** @throws ApiError what the server refuses of the status */
  run(): void {
    const target = this.target();
    if (!target) return;
    this.set("AbleToScale", "True", {
      reason: "SucceededGetScale",
      message: "the HPA controller was able to get the target's current scale",
    });
    if (this.history.recommendations.length === 0) this.remember(target.replicas);
    const decision = this.decide(target);
    if (!decision) return;
    const rescales = decision.replicas !== target.replicas;
    if (rescales && !this.rescale(target, decision)) return;
    this.writeStatus({
      current: target.replicas,
      desired: decision.replicas,
      metrics: decision.metrics,
      rescales,
    });
  }

  private target(): Target | undefined {
    const { apiVersion = "", kind: name, name: targetName } = this.autoscaler.spec.scaleTargetRef;
    const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
    const kind = [...this.kinds].find(({ gvk }) => gvk.group === group && gvk.kind === name);
    if (!kind) {
      this.scaleUnknown(
        `no matches for kind ${JSON.stringify(name)} in group ${JSON.stringify(group)}`,
      );
      return undefined;
    }
    try {
      const key = { namespace: this.autoscaler.metadata.namespace ?? "", name: targetName };
      const scale = this.context.client.getSubresource<ScaleObject>(kind, key, "scale");
      return { kind, scale, replicas: scale.spec.replicas ?? 0 };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.scaleUnknown(error.message);
      return undefined;
    }
  }

  private scaleUnknown(error: string): void {
    this.event("Warning", "FailedGetScale", error);
    this.set("AbleToScale", "False", {
      reason: "FailedGetScale",
      message: `the HPA controller was unable to get the target's current scale: ${error}`,
    });
    this.writeConditions();
  }

  /** @returns undefined if it cannot be told: the status says why */
  private decide(target: Target): Decision | undefined {
    const { minReplicas: min = 1, maxReplicas: max } = this.autoscaler.spec;
    const { replicas } = target;
    if (replicas === 0 && min !== 0) {
      this.set("ScalingActive", "False", {
        reason: "ScalingDisabled",
        message: "scaling is disabled since the replica count of the target is zero",
      });
      return { replicas, reason: "", metrics: [] };
    }
    if (replicas > max)
      return {
        replicas: max,
        reason: "Current number of replicas above Spec.MaxReplicas",
        metrics: [],
      };
    if (replicas < min)
      return {
        replicas: min,
        reason: "Current number of replicas below Spec.MinReplicas",
        metrics: [],
      };
    return this.decideByMetrics(target);
  }

  private decideByMetrics(target: Target): Decision | undefined {
    const { minReplicas: min = 1, maxReplicas: max, behavior } = this.autoscaler.spec;
    const { replicas: current } = target;
    const wanted = this.wantedByMetrics(target);
    if (!wanted) return undefined;
    const now = this.context.now();
    const { history } = this;
    const question = { current, wanted: wanted.replicas, min, max, behavior, history, now };
    const answer = allowedReplicas(question);
    this.remember(wanted.replicas);
    this.set("AbleToScale", "True", answer.ableToScale);
    this.set("ScalingLimited", answer.scalingLimited.status, answer.scalingLimited);
    const grows = wanted.replicas > current;
    const reason = grows ? `${wanted.name} above target` : "All metrics below target";
    return { replicas: answer.replicas, reason, metrics: wanted.metrics };
  }

  /** The metric that asks for most decides; one that fails forbids to scale down. */
  private wantedByMetrics(
    target: Target,
  ): { replicas: number; name: string; metrics: readonly MetricStatus[] } | undefined {
    const selector = this.selectorOf(target);
    if (selector === undefined) return undefined;
    const results = this.proposals(target, selector);
    const metrics = results.map((result) => ("status" in result ? result.status : { type: "" }));
    const failures = results.filter((result): result is MetricFailure => "cause" in result);
    const most = results
      .filter((result): result is MetricProposal => "status" in result)
      .reduce<MetricProposal | undefined>(
        (best, next) =>
          !best || best.replicas === 0 || next.replicas > best.replicas ? next : best,
        undefined,
      );
    const [first] = failures;
    if (!most || (first && most.replicas < target.replicas)) {
      const error = `invalid metrics (${failures.length} invalid out of ${results.length}), first error is: ${first?.error}`;
      this.set("ScalingActive", "False", {
        reason: first?.reason ?? "",
        message: `the HPA was unable to compute the replica count: ${first?.cause}`,
      });
      this.uncomputed(target, error, metrics);
      return undefined;
    }
    this.set("ScalingActive", "True", {
      reason: "ValidMetricFound",
      message: `the HPA was able to successfully calculate a replica count from ${most.name}`,
    });
    return { replicas: most.replicas, name: most.name, metrics };
  }

  private proposals(
    { replicas }: Target,
    selector: string,
  ): readonly (MetricProposal | MetricFailure)[] {
    const { client } = this.context;
    const namespace = this.autoscaler.metadata.namespace ?? "";
    const parsed = parseLabelSelector(selector);
    const pods = this.context
      .cache(Pod)
      .list(namespace)
      .filter(({ metadata }) => !isSelectorError(parsed) && parsed.matches(metadata.labels));
    const now = this.context.now();
    const scaled = { client, namespace, selector, pods, currentReplicas: replicas, now };
    return (this.autoscaler.spec.metrics ?? []).map((spec) => {
      const result = proposalOf(spec, scaled);
      if ("cause" in result) this.event("Warning", result.reason, result.cause);
      return result;
    });
  }

  private selectorOf(target: Target): string | undefined {
    const selector = target.scale.status?.selector ?? "";
    if (selector !== "") return selector;
    this.event("Warning", "SelectorRequired", "selector is required");
    this.set("ScalingActive", "False", {
      reason: "InvalidSelector",
      message: "the HPA target's scale is missing a selector",
    });
    this.uncomputed(target, "selector is required", []);
    return undefined;
  }

  private uncomputed({ replicas }: Target, error: string, metrics: readonly MetricStatus[]): void {
    const desired = this.autoscaler.status?.desiredReplicas ?? 0;
    this.writeStatus({ current: replicas, desired, metrics, rescales: false });
    this.event("Warning", "FailedComputeMetricsReplicas", error);
  }

  private rescale(
    { kind, scale, replicas: current }: Target,
    { replicas, reason }: Decision,
  ): boolean {
    try {
      const wanted = { ...scale, spec: { ...scale.spec, replicas } };
      this.context.client.updateSubresource(kind, wanted, "scale");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { message } = error;
      this.event(
        "Warning",
        "FailedRescale",
        `New size: ${replicas}; reason: ${reason}; error: ${message}`,
      );
      this.set("AbleToScale", "False", {
        reason: "FailedUpdateScale",
        message: `the HPA controller was unable to update the target scale: ${message}`,
      });
      this.writeConditions();
      return false;
    }
    this.set("AbleToScale", "True", {
      reason: "SucceededRescale",
      message: `the HPA controller was able to update the target scale to ${replicas}`,
    });
    this.event("Normal", "SuccessfulRescale", `New size: ${replicas}; reason: ${reason}`);
    this.rememberChange(replicas - current);
    return true;
  }

  private remember(replicas: number): void {
    const now = this.context.now();
    const recommendations = this.history.recommendations.filter(
      ({ at }) => at > now - longestMemory,
    );
    this.history = {
      ...this.history,
      recommendations: [...recommendations, { at: now, replicas }],
    };
  }

  private rememberChange(change: number): void {
    const now = this.context.now();
    const which = change > 0 ? "ups" : "downs";
    const events = this.history[which].filter(({ at }) => at > now - longestMemory);
    this.history = { ...this.history, [which]: [...events, { at: now, change: Math.abs(change) }] };
  }

  private set(
    type: ConditionType,
    status: Status,
    { reason, message }: { readonly reason: string; readonly message: string },
  ): void {
    const old = findCondition(this.conditions, type);
    const condition = transitioned({ type, status, reason, message }, old, this.context.now());
    this.conditions = replaceCondition(this.conditions, condition);
  }

  private writeConditions(): void {
    const {
      currentReplicas = 0,
      desiredReplicas = 0,
      currentMetrics = [],
    } = this.autoscaler.status ?? {};
    this.writeStatus({
      current: currentReplicas,
      desired: desiredReplicas,
      metrics: currentMetrics,
      rescales: false,
    });
  }

  private writeStatus(numbers: {
    readonly current: number;
    readonly desired: number;
    readonly metrics: readonly MetricStatus[];
    readonly rescales: boolean;
  }): void {
    const { lastScaleTime } = this.autoscaler.status ?? {};
    const scaledAt = numbers.rescales ? formatTime(this.context.now()) : lastScaleTime;
    const status = {
      ...(scaledAt === undefined ? {} : { lastScaleTime: scaledAt }),
      currentReplicas: numbers.current,
      desiredReplicas: numbers.desired,
      currentMetrics: numbers.metrics,
      conditions: this.conditions,
    };
    if (dequal(status, this.autoscaler.status)) return;
    this.context.client.updateStatus(HorizontalPodAutoscaler, { ...this.autoscaler, status });
  }

  private event(type: "Normal" | "Warning", reason: string, message: string): void {
    this.context.events.record(this.autoscaler, type, reason, message);
  }
}
