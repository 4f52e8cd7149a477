// pods/eviction: a deletion that a disruption budget may refuse.
// Source: pkg/registry/core/pod/storage/eviction.go, kubernetes v1.34.
import { Eviction } from "../../../api/kinds/eviction.ts";
import { isPodReady, isTerminal } from "../../../api/kinds/pod/kind.ts";
import {
  disruptionCondition,
  reasonFor,
  withDisruptionCondition,
} from "../../../api/kinds/podDisruptionBudget/conditions.ts";
import { PodDisruptionBudget } from "../../../api/kinds/podDisruptionBudget.ts";
import { type KubeObject, keyOf } from "../../../api/object.ts";
import type { RequestOptions } from "../../../api/request.ts";
import { labelSelectorOf } from "../../../api/selector.ts";
import {
  type ApiError,
  badRequestError,
  forbiddenError,
  hasReason,
  type Status,
  tooManyRequestsError,
} from "../../../api/status.ts";
import type {
  PodDisruptionBudget as BudgetObject,
  PodCondition,
  PodDisruptionBudgetStatus,
  Pod as PodObject,
} from "../../../api/types.ts";
import { type Draft, draft } from "../../../base/draft.ts";
import { formatTime } from "../../../base/time.ts";
import { maxDisruptedPods } from "../../limits.ts";
import { success } from "../answers.ts";
import type { Call, ServerParts, SubresourceHandler } from "../call.ts";

/** policy/v1 Eviction, or v1beta1: they are alike. */
interface EvictionBody {
  readonly metadata?: { readonly name?: string };
  readonly deleteOptions?: DeleteOptions;
}

type DeleteOptions = Pick<
  RequestOptions,
  "gracePeriodSeconds" | "propagationPolicy" | "preconditions"
> & { readonly dryRun?: readonly string[] };

export const eviction: SubresourceHandler = {
  create(call, server) {
    const { metadata, deleteOptions = {} } = (call.request.body ?? {}) as EvictionBody;
    if (metadata?.name !== call.key.name)
      throw badRequestError("name in URL does not match name in Eviction object");
    const { kind, key, request, scope } = call;
    const object = request.body as Draft<KubeObject>;
    const made = { operation: "CREATE", subresource: "eviction", objectKind: Eviction } as const;
    server.registry.admitSubresource({ ...made, kind, key, object }, scope);
    const admitted = { ...call, scope: { ...scope, isAdmitted: true as const } };
    return new PodEviction(admitted, server, deleteOptions).run();
  },
};

class PodEviction {
  private readonly options: RequestOptions;

  constructor(
    private readonly call: Call,
    private readonly server: ServerParts,
    { gracePeriodSeconds, propagationPolicy, preconditions, dryRun = [] }: DeleteOptions,
  ) {
    this.options = {
      ...call.scope.options,
      ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
      ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
      ...(preconditions === undefined ? {} : { preconditions }),
      ...(dryRun.length > 0 ? { dryRun: true } : {}),
    };
  }

  run(): unknown {
    const { kind, key } = this.call;
    const pod = this.server.registry.get(kind, key) as PodObject;
    if (needsNoBudget(pod)) {
      this.delete(pod, this.options);
      return success(201);
    }
    const [budget, ...others] = this.budgetsOf(pod);
    if (others.length > 0) return severalBudgets;
    const guarded = budget && !this.isUnhealthyAnyway(pod, budget) ? budget : undefined;
    if (guarded) this.take(pod, guarded);
    this.deleteCounted(pod, budget, guarded !== undefined);
    return success(201);
  }

  private budgetsOf({ metadata }: PodObject): readonly BudgetObject[] {
    if (Object.keys(metadata.labels ?? {}).length === 0) return [];
    return this.server.registry
      .list(PodDisruptionBudget, metadata.namespace ?? "")
      .filter(({ spec }) => labelSelectorOf(spec.selector).matches(metadata.labels));
  }

  /** A Pod that isn't ready counts for nothing and may go, if the budget is met without it. */
  private isUnhealthyAnyway(pod: PodObject, { spec, status }: BudgetObject): boolean {
    if (isPodReady(pod)) return false;
    if (spec.unhealthyPodEvictionPolicy === "AlwaysAllow") return true;
    const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
    return currentHealthy >= desiredHealthy && desiredHealthy > 0;
  }

  /** Takes one of the disruptions that the budget allows. @throws ApiError if it allows none */
  private take(pod: PodObject, budget: BudgetObject): void {
    const { status } = budget;
    const refusal = refusalOf(budget, status);
    if (refusal || !status) throw refusal ?? stillProcessed(budget);
    if (this.options.dryRun) return;
    const now = this.server.now();
    const counted = { ...status, disruptionsAllowed: status.disruptionsAllowed - 1 };
    const conditions =
      counted.disruptionsAllowed === 0
        ? { conditions: withDisruptionCondition(counted, reasonFor(counted), "", now) }
        : {};
    const disruptedPods = { ...status.disruptedPods, [pod.metadata.name]: formatTime(now) };
    this.server.registry.update(
      PodDisruptionBudget,
      keyOf(budget),
      (old) => {
        const copy = draft(old) as Draft<BudgetObject>;
        copy.status = draft({ ...counted, ...conditions, disruptedPods });
        return copy;
      },
      { ...this.call.scope, options: {}, subresource: "status" },
    );
  }

