// How long a Pod bears the NoExecute taints of its node. Pure.
// Source: pkg/controller/tainteviction getMinTolerationTime and
// pkg/apis/core/v1/helper GetMatchingTolerations, kubernetes v1.34.
import { toleratesTaint } from "../../api/toleration.ts";
import type { Taint, Toleration } from "../../api/types.ts";
import { type Millis, second } from "../../base/time.ts";

/** Milliseconds until it must go: 0 at once, Infinity never. */
export function toleratedFor(
  taints: readonly Taint[],
  tolerations: readonly Toleration[] | undefined,
): Millis {
  const used: Toleration[] = [];
  for (const taint of taints) {
    const toleration = tolerations?.find((candidate) => toleratesTaint(candidate, taint));
    if (!toleration) return 0;
    used.push(toleration);
  }
  const limits = used.map(({ tolerationSeconds }) =>
    tolerationSeconds === undefined ? Number.POSITIVE_INFINITY : Math.max(0, tolerationSeconds),
  );
  return Math.min(Number.POSITIVE_INFINITY, ...limits) * second;
}
