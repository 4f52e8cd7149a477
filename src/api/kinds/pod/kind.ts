// Pod: the unit that is scheduled and run. This file names all its parts.
import { draft } from "../../../base/draft.ts";
import { defineKind, type RowCondition } from "../../kind.ts";
import { gvk } from "../../object.ts";
import type { PodCondition, Pod as PodObject } from "../../types.ts";
import { matchAppArmorAnnotations } from "./appArmor.ts";
import { podColumns } from "./columns.ts";
import { setPodDefaults } from "./defaults.ts";
import { dropDisabledPodFields } from "./disabledFields.ts";
import { applyMatchLabelKeys } from "./matchLabelKeys.ts";
import { qosClassOf } from "./qosClass.ts";
import { preparePodSubresource, validatePodSubresourceUpdate } from "./subresources.ts";
import { validatePod } from "./validation/pod.ts";
import { validatePodStatusUpdate } from "./validation/podStatusUpdate.ts";
import { validatePodUpdate } from "./validation/podUpdate.ts";
import { podWarnings } from "./warnings/pod.ts";

export const Pod = defineKind<PodObject>({
  gvk: gvk("", "v1", "Pod"),
  plural: "pods",
  shortNames: ["po"],
  categories: ["all"],
  namespaced: true,
  subresources: [
    "attach",
    "binding",
    "ephemeralcontainers",
    "eviction",
    "exec",
    "log",
    "portforward",
    "proxy",
    "resize",
    "status",
  ],
  fields: {
    "spec.nodeName": ({ spec }) => spec.nodeName ?? "",
    "spec.host": ({ spec }) => spec.nodeName ?? "",
    "spec.restartPolicy": ({ spec }) => spec.restartPolicy ?? "",
    "spec.schedulerName": ({ spec }) => spec.schedulerName ?? "",
    "spec.serviceAccountName": ({ spec }) => spec.serviceAccountName ?? "",
    "spec.hostNetwork": ({ spec }) => String(spec.hostNetwork ?? false),
    "status.phase": ({ status }) => status?.phase ?? "",
    "status.podIP": ({ status }) => status?.podIPs?.[0]?.ip ?? status?.podIP ?? "",
    // Accepted, but no Pod has a value there.
    "status.podIPs": () => "",
    "status.nominatedNodeName": ({ status }) => status?.nominatedNodeName ?? "",
  },
  desiredState: ({ spec }) => spec,
  columns: podColumns,
  rowConditions: ({ status }) => rowConditions.filter(({ reason }) => reason === status?.phase),
  /** Source: pkg/registry/core/pod strategy CheckGracefulDelete, 1.34. */
  gracePeriodSeconds(pod, asked) {
    if (!pod.spec.nodeName || isTerminal(pod)) return 0;
    const period = asked ?? pod.spec.terminationGracePeriodSeconds ?? 30;
    return period < 0 ? 1 : period;
  },
  setDefaults: setPodDefaults,
  returnsDeletedObject: true,
  prepareForCreate(pod, { warn }) {
    dropDisabledPodFields(pod.spec);
    applyMatchLabelKeys(pod);
    const gated = (pod.spec.schedulingGates?.length ?? 0) > 0;
    pod.status = {
      phase: "Pending",
      qosClass: qosClassOf(pod),
      ...(gated ? { conditions: [draft(schedulingGated)] } : {}),
    };
    matchAppArmorAnnotations(pod, warn);
  },
  prepareForSubresource: preparePodSubresource,
  validate: validatePod,
  validateUpdate: validatePodUpdate,
  // People seldom change Pods themselves, and kubelets often do: updates don't warn.
  warningsOnCreate: podWarnings,
  validateStatusUpdate: validatePodStatusUpdate,
  validateSubresourceUpdate: validatePodSubresourceUpdate,
});

const rowConditions: readonly RowCondition[] = [
  {
    type: "Completed",
    status: "True",
    reason: "Succeeded",
    message: "The pod has completed successfully.",
  },
  { type: "Completed", status: "True", reason: "Failed", message: "The pod failed." },
];

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