  /** A Pod that was let go as unhealthy must still be as it was seen. */
  private deleteCounted(
    pod: PodObject,
    budget: BudgetObject | undefined,
    isCounted: boolean,
  ): void {
    const asSeen = this.options.preconditions?.resourceVersion !== undefined;
    if (!budget || isCounted) {
      this.delete(pod, this.options);
      return;
    }
    try {
      this.delete(pod, this.seen(pod));
    } catch (error) {
      throw hasReason(error, "Conflict") && !asSeen ? stillProcessed(budget) : error;
    }
  }

  private seen({ metadata }: PodObject): RequestOptions {
    const { resourceVersion } = metadata;
    if (resourceVersion === undefined) return this.options;
    return {
      ...this.options,
      preconditions: { resourceVersion, ...this.options.preconditions },
    };
  }

  /** Tells the Pod why it goes; what the request expects of it is expected of the state before. */
  private delete(pod: PodObject, options: RequestOptions): void {
    const { kind, key, scope } = this.call;
    const { registry } = this.server;
    const { resourceVersion: expected, ...preconditions } = options.preconditions ?? {};
    if (!options.dryRun)
      registry.update(
        kind,
        key,
        (old) => {
          const copy = draft(old) as Draft<PodObject>;
          if (expected !== undefined) copy.metadata.resourceVersion = expected;
          copy.status = { ...copy.status, conditions: this.announced(old as PodObject) };
          return copy as Draft<PodObject>;
        },
        { ...scope, options: {}, subresource: "status" },
      );
    const left = options.dryRun ? options : { ...options, preconditions };
    registry.delete(kind, keyOf(pod), { ...scope, options: left });
  }

  private announced({ metadata, status }: PodObject): Draft<PodCondition>[] {
    const others = (status?.conditions ?? []).filter(({ type }) => type !== "DisruptionTarget");
    const known = status?.conditions?.find(({ type }) => type === "DisruptionTarget");
    const now = formatTime(this.server.now());
    const condition: PodCondition = {
      type: "DisruptionTarget",
      status: "True",
      ...(metadata.generation === undefined ? {} : { observedGeneration: metadata.generation }),
      lastTransitionTime: known?.status === "True" ? (known.lastTransitionTime ?? now) : now,
      reason: "EvictionByEvictionAPI",
      message: "Eviction API: evicting",
    };
    return draft([...others, condition]) as Draft<PodCondition>[];
  }
}

/** Pods that do nothing for anyone, or go already. Source: canIgnorePDB. */
function needsNoBudget(pod: PodObject): boolean {
  return (
    isTerminal(pod) ||
    pod.status?.phase === "Pending" ||
    pod.metadata.deletionTimestamp !== undefined
  );
}

/** A failure in the body of a success: the real server answers so. */
const severalBudgets: Status = {
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Failure",
  message:
    "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
  code: 500,
};

const tooMany = "Cannot evict pod as it would violate the pod's disruption budget.";

/** Source: checkAndDecrement. */
function refusalOf(
  budget: BudgetObject,
  status: PodDisruptionBudgetStatus | undefined,
): ApiError | undefined {
  const { name, generation = 0 } = budget.metadata;
  const target = { group: "policy", kind: "poddisruptionbudget", name };
  if (!status || (status.observedGeneration ?? 0) < generation) return stillProcessed(budget);
  if (status.disruptionsAllowed < 0)
    return forbiddenError(target, "pdb disruptions allowed is negative");
  if (Object.keys(status.disruptedPods ?? {}).length > maxDisruptedPods)
    return forbiddenError(
      target,
      "DisruptedPods map too big - too many evictions not confirmed by PDB controller",
    );
  if (status.disruptionsAllowed > 0) return undefined;
  return tooManyRequestsError(tooMany, { causes: [cause(whyNone(name, status))] });
}

function whyNone(name: string, status: PodDisruptionBudgetStatus): string {
  const { status: allowed, reason, message = "" } = disruptionCondition(status) ?? {};
  const isExplained = allowed === "False" && message !== "";
  const { currentHealthy, desiredHealthy } = status;
  const not = `The disruption budget ${name} does not allow evicting pods currently`;
  // The counts mean nothing while they can't be told.
  if (isExplained && reason === "SyncFailed") return `${not} because it failed sync: ${message}`;
  if (currentHealthy <= desiredHealthy)
    return `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  return isExplained ? `${not} (${reason}): ${message}` : not;
}

function stillProcessed({ metadata }: BudgetObject): ApiError {
  const message = `The disruption budget ${metadata.name} is still being processed by the server.`;
  return tooManyRequestsError(tooMany, { causes: [cause(message)], retryAfterSeconds: 10 });
}

function cause(message: string): { readonly reason: string; readonly message: string } {
  return { reason: "DisruptionBudget", message };
}
