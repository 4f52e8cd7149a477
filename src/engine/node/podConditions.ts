// The conditions that a kubelet keeps of a Pod. Source: pkg/kubelet/status/generate.go, kubernetes v1.34.
import { isSidecar } from "../../api/kinds/pod/requests.ts";
import type { Container, ContainerStatus, Pod, PodCondition } from "../../api/types.ts";
import { formatTime, type Instant } from "../../base/time.ts";
import type { Phase } from "./podPhase.ts";
import { initContainersOf } from "./podView.ts";

/** What a condition says, without its times. */
type Finding = Pick<PodCondition, "status" | "reason" | "message">;

export interface ConditionInputs {
  readonly pod: Pod;
  readonly phase: Phase;
  readonly init: readonly ContainerStatus[];
  readonly main: readonly ContainerStatus[];
  readonly hasSandbox: boolean;
  /** What was reported before, with the conditions of others. */
  readonly before: readonly PodCondition[];
  readonly now: Instant;
}

const ownTypes = new Set([
  "PodReadyToStartContainers",
  "Initialized",
  "Ready",
  "ContainersReady",
  "PodScheduled",
]);

/** True for conditions that the kubelet writes. Source: kubelet/types PodConditionByKubelet. */
export function isOwnCondition({ type }: PodCondition): boolean {
  return ownTypes.has(type);
}

/** All conditions in the order in which the kubelet reports them. */
export function conditionsOf(inputs: ConditionInputs): readonly PodCondition[] {
  const containersReady = containersReadyFinding(inputs);
  const findings: readonly (readonly [type: string, finding: Finding])[] = [
    ["PodReadyToStartContainers", { status: inputs.hasSandbox ? "True" : "False" }],
    ["Initialized", initializedFinding(inputs)],
    ["Ready", readyFinding(inputs, containersReady)],
    ["ContainersReady", containersReady],
    ["PodScheduled", { status: "True" }],
  ];
  const own = findings.map(([type, finding]) => conditionOf(type, finding, inputs));
  return [...inputs.before.filter((condition) => !isOwnCondition(condition)), ...own];
}

function conditionOf(
  type: string,
  finding: Finding,
  { pod, before, now }: ConditionInputs,
): PodCondition {
  const old = before.find((condition) => condition.type === type);
  const { generation } = pod.metadata;
  return {
    type,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    ...finding,
    lastTransitionTime:
      old?.status === finding.status && old.lastTransitionTime
        ? old.lastTransitionTime
        : formatTime(now),
  };
}

function containersReadyFinding({ pod, phase, init, main }: ConditionInputs): Finding {
  const counted = [...initContainersOf(pod).filter(isSidecar), ...pod.spec.containers];
  const statuses = [...init, ...main];
  if (phase === "Succeeded") return { status: "False", reason: "PodCompleted" };
  if (phase === "Failed") return { status: "False", reason: "PodFailed" };
  const unready = counted.filter(({ name }) => !statusNamed(statuses, name)?.ready);
  if (unready.length === 0) return { status: "True" };
  return {
    status: "False",
    reason: "ContainersNotReady",
    message: `containers with unready status: [${namesOf(unready)}]`,
  };
}

function readyFinding({ pod, before }: ConditionInputs, containersReady: Finding): Finding {
  if (containersReady.status !== "True") return containersReady;
  const messages = (pod.spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const gate = before.find(({ type }) => type === conditionType);
    if (!gate)
      return `corresponding condition of pod readiness gate "${conditionType}" does not exist.`;
    if (gate.status === "True") return [];
    return `the status of pod readiness gate "${conditionType}" is not "True", but ${gate.status}`;
  });
  if (messages.length === 0) return { status: "True" };
  return { status: "False", reason: "ReadinessGatesNotReady", message: messages.join(", ") };
}

function initializedFinding({ pod, phase, init, main }: ConditionInputs): Finding {
  if (phase === "Succeeded") return { status: "True", reason: "PodCompleted" };
  const hasBegun = main.some(
    ({ started, state, lastState }) =>
      started || state?.running || state?.terminated || lastState?.terminated,
  );
  if (hasBegun) return { status: "True" };
  const incomplete = initContainersOf(pod).filter((container) => {
    const status = statusNamed(init, container.name);
    return isSidecar(container) ? !status?.started : !status?.ready;
  });
  if (incomplete.length === 0) return { status: "True" };
  return {
    status: "False",
    reason: "ContainersNotInitialized",
    message: `containers with incomplete status: [${namesOf(incomplete)}]`,
  };
}

function statusNamed(statuses: readonly ContainerStatus[], wanted: string) {
  return statuses.find(({ name }) => name === wanted);
}

/** Go prints a list of strings with blanks between. */
function namesOf(containers: readonly Container[]): string {
  return containers.map(({ name }) => name).join(" ");
}
