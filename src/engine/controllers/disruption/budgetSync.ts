// One look at a budget: how many of its Pods are healthy, and how many may go.
// Source: pkg/controller/disruption/disruption.go trySync, updatePdbStatus and failSafe, kubernetes v1.34.
import { dequal } from "dequal";
import { isPodReady, Pod } from "../../../api/kinds/pod/kind.ts";
import {
  isConditionCurrent,
  reasonFor,
  withDisruptionCondition,
} from "../../../api/kinds/podDisruptionBudget/conditions.ts";
import { PodDisruptionBudget } from "../../../api/kinds/podDisruptionBudget.ts";
import { keyOf } from "../../../api/object.ts";
import { labelSelectorOf } from "../../../api/selector.ts";
import { ApiError } from "../../../api/status.ts";
import type {
  PodDisruptionBudget as BudgetObject,
  LabelSelector,
  PodDisruptionBudgetStatus,
  Pod as PodObject,
} from "../../../api/types.ts";
import { type Instant, parseTime } from "../../../base/time.ts";
import { evictionTimeoutMs } from "../../limits.ts";
import type { ControllerContext } from "../controller.ts";
import type { ExpectedPods } from "./expectedPods.ts";

/** A status before anything was counted. */
const nothing: PodDisruptionBudgetStatus = {
  currentHealthy: 0,
  desiredHealthy: 0,
  disruptionsAllowed: 0,
  expectedPods: 0,
};

export class BudgetSync {
  constructor(
    private readonly budget: BudgetObject,
    private readonly expectedPods: ExpectedPods,
    private readonly context: ControllerContext,
  ) {}

  /** Nothing may go while the numbers can't be told. @throws ApiError what the server refuses */
  run(): void {
    let error: string | undefined;
    try {
      error = this.sync();
    } catch (refusal) {
      if (!(refusal instanceof ApiError) || refusal.reason === "Conflict") throw refusal;
      error = refusal.message;
    }
    if (error !== undefined) this.failSafe(error);
  }

  private sync(): string | undefined {
    const pods = this.pods();
    if (pods.length === 0) this.event("Normal", "NoPods", "No matching pods found");
    const expectation = this.expectedPods.of(this.budget, pods);
    if ("error" in expectation) {
      const message = `Failed to calculate the number of expected pods: ${expectation.error}`;
      this.event("Warning", "CalculateExpectedPodCountFailed", message);
      return expectation.error;
    }
    if (expectation.unmanaged.length > 0)
      this.event("Warning", "UnmanagedPods", unmanagedText(this.budget.spec.selector));
    const { disrupted, recheckAt } = this.disruptedPods(pods);
    const currentHealthy = pods.filter(
      (pod) =>
        pod.metadata.deletionTimestamp === undefined &&
        disrupted[pod.metadata.name] === undefined &&
        isPodReady(pod),
    ).length;
    const { expected, desiredHealthy } = expectation;
    const allowed = expected > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0;
    this.write({
      disruptionsAllowed: allowed,
      currentHealthy,
      desiredHealthy,
      expectedPods: expected,
      ...(Object.keys(disrupted).length > 0 ? { disruptedPods: disrupted } : {}),
    });
    if (recheckAt !== undefined)
      this.context.enqueue(keyOf(this.budget), recheckAt - this.context.now());
    return undefined;
  }

  private pods(): readonly PodObject[] {
    const selector = labelSelectorOf(this.budget.spec.selector);
    return this.context
      .cache(Pod)
      .list(this.budget.metadata.namespace ?? "")
      .filter(({ metadata }) => selector.matches(metadata.labels));
  }

  /** Pods whose eviction was granted and that are still there, for as long as that is believed. */
  private disruptedPods(pods: readonly PodObject[]): {
    readonly disrupted: Readonly<Record<string, string>>;
    readonly recheckAt?: Instant;
  } {
    const { disruptedPods = {} } = this.budget.status ?? nothing;
    const disrupted: Record<string, string> = {};
    const ends: Instant[] = [];
    for (const pod of pods) {
      const time = disruptedPods[pod.metadata.name];
      if (time === undefined || pod.metadata.deletionTimestamp !== undefined) continue;
      const end = (parseTime(time) ?? 0) + evictionTimeoutMs;
      if (end < this.context.now()) this.reportNotDeleted(pod);
      else {
        disrupted[pod.metadata.name] = time;
        ends.push(end);
      }
    }
    return ends.length > 0 ? { disrupted, recheckAt: Math.min(...ends) } : { disrupted };
  }

  private write(counts: PodDisruptionBudgetStatus): void {
    const { metadata, status = nothing } = this.budget;
    const { conditions = [] } = status;
    const generation = metadata.generation ?? 0;
    const next = { ...counts, observedGeneration: generation, conditions };
    const isSame = dequal({ ...status, conditions }, next) && isConditionCurrent(status);
    if (isSame) return;
    const condition = withDisruptionCondition(next, reasonFor(next), "", this.context.now());
    this.writeStatus({ ...next, conditions: condition });
  }

  private failSafe(message: string): void {
    const { status = nothing } = this.budget;
    const conditions = withDisruptionCondition(status, "SyncFailed", message, this.context.now());
    const next = { ...status, disruptionsAllowed: 0, conditions };
    if (!dequal(next, status)) this.writeStatus(next);
  }

  private writeStatus(status: PodDisruptionBudgetStatus): void {
    this.context.client.updateStatus(PodDisruptionBudget, { ...this.budget, status });
  }

  private event(type: "Normal" | "Warning", reason: string, message: string): void {
    this.context.events.record(this.budget, type, reason, message);
  }

  /** The budget's namespace stands for its name, too: the real message says it so. */
  private reportNotDeleted(pod: PodObject): void {
    const { namespace } = this.budget.metadata;
    const message = `Pod was expected by PDB ${namespace}/${namespace} to be deleted but it wasn't`;
    this.context.events.record(pod, "Warning", "NotDeleted", message);
  }
}

function unmanagedText(selector: LabelSelector | undefined): string {
  return (
    `Pods selected by this PodDisruptionBudget (selector: ${goText(selector)}) were found to be ` +
    "unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may " +
    'result in undefined behavior. To account for these pods please set ".spec.minAvailable" ' +
    "field of the PDB to an integer value."
  );
}

/** A selector as Go prints it. Source: the generated LabelSelector.String. */
function goText({ matchLabels = {}, matchExpressions = [] }: LabelSelector = {}): string {
  const labels = Object.keys(matchLabels)
    .sort()
    .map((key) => `${key}: ${matchLabels[key]},`);
  const expressions = matchExpressions.map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(" ")}],},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join("")}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join("")}},}`;
}
