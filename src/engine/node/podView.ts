// All that a kubelet knows of one Pod at one moment: what its decisions and reports are made from.
import type { Container, Pod, PodStatus } from "../../api/types.ts";
import type { Instant } from "../../base/time.ts";
import { type ContainerInstance, newestOf, type PodRuntimeState } from "./runtimeState.ts";

export type ProbeType = "startup" | "readiness" | "liveness";
export type ProbeOutcome = "success" | "failure" | "unknown";

/** The settled results of a container's probes; absent as long as a probe has not begun. */
export type ContainerProbeResults = Readonly<Partial<Record<ProbeType, ProbeOutcome>>>;

export interface PodView {
  readonly pod: Pod;
  readonly runtime: PodRuntimeState;
  /** By container id. */
  readonly probes: ReadonlyMap<string, ContainerProbeResults>;
  /** Why a container could not be started at the last attempt, by its name. */
  readonly obstacles: ReadonlyMap<string, Obstacle>;
  /** What was reported last, or found when the kubelet started. */
  readonly reported: PodStatus;
  readonly nodeAddress: string;
  readonly now: Instant;
}

/** "CrashLoopBackOff", "ErrImagePull", … and the words for people. */
export interface Obstacle {
  readonly reason: string;
  readonly message: string;
}

export function initContainersOf({ spec }: Pod): readonly Container[] {
  return spec.initContainers ?? [];
}

/** Containers that were added to the running Pod; they lack what needs a restart. */
export function ephemeralContainersOf({ spec }: Pod): readonly Container[] {
  return spec.ephemeralContainers ?? [];
}

/** "web_default(uid)": how the kubelet names Pods in messages. Source: kubelet/util/format Pod. */
export function podText({ metadata }: Pod): string {
  return `${metadata.name}_${metadata.namespace ?? ""}(${metadata.uid ?? ""})`;
}

/**
 * True if the container should run but does not. Source: kubecontainer.ShouldContainerBeRestarted, 1.34.
 */
export function shouldStart({ pod, runtime }: PodView, container: Container): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false;
  const instance = newestOf(runtime, container.name);
  if (!instance) return true;
  if (instance.state === "running") return false;
  if (instance.state === "created" || container.restartPolicy === "Always") return true;
  return mayRestart(pod, instance);
}

/** Whether the Pod's restart policy brings an ended container back. */
export function mayRestart({ spec }: Pod, { exitCode }: ContainerInstance): boolean {
  if (spec.restartPolicy === "Never") return false;
  return spec.restartPolicy !== "OnFailure" || exitCode !== 0;
}

/** True once a container runs and its startup probe, if any, has succeeded. Source: prober isContainerStarted. */
export function isStarted(view: PodView, container: Container): boolean {
  const instance = newestOf(view.runtime, container.name);
  if (instance?.state !== "running") return false;
  return !container.startupProbe || view.probes.get(instance.id)?.startup === "success";
}

/** Source: prober UpdatePodStatus, 1.34. */
export function isContainerReady(view: PodView, container: Container): boolean {
  if (!isStarted(view, container)) return false;
  if (!container.readinessProbe) return true;
  const instance = newestOf(view.runtime, container.name);
  return instance !== undefined && view.probes.get(instance.id)?.readiness === "success";
}
