// A Node's status as its kubelet reports it. Source: pkg/kubelet/nodestatus/setters.go, kubernetes v1.34.

import { dequal } from "dequal";
import type { MachineSpec } from "../../api/clusterSpec.ts";
import type { ContainerImage, NodeCondition, NodeStatus, NodeSystemInfo } from "../../api/types.ts";
import { formatTime, type Instant } from "../../base/time.ts";
import { allocatableOf, capacityOf, daemonEndpoints, runtimeHandlers } from "./machine.ts";

export interface NodeState {
  readonly machine: MachineSpec;
  readonly address: string;
  readonly nodeInfo: NodeSystemInfo;
  readonly images: readonly ContainerImage[];
  /** Whether the network plugin works. */
  readonly hasNetwork: boolean;
  /** Pressure conditions that are true, e.g. "MemoryPressure". */
  readonly pressures: readonly string[];
  /** By the machine's own clock. */
  readonly now: Instant;
}

/** @param before the status in the API, whose conditions of others are kept */
export function nodeStatusOf(state: NodeState, before: NodeStatus | undefined): NodeStatus {
  const { machine, address, nodeInfo, images } = state;
  return {
    ...before,
    capacity: capacityOf(machine),
    allocatable: allocatableOf(machine),
    conditions: nodeConditions(state, before?.conditions ?? []),
    addresses: [
      { type: "InternalIP", address },
      { type: "Hostname", address: machine.name },
    ],
    daemonEndpoints,
    nodeInfo,
    images,
    runtimeHandlers,
    features: { supplementalGroupsPolicy: true },
  };
}

type Finding = Pick<NodeCondition, "status" | "reason" | "message">;

const healthy: readonly (readonly [type: string, finding: Finding])[] = [
  [
    "MemoryPressure",
    {
      status: "False",
      reason: "KubeletHasSufficientMemory",
      message: "kubelet has sufficient memory available",
    },
  ],
  [
    "DiskPressure",
    {
      status: "False",
      reason: "KubeletHasNoDiskPressure",
      message: "kubelet has no disk pressure",
    },
  ],
  [
    "PIDPressure",
    {
      status: "False",
      reason: "KubeletHasSufficientPID",
      message: "kubelet has sufficient PID available",
    },
  ],
];

const pressed: Readonly<Record<string, Finding>> = {
  MemoryPressure: {
    status: "True",
    reason: "KubeletHasInsufficientMemory",
    message: "kubelet has insufficient memory available",
  },
  DiskPressure: {
    status: "True",
    reason: "KubeletHasDiskPressure",
    message: "kubelet has disk pressure",
  },
};

const ready: Finding = {
  status: "True",
  reason: "KubeletReady",
  message: "kubelet is posting ready status",
};

const withoutNetwork: Finding = {
  status: "False",
  reason: "KubeletNotReady",
  message:
    "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized",
};

function nodeConditions(
  { hasNetwork, pressures, now }: NodeState,
  before: readonly NodeCondition[],
): readonly NodeCondition[] {
  const resources = healthy.map(
    ([type, finding]) => [type, (pressures.includes(type) && pressed[type]) || finding] as const,
  );
  const findings = [...resources, ["Ready", hasNetwork ? ready : withoutNetwork] as const];
  const own = new Set(findings.map(([type]) => type));
  const time = formatTime(now);
  const ours = findings.map(([type, finding]): NodeCondition => {
    const old = before.find((condition) => condition.type === type);
    const lastTransitionTime =
      old?.status === finding.status && old.lastTransitionTime ? old.lastTransitionTime : time;
    return {
      type,
      status: finding.status,
      lastHeartbeatTime: time,
      lastTransitionTime,
      ...(finding.reason ? { reason: finding.reason } : {}),
      ...(finding.message ? { message: finding.message } : {}),
    };
  });
  return [...before.filter(({ type }) => !own.has(type)), ...ours];
}

/** True if a report would say nothing new but that the kubelet lives. Source: nodeStatusHasChanged. */
export function onlyHeartbeatDiffers(a: NodeStatus, b: NodeStatus): boolean {
  return dequal(withoutHeartbeats(a), withoutHeartbeats(b));
}

function withoutHeartbeats(status: NodeStatus) {
  const conditions = status.conditions?.map(({ lastHeartbeatTime: _, ...rest }) => rest);
  return { ...status, conditions };
}

/** The fields in which two statuses differ, e.g. "conditions[Ready].status". */
export function changedFields(before: NodeStatus | undefined, now: NodeStatus): readonly string[] {
  const changed: string[] = [];
  const old: Readonly<Record<string, unknown>> = { ...before };
  for (const [field, value] of Object.entries(now)) {
    if (field === "conditions") changed.push(...changedConditions(before, now));
    else if (!dequal(old[field], value)) changed.push(field);
  }
  return changed;
}

function changedConditions(before: NodeStatus | undefined, now: NodeStatus): string[] {
  return (now.conditions ?? []).flatMap((condition) => {
    const old: Readonly<Record<string, unknown>> = {
      ...before?.conditions?.find(({ type }) => type === condition.type),
    };
    return Object.entries(condition)
      .filter(([field, value]) => old[field] !== value)
      .map(([field]) => `conditions[${condition.type}].${field}`);
  });
}
