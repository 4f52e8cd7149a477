// A Pod in a few words: what `kubectl get pods` prints of it.
// Source: pkg/printers/internalversion/printers.go printPod, kubernetes v1.34.
import { type Instant, parseTime } from "../../../base/time.ts";
import type { ContainerState, ContainerStatus, Pod } from "../../types.ts";
import { timeSince } from "../columns.ts";

interface PodSummary {
  /** "Running", "CrashLoopBackOff", "Init:0/1", "Terminating", ... */
  readonly status: string;
  readonly readyContainers: number;
  readonly totalContainers: number;
  readonly restarts: number;
  /** When the last container ended that was started again. */
  readonly lastRestart: string | undefined;
}

const nodeUnreachable = "NodeLost";

export function summaryOf(pod: Pod): PodSummary {
  const { spec, status } = pod;
  const sidecars = (spec.initContainers ?? []).filter(
    ({ restartPolicy }) => restartPolicy === "Always",
  );
  const sidecarNames = new Set(sidecars.map(({ name }) => name));
  const init = initSummary(pod, sidecarNames);
  const isInitialized = hasCondition(pod, "Initialized");
  const running = init.text === undefined || isInitialized ? containersSummary(pod) : undefined;
  const initStatuses = init.looked;
  const counted = running
    ? [
        ...initStatuses.filter(({ name }) => sidecarNames.has(name)),
        ...(status?.containerStatuses ?? []),
      ]
    : initStatuses;
  return {
    status: withDeletion(pod, running?.text ?? init.text ?? phaseText(pod), running),
    readyContainers: init.readySidecars + (running?.ready ?? 0),
    totalContainers: spec.containers.length + sidecars.length,
    restarts: counted.reduce((sum, { restartCount }) => sum + restartCount, 0),
    lastRestart: latest(counted.map(({ lastState }) => lastState?.terminated?.finishedAt)),
  };
}

export function podStatusText(pod: Pod): string {
  return summaryOf(pod).status;
}

export function restartsOf(pod: Pod): number {
  return summaryOf(pod).restarts;
}

/** "0", or "3 (5m ago)". */
export function restartsText(pod: Pod, now: Instant): string {
  const { restarts, lastRestart } = summaryOf(pod);
  return restarts === 0 || lastRestart === undefined
    ? String(restarts)
    : `${restarts} (${timeSince(lastRestart, now)} ago)`;
}

/** How many of the readiness gates are open: "1/2". */
export function readinessGatesText({ spec, status }: Pod): string {
  const gates = spec.readinessGates ?? [];
  if (gates.length === 0) return "<none>";
  const open = gates.filter(
    ({ conditionType }) =>
      status?.conditions?.find(({ type }) => type === conditionType)?.status === "True",
  );
  return `${open.length}/${gates.length}`;
}

function phaseText({ status }: Pod): string {
  const isGated = status?.conditions?.some(
    ({ type, reason }) => type === "PodScheduled" && reason === "SchedulingGated",
  );
  return isGated ? "SchedulingGated" : status?.reason || status?.phase || "";
}

interface InitSummary {
  /** Absent once all have come far enough. */
  readonly text: string | undefined;
  readonly readySidecars: number;
  /** Up to the one that the others wait for. */
  readonly looked: readonly ContainerStatus[];
}

function initSummary({ spec, status }: Pod, sidecars: ReadonlySet<string>): InitSummary {
  const statuses = status?.initContainerStatuses ?? [];
  let readySidecars = 0;
  for (const [i, { name, state, started, ready }] of statuses.entries()) {
    if (state?.terminated?.exitCode === 0) continue;
    if (sidecars.has(name) && started) {
      if (ready) readySidecars++;
      continue;
    }
    const text = initText(state, i, spec.initContainers?.length ?? 0);
    return { text, readySidecars, looked: statuses.slice(0, i + 1) };
  }
  return { text: undefined, readySidecars, looked: statuses };
}

function initText(state: ContainerState | undefined, i: number, count: number): string {
  const { terminated, waiting } = state ?? {};
  if (terminated) return `Init:${endText(terminated)}`;
  return waiting?.reason && waiting.reason !== "PodInitializing"
    ? `Init:${waiting.reason}`
    : `Init:${i}/${count}`;
}

interface ContainersSummary {
  /** Absent if no container has anything to say beyond the Pod's phase. */
  readonly text: string | undefined;
  readonly ready: number;
}

/** The first container's word counts. */
function containersSummary(pod: Pod): ContainersSummary {
  let text: string | undefined;
  let ready = 0;
  for (const { state, ready: isReady } of (pod.status?.containerStatuses ?? []).toReversed()) {
    if (state?.waiting?.reason) text = state.waiting.reason;
    else if (state?.terminated) text = endText(state.terminated);
    else if (isReady && state?.running) ready++;
  }
  return { text, ready };
}

/** One that ended well says little while another runs; and a Pod that goes is Terminating. */
function withDeletion(pod: Pod, text: string, running: ContainersSummary | undefined): string {
  const { metadata, status } = pod;
  const isGoing = metadata.deletionTimestamp !== undefined;
  const hasEnded = status?.phase === "Succeeded" || status?.phase === "Failed";
  if (isGoing && status?.reason === nodeUnreachable) return "Unknown";
  if (isGoing && !hasEnded) return "Terminating";
  if (text !== "Completed" || !running?.ready) return text;
  return hasCondition(pod, "Ready") ? "Running" : "NotReady";
}

function hasCondition({ status }: Pod, wanted: string): boolean {
  return (
    status?.conditions?.some(({ type, status: is }) => type === wanted && is === "True") ?? false
  );
}

function endText({ reason, signal, exitCode }: NonNullable<ContainerState["terminated"]>): string {
  return reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`);
}

function latest(times: readonly (string | undefined)[]): string | undefined {
  const instant = (time: string): Instant => parseTime(time) ?? 0;
  return times
    .filter((time) => time !== undefined)
    .reduce<string | undefined>(
      (last, time) => (last === undefined || instant(last) < instant(time) ? time : last),
      undefined,
    );
}
