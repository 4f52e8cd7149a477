// A Pod's whole status as its kubelet reports it.
// Source: pkg/kubelet/kubelet_pods.go generateAPIPodStatus, kubernetes v1.34.
import { qosClassOf } from "../../api/kinds/pod/qosClass.ts";
import type { Pod, PodCondition, PodStatus } from "../../api/types.ts";
import { formatTime, type Instant, parseTime, second } from "../../base/time.ts";
import { ephemeralStatuses, initStatuses, mainStatuses } from "./containerStatuses.ts";
import { conditionsOf, isOwnCondition } from "./podConditions.ts";
import { phaseOf } from "./podPhase.ts";
import { initContainersOf, type PodView } from "./podView.ts";

export interface StatusOptions {
  /** The Pod's containers are being stopped for good. */
  readonly isTerminal?: boolean;
  /** The kubelet ends the Pod for this reason. */
  readonly verdict?: Verdict;
}

/** Why a kubelet fails a Pod. */
export interface Verdict {
  readonly reason: string;
  readonly message: string;
  /** The Pod did nothing wrong: it says so in a condition. */
  readonly isDisruption?: true;
}

export function podStatusOf(
  view: PodView,
  { isTerminal = false, verdict }: StatusOptions = {},
): PodStatus {
  const { pod, reported, runtime, now } = view;
  const main = mainStatuses(view);
  const init = initStatuses(view);
  const ephemeral = ephemeralStatuses(view);
  const wasTerminal = reported.phase === "Failed" || reported.phase === "Succeeded";
  const found = verdict ? "Failed" : phaseOf(pod, { init, main }, isTerminal);
  const phase = wasTerminal ? (reported.phase ?? found) : found;
  const { reason, message } = verdict ?? (phase === reported.phase ? reported : {});
  const before = [
    ...(reported.conditions ?? []).filter(isOwnCondition),
    ...foreign(pod),
    ...disruptionOf(view, verdict),
  ];
  const hasSandbox = runtime.sandbox?.isReady ?? false;
  const { generation } = pod.metadata;
  return {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    phase,
    conditions: conditionsOf({ pod, phase, init, main, hasSandbox, before, now }),
    ...(message ? { message } : {}),
    ...(reason ? { reason } : {}),
    ...addressesOf(view),
    startTime: reported.startTime ?? formatTime(now),
    ...(initContainersOf(pod).length > 0 ? { initContainerStatuses: init } : {}),
    containerStatuses: main,
    ...(ephemeral.length > 0 ? { ephemeralContainerStatuses: ephemeral } : {}),
    qosClass: pod.status?.qosClass ?? qosClassOf(pod),
  };
}

/** The status of a Pod that the node does not take. Source: kubelet.go rejectPod, kubernetes v1.34. */
export function rejectedStatus(pod: Pod, { reason, message }: Verdict, now: Instant): PodStatus {
  return {
    ...(pod.metadata.generation === undefined
      ? {}
      : { observedGeneration: pod.metadata.generation }),
    phase: "Failed",
    reason,
    message: `Pod was rejected: ${message}`,
    conditions: foreign(pod),
    startTime: formatTime(now),
    qosClass: pod.status?.qosClass ?? qosClassOf(pod),
  };
}

/** When a Pod's activeDeadlineSeconds are over; undefined without one. */
export function activeDeadline({ spec }: Pod, { startTime }: PodStatus): Instant | undefined {
  const started = parseTime(startTime ?? "");
  if (spec.activeDeadlineSeconds === undefined || started === undefined) return undefined;
  return started + spec.activeDeadlineSeconds * second;
}

/** Source: pkg/kubelet/active_deadline.go, kubernetes v1.34. */
export const deadlineExceeded: Verdict = {
  reason: "DeadlineExceeded",
  message: "Pod was active on the node longer than the specified deadline",
};

/** Source: pkg/kubelet/eviction/eviction_manager.go evictPod, kubernetes v1.34. */
function disruptionOf(
  { pod, reported, now }: PodView,
  verdict: Verdict | undefined,
): readonly PodCondition[] {
  if (!verdict?.isDisruption) return [];
  const type = "DisruptionTarget";
  if (pod.status?.conditions?.some((condition) => condition.type === type)) return [];
  const known = reported.conditions?.find((condition) => condition.type === type);
  const { generation } = pod.metadata;
  return [
    known ?? {
      type,
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      status: "True",
      reason: "TerminationByKubelet",
      message: verdict.message,
      lastTransitionTime: formatTime(now),
    },
  ];
}

/** Conditions that others keep, as the API server has them now. */
function foreign({ status }: Pod) {
  return (status?.conditions ?? []).filter((condition) => !isOwnCondition(condition));
}

function addressesOf({ pod, runtime, nodeAddress, reported }: PodView) {
  const ip = pod.spec.hostNetwork ? nodeAddress : (runtime.sandbox?.ip ?? reported.podIP);
  return {
    hostIP: nodeAddress,
    hostIPs: [{ ip: nodeAddress }],
    ...(ip === undefined ? {} : { podIP: ip, podIPs: [{ ip }] }),
  };
}
