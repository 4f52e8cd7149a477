// DefaultTolerationSeconds: Pods stay for five minutes on a node that is not ready or unreachable.
// Source: plugin/pkg/admission/defaulttolerationseconds, kubernetes v1.34.

import type { Draft } from "../../../base/draft.ts";
import type { Pod, Toleration } from "../../types.ts";

const taints = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];
/** --default-not-ready-toleration-seconds and --default-unreachable-toleration-seconds. */
const tolerationSeconds = 300;

/** Adds the tolerations that the Pod does not state itself, in place. */
export function addDefaultTolerations(pod: Draft<Pod>): void {
  const stated = pod.spec.tolerations ?? [];
  const added = taints
    .filter((key) => !stated.some((toleration) => concerns(toleration, key)))
    .map((key) => {
      const effect = "NoExecute" as const;
      return { key, operator: "Exists" as const, effect, tolerationSeconds };
    });
  if (added.length > 0) pod.spec.tolerations = [...stated, ...added];
}

function concerns({ key, effect }: Toleration, taint: string): boolean {
  return (!key || key === taint) && (!effect || effect === "NoExecute");
}
