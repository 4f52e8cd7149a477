// The containers of a Pod as its status shows them.
// Source: pkg/kubelet/kubelet_pods.go convertToAPIContainerStatuses, kubernetes v1.34.
import { isSidecar } from "../../api/kinds/pod/requests.ts";
import type {
  Container,
  ContainerState,
  ContainerStatus,
  Pod,
  VolumeMountStatus,
} from "../../api/types.ts";
import { formatTime } from "../../base/time.ts";
import {
  ephemeralContainersOf,
  initContainersOf,
  isContainerReady,
  isStarted,
  type PodView,
  shouldStart,
} from "./podView.ts";
import type { ContainerInstance } from "./runtimeState.ts";

/** In the order of their names, unlike init containers. Source: SortedContainerStatuses. */
export function mainStatuses(view: PodView): readonly ContainerStatus[] {
  const statuses = view.pod.spec.containers.map((container) => ({
    ...statusOf(view, container),
    ready: isContainerReady(view, container),
    started: isStarted(view, container),
  }));
  return statuses.toSorted(byName);
}

/** Empty if the Pod has no init containers. */
export function initStatuses(view: PodView): readonly ContainerStatus[] {
  return initContainersOf(view.pod).map((container) => {
    const status = statusOf(view, container);
    const ready = isSidecar(container)
      ? isContainerReady(view, container)
      : view.runtime.containers.get(container.name)?.now.exitCode === 0;
    return { ...status, ready, started: isStarted(view, container) };
  });
}

/** Source: none of the probes, by which the others become ready, applies to them. */
export function ephemeralStatuses(view: PodView): readonly ContainerStatus[] {
  const statuses = ephemeralContainersOf(view.pod).map((container) => ({
    ...statusOf(view, container),
    ready: false,
  }));
  return statuses.toSorted(byName);
}

function byName(a: ContainerStatus, b: ContainerStatus): number {
  return a.name < b.name ? -1 : 1;
}

type PlainStatus = Omit<ContainerStatus, "ready" | "started">;

function statusOf(view: PodView, container: Container): PlainStatus {
  const history = view.runtime.containers.get(container.name);
  if (!history) return missingStatus(view, container);
  const { now, before } = history;
  const state = stateOf(now);
  const lastState = before?.state === "exited" ? stateOf(before) : {};
  const status: PlainStatus = {
    name: container.name,
    image: now.image,
    imageID: now.imageId,
    containerID: now.id,
    restartCount: now.attempt,
    state,
    lastState,
    ...givenResources(container),
    ...mountsOf(container),
    user: { linux: userOf(view.pod, container) },
  };
  const obstacle = view.obstacles.get(container.name);
  const isOver = isInit(view, container) && now.state === "exited" && now.exitCode === 0;
  if (!obstacle || !shouldStart(view, container) || (isOver && !isSidecar(container)))
    return status;
  return {
    ...status,
    state: { waiting: obstacle },
    lastState: state.terminated ? state : lastState,
  };
}

/** A container that the runtime does not know waits, for the image, its init containers or a fault. */
function missingStatus(view: PodView, container: Container): PlainStatus {
  const { obstacles, reported, pod } = view;
  const reason = initContainersOf(pod).length > 0 ? "PodInitializing" : "ContainerCreating";
  const last = [
    ...(reported.containerStatuses ?? []),
    ...(reported.initContainerStatuses ?? []),
    ...(reported.ephemeralContainerStatuses ?? []),
  ].find(({ name }) => name === container.name);
  const canStart = shouldStart(view, container);
  return {
    name: container.name,
    image: container.image ?? "",
    imageID: "",
    restartCount: last?.restartCount ?? 0,
    state: { waiting: (canStart && obstacles.get(container.name)) || { reason } },
    lastState: {},
  };
}

function stateOf(instance: ContainerInstance): ContainerState {
  const { state, startedAt, finishedAt, exitCode = 0, reason, message, id } = instance;
  if (state === "created") return { waiting: {} };
  const started = startedAt === undefined ? {} : { startedAt: formatTime(startedAt) };
  if (state === "running") return { running: started };
  return {
    terminated: {
      exitCode,
      ...(reason === undefined ? {} : { reason }),
      ...(message === undefined ? {} : { message }),
      ...started,
      ...(finishedAt === undefined ? {} : { finishedAt: formatTime(finishedAt) }),
      containerID: id,
    },
  };
}

/** The resources that the node has set aside. Source: InPlacePodVerticalScaling, beta in 1.33. */
function givenResources({ resources = {} }: Container) {
  const { requests, limits } = resources;
  const given = { ...(requests ? { requests } : {}), ...(limits ? { limits } : {}) };
  return { ...(requests ? { allocatedResources: requests } : {}), resources: given };
}

/** Source: RecursiveReadOnlyMounts, stable in 1.33. */
function mountsOf({ volumeMounts = [] }: Container): { volumeMounts?: VolumeMountStatus[] } {
  if (volumeMounts.length === 0) return {};
  return {
    volumeMounts: volumeMounts.map(({ name, mountPath, readOnly, recursiveReadOnly }) => ({
      name,
      mountPath,
      ...(readOnly ? { readOnly, recursiveReadOnly: recursiveReadOnly ?? "Disabled" } : {}),
    })),
  };
}

function userOf({ spec }: Pod, { securityContext }: Container) {
  const uid = securityContext?.runAsUser ?? spec.securityContext?.runAsUser ?? 0;
  const gid = securityContext?.runAsGroup ?? spec.securityContext?.runAsGroup ?? 0;
  const groups = spec.securityContext?.supplementalGroups ?? [];
  const { fsGroup } = spec.securityContext ?? {};
  const all = [gid, ...(fsGroup === undefined ? [] : [fsGroup]), ...groups];
  return { uid, gid, supplementalGroups: [...new Set(all)] };
}

function isInit({ pod }: PodView, container: Container): boolean {
  return initContainersOf(pod).includes(container);
}
