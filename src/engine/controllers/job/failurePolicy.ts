// What a Job's failure policy makes of a failed Pod: the first rule that matches decides.
// Source: pkg/controller/job/pod_failure_policy.go, kubernetes v1.34.
import type {
  ContainerStatus,
  Job,
  Pod,
  PodFailurePolicyOnExitCodesRequirement,
  PodFailurePolicyRule,
} from "../../../api/types.ts";

export interface FailureVerdict {
  /** "Count", "FailIndex", "FailJob" or "Ignore"; absent if no rule matches. */
  readonly action?: string;
  /** Whether the failure counts towards the back-off limits. */
  readonly isCounted: boolean;
  /** Why the whole Job fails. */
  readonly failJob?: string;
}

const counted: FailureVerdict = { isCounted: true };

export function judgeFailure({ spec }: Job, pod: Pod): FailureVerdict {
  for (const [i, rule] of (spec.podFailurePolicy?.rules ?? []).entries()) {
    const match = matchOf(rule, pod);
    if (match === undefined) continue;
    const { action } = rule;
    const failJob = `${match} matching ${action} rule at index ${i}`;
    if (action === "FailJob") return { action, isCounted: true, failJob };
    return { action, isCounted: action !== "Ignore" };
  }
  return counted;
}

/** What of the Pod the rule matches, in words. */
function matchOf(
  { onExitCodes, onPodConditions }: PodFailurePolicyRule,
  pod: Pod,
): string | undefined {
  const { namespace, name } = pod.metadata;
  if (onExitCodes) {
    const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
    const failed = [...containerStatuses, ...initContainerStatuses].find((status) =>
      matchesExit(status, onExitCodes),
    );
    const code = failed?.state?.terminated?.exitCode;
    return (
      failed &&
      `Container ${failed.name} for pod ${namespace}/${name} failed with exit code ${code}`
    );
  }
  const condition = (pod.status?.conditions ?? []).find(({ type, status }) =>
    onPodConditions?.some((pattern) => pattern.type === type && pattern.status === status),
  );
  return condition && `Pod ${namespace}/${name} has condition ${condition.type}`;
}

function matchesExit(
  { name, state }: ContainerStatus,
  { containerName, operator, values }: PodFailurePolicyOnExitCodesRequirement,
): boolean {
  const code = state?.terminated?.exitCode ?? 0;
  if (code === 0 || (containerName !== undefined && containerName !== name)) return false;
  return operator === "In" ? values.includes(code) : !values.includes(code);
}
