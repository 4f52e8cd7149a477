// The evaluator of each kind. Source: pkg/quota/v1/install, 1.34.
import type { Kind } from "../kind.ts";
import { claimEvaluator } from "./claimEvaluator.ts";
import { objectCount, type QuotaEvaluator } from "./evaluator.ts";
import { podEvaluator } from "./podEvaluator.ts";
import { serviceEvaluator } from "./serviceEvaluator.ts";

const special: Readonly<Record<string, QuotaEvaluator>> = {
  pods: podEvaluator,
  persistentvolumeclaims: claimEvaluator,
  services: serviceEvaluator,
};

/** Events come and go by themselves: no quota counts them. */
const ignored: ReadonlySet<string> = new Set(["events", "events.events.k8s.io"]);

/** @returns undefined for kinds that no quota counts */
export function evaluatorFor(kind: Kind): QuotaEvaluator | undefined {
  if (!kind.namespaced || kind.unstored || ignored.has(kind.resource)) return undefined;
  return special[kind.resource] ?? objectCount(kind);
}
