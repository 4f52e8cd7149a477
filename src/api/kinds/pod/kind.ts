// Pod: the unit that is scheduled and run. This file names all its parts.
import { draft } from "../../../base/draft.ts";
import { column, defineKind } from "../../kind.ts";
import { gvk } from "../../object.ts";
import type { PodCondition, Pod as PodObject } from "../../types.ts";
import { ageColumn, nameColumn } from "../columns.ts";
import { setPodDefaults } from "./defaults.ts";
import { dropDisabledPodFields } from "./disabledFields.ts";
import { applyMatchLabelKeys } from "./matchLabelKeys.ts";
import { qosClassOf } from "./qosClass.ts";
import { validatePod } from "./validation/pod.ts";
import { validatePodStatusUpdate, validatePodUpdate } from "./validation/podUpdate.ts";

export const Pod = defineKind<PodObject>({
  gvk: gvk("", "v1", "Pod"),
  plural: "pods",
  shortNames: ["po"],
  categories: ["all"],
  namespaced: true,
  subresources: ["status", "binding", "eviction"],
  fields: {
    "spec.nodeName": ({ spec }) => spec.nodeName ?? "",
    "spec.restartPolicy": ({ spec }) => spec.restartPolicy ?? "",
    "spec.schedulerName": ({ spec }) => spec.schedulerName ?? "",
    "spec.serviceAccountName": ({ spec }) => spec.serviceAccountName ?? "",
    "spec.hostNetwork": ({ spec }) => String(spec.hostNetwork ?? false),
    "status.phase": ({ status }) => status?.phase ?? "",
    "status.podIP": ({ status }) => status?.podIP ?? "",
    "status.nominatedNodeName": ({ status }) => status?.nominatedNodeName ?? "",
  },
  desiredState: ({ spec }) => spec,
  columns: [
    nameColumn,
    column("Ready", "string", readyText),
    column("Status", "string", podStatusText),
    column("Restarts", "string", (pod) => String(restartsOf(pod))),
    ageColumn,
  ],
  /** Source: pkg/registry/core/pod strategy CheckGracefulDelete, 1.34. */
  gracePeriodSeconds(pod, asked) {
    if (!pod.spec.nodeName || isTerminal(pod)) return 0;
    const period = asked ?? pod.spec.terminationGracePeriodSeconds ?? 30;
    return period < 0 ? 1 : period;
  },
  setDefaults: setPodDefaults,
  prepareForCreate(pod) {
    dropDisabledPodFields(pod.spec);
    applyMatchLabelKeys(pod);
    const gated = (pod.spec.schedulingGates?.length ?? 0) > 0;
    pod.status = {
      phase: "Pending",
      qosClass: qosClassOf(pod),
      ...(gated ? { conditions: [draft(schedulingGated)] } : {}),
    };
  },
  validate: validatePod,
  validateUpdate: validatePodUpdate,
  validateStatusUpdate: validatePodStatusUpdate,
});

const schedulingGated: PodCondition = {
  type: "PodScheduled",
  status: "False",
  reason: "SchedulingGated",
  message: "Scheduling is blocked due to non-empty scheduling gates",
};

/** True once the Pod will never run again. */
export function isTerminal({ status }: PodObject): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

/** True while the Pod's Ready condition holds. */
export function isPodReady({ status }: PodObject): boolean {
  return (
    status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false
  );
}

/** Not ended and not being deleted. Source: pkg/controller IsPodActive, 1.34. */
export function isActive(pod: PodObject): boolean {
  return !isTerminal(pod) && pod.metadata.deletionTimestamp === undefined;
}

export function restartsOf({ status }: PodObject): number {
  return (status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
}

function readyText({ spec, status }: PodObject): string {
  const ready = (status?.containerStatuses ?? []).filter((container) => container.ready).length;
  return `${ready}/${spec.containers.length}`;
}

/**
 * The STATUS column: "Running", "CrashLoopBackOff", "Init:0/1", "Terminating", ...
 * Source: pkg/printers/internalversion printPod, 1.34.
 */
export function podStatusText(pod: PodObject): string {
  const { status, metadata } = pod;
  let text = status?.reason ?? status?.phase ?? "Pending";
  if (
    status?.conditions?.some(
      ({ type, reason }) => type === "PodScheduled" && reason === "SchedulingGated",
    )
  )
    text = "SchedulingGated";
  const initializing = initText(pod);
  if (initializing !== undefined) text = initializing;
  else text = containersText(pod) ?? text;
  if (metadata.deletionTimestamp === undefined) return text;
  if (status?.reason === "NodeLost") return "Unknown";
  return isTerminal(pod) ? text : "Terminating";
}

function initText({ spec, status }: PodObject): string | undefined {
  const all = spec.initContainers ?? [];
  const sidecars = new Set(all.filter((c) => c.restartPolicy === "Always").map((c) => c.name));
  for (const [i, container] of (status?.initContainerStatuses ?? []).entries()) {
    const { terminated, waiting } = container.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (sidecars.has(container.name) && container.started) continue;
    if (terminated) return `Init:${terminated.reason || exitText(terminated)}`;
    if (waiting?.reason && waiting.reason !== "PodInitializing") return `Init:${waiting.reason}`;
    return `Init:${i}/${all.length}`;
  }
  return undefined;
}

function containersText({ status }: PodObject): string | undefined {
  let text: string | undefined;
  let hasRunning = false;
  for (const { state, ready } of [...(status?.containerStatuses ?? [])].reverse()) {
    if (state?.waiting?.reason) text = state.waiting.reason;
    else if (state?.terminated) text = state.terminated.reason || exitText(state.terminated);
    else if (ready && state?.running) hasRunning = true;
  }
  if (text !== "Completed" || !hasRunning) return text;
  const ready = status?.conditions?.some(
    ({ type, status: is }) => type === "Ready" && is === "True",
  );
  return ready ? "Running" : "NotReady";
}

function exitText({ signal, exitCode }: { signal?: number; exitCode: number }): string {
  return signal ? `Signal:${signal}` : `ExitCode:${exitCode}`;
}
