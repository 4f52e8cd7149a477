// A Pod's phase, from the states of its containers. Source: kubelet_pods.go getPhase, kubernetes v1.34.
import { isSidecar } from "../../api/kinds/pod/requests.ts";
import type { ContainerStatus, Pod, PodStatus } from "../../api/types.ts";

export type Phase = NonNullable<PodStatus["phase"]>;

/**
 * @param isTerminal true once the Pod's containers will not be restarted whatever its policy says
 */
export function phaseOf(
  { spec }: Pod,
  statuses: { init: readonly ContainerStatus[]; main: readonly ContainerStatus[] },
  isTerminal: boolean,
): Phase {
  const init = countInit(spec, statuses.init);
  const main = countMain(statuses.main);
  if (init.failed > 0 && spec.restartPolicy === "Never") return "Failed";
  const hasBegun = statuses.main.some(({ state }) => state?.running || state?.terminated);
  const wasBegun = statuses.main.some(({ lastState }) => lastState?.terminated);
  if (init.pending > 0 && !hasBegun && !wasBegun) return "Pending";
  if (main.waiting > 0) return "Pending";
  if (main.running + init.running > 0) return "Running";
  if (main.stopped === 0) return "Pending";
  if (!isTerminal && spec.restartPolicy === "Always") return "Running";
  if (main.stopped === main.succeeded) return "Succeeded";
  return isTerminal || spec.restartPolicy === "Never" ? "Failed" : "Running";
}

function countInit({ initContainers = [] }: Pod["spec"], statuses: readonly ContainerStatus[]) {
  const counts = { pending: 0, failed: 0, running: 0 };
  for (const container of initContainers) {
    const status = statuses.find(({ name }) => name === container.name);
    const verdict = isSidecar(container) ? sidecarVerdict(status) : initVerdict(status);
    if (verdict === "running" || verdict === "starting") counts.running++;
    if (verdict === "pending" || verdict === "starting") counts.pending++;
    if (verdict === "failed") counts.failed++;
  }
  return counts;
}

function sidecarVerdict(status: ContainerStatus | undefined) {
  if (status?.state?.running) return status.started ? "running" : "starting";
  return status?.state?.terminated || status?.lastState?.terminated ? "done" : "pending";
}

function initVerdict(status: ContainerStatus | undefined) {
  if (!status || status.state?.running) return "pending";
  const ended = status.state?.terminated ?? status.lastState?.terminated;
  if (!ended) return "pending";
  return ended.exitCode === 0 ? "done" : "failed";
}

function countMain(statuses: readonly ContainerStatus[]) {
  const counts = { running: 0, waiting: 0, stopped: 0, succeeded: 0 };
  for (const { state, lastState } of statuses) {
    if (state?.running) counts.running++;
    else if (state?.terminated) {
      counts.stopped++;
      if (state.terminated.exitCode === 0) counts.succeeded++;
    } else if (lastState?.terminated) counts.stopped++;
    else counts.waiting++;
  }
  return counts;
}
