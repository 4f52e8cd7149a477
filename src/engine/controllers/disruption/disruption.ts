// disruption-controller: tells of every budget how many of its Pods may go by anyone's will.
// Source: pkg/controller/disruption/disruption.go, kubernetes v1.34.
import type { Kind } from "../../../api/kind.ts";
import { Pod } from "../../../api/kinds/pod/kind.ts";
import { PodDisruptionBudget } from "../../../api/kinds/podDisruptionBudget.ts";
import { keyOf, type ObjectKey } from "../../../api/object.ts";
import { labelSelectorOf } from "../../../api/selector.ts";
import type { PodDisruptionBudget as BudgetObject, Pod as PodObject } from "../../../api/types.ts";
import type { Change } from "../../localInformer.ts";
import {
  type ControllerContext,
  type ControllerFactory,
  type RetryAfter,
  trigger,
} from "../controller.ts";
import { BudgetSync } from "./budgetSync.ts";
import { ExpectedPods, workloadKinds } from "./expectedPods.ts";
import { endStaleDisruption, untilStale } from "./staleDisruption.ts";

/** @param kinds all that are served: any of them may control Pods and have a scale */
export function disruption(kinds: Iterable<Kind>): ControllerFactory {
  return () => ({
    name: "disruption-controller",
    eventSource: "controllermanager",
    triggers: [
      trigger(PodDisruptionBudget, ({ old, now }) => [keyOf((now ?? old) as BudgetObject)]),
      trigger(Pod, podChanged),
    ],
    reads: workloadKinds,
    reconcile: (key, context) => reconcile(key, kinds, context),
  });
}

function reconcile(
  key: ObjectKey,
  kinds: Iterable<Kind>,
  context: ControllerContext,
): RetryAfter | undefined {
  const pod = podOf(key);
  if (pod) {
    const wait = endStaleDisruption(pod, context);
    return wait === undefined ? undefined : { retryAfterMs: wait };
  }
  const budget = context.cache(PodDisruptionBudget).get(key);
  if (budget) new BudgetSync(budget, new ExpectedPods(kinds, context), context).run();
  return undefined;
}

/** Of several budgets for one Pod only the first hears of it. */
function podChanged(
  { old, now }: Change<PodObject>,
  context: ControllerContext,
): readonly ObjectKey[] {
  const pod = (now ?? old) as PodObject;
  const wait = now && untilStale(now, context.now());
  if (wait !== undefined) context.enqueue(podKey(pod), wait);
  const [first, ...others] = context
    .cache(PodDisruptionBudget)
    .list(pod.metadata.namespace ?? "")
    .filter(({ spec }) => labelSelectorOf(spec.selector).matches(pod.metadata.labels));
  if (!first) return [];
  if (others.length > 0) reportSeveral(pod, first, context);
  return [keyOf(first)];
}

function reportSeveral(pod: PodObject, chosen: BudgetObject, { events }: ControllerContext): void {
  const { namespace, name } = pod.metadata;
  const message = `Pod "${namespace}"/"${name}" matches multiple PodDisruptionBudgets.  Chose "${chosen.metadata.name}" arbitrarily.`;
  events.record(pod, "Warning", "MultiplePodDisruptionBudgets", message);
}

/** Pods share the queue with budgets: no budget's name has a slash. */
const podPrefix = "pods/";

function podKey({ metadata }: PodObject): ObjectKey {
  return { namespace: metadata.namespace ?? "", name: podPrefix + metadata.name };
}

function podOf({ namespace, name }: ObjectKey): ObjectKey | undefined {
  return name.startsWith(podPrefix) ? { namespace, name: name.slice(podPrefix.length) } : undefined;
}
