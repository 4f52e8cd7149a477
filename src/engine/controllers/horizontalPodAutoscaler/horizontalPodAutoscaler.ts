// horizontal-pod-autoscaler: looks at each autoscaler every 15 s, and scales its target as metrics ask.
// Source: pkg/controller/podautoscaler/horizontal.go, kubernetes v1.34.
import type { Kind } from "../../../api/kind.ts";
import { HorizontalPodAutoscaler } from "../../../api/kinds/horizontalPodAutoscaler.ts";
import { Pod } from "../../../api/kinds/pod/kind.ts";
import { keyOf, keyText } from "../../../api/object.ts";
import { ApiError } from "../../../api/status.ts";
import { autoscalerSyncMs } from "../../limits.ts";
import { type ControllerFactory, trigger } from "../controller.ts";
import { AutoscalerSync } from "./autoscalerSync.ts";
import type { ScalingHistory } from "./scalingRules.ts";

/** @param kinds all that are served: any with a scale may be a target */
export function horizontalPodAutoscaler(kinds: Iterable<Kind>): ControllerFactory {
  return () => {
    const histories = new Map<string, ScalingHistory>();
    return {
      name: "horizontal-pod-autoscaler-controller",
      account: "horizontal-pod-autoscaler",
      eventSource: "horizontal-pod-autoscaler",
      triggers: [
        trigger(HorizontalPodAutoscaler, ({ now, old }, { enqueue }) => {
          // Each comes again by itself; a change waits for its turn.
          if (now && !old) enqueue(keyOf(now), autoscalerSyncMs);
          return [];
        }),
      ],
      reads: [Pod as Kind],
      reconcile(key, context) {
        const autoscaler = context.cache(HorizontalPodAutoscaler).get(key);
        if (!autoscaler) {
          histories.delete(keyText(key));
          return undefined;
        }
        const sync = new AutoscalerSync(autoscaler, histories.get(keyText(key)), kinds, context);
        try {
          sync.run();
        } catch (error) {
          // Whatever was refused is tried again in the next period.
          if (!(error instanceof ApiError)) throw error;
        }
        histories.set(keyText(key), sync.history);
        return { retryAfterMs: autoscalerSyncMs };
      },
    };
  };
}
