// What a kubelet does next for a Pod: which containers to stop and to start, given what runs.
// Source: pkg/kubelet/kuberuntime/kuberuntime_manager.go computePodActions, kubernetes v1.34.
import { isSidecar } from "../../api/kinds/pod/requests.ts";
import type { Container, Pod } from "../../api/types.ts";
import {
  ephemeralContainersOf,
  initContainersOf,
  mayRestart,
  type PodView,
  shouldStart,
} from "./podView.ts";
import { activeOf, newestOf } from "./runtimeState.ts";

export interface PodActions {
  /** Stop everything that is left, sandbox included. */
  readonly killPod: boolean;
  /** Make a sandbox; after `killPod`, if there was one before. */
  readonly createSandbox: boolean;
  readonly kill: readonly ContainerKill[];
  /** Ephemeral containers, which start once and whatever the others do. */
  readonly startEphemeral: readonly Container[];
  /** Init containers and sidecars, in order. */
  readonly startInit: readonly Container[];
  readonly start: readonly Container[];
}

export interface ContainerKill {
  readonly container: Container;
  /** The words of the Killing event. */
  readonly message: string;
  readonly cause: "startupProbe" | "livenessProbe";
}

const nothing: PodActions = {
  killPod: false,
  createSandbox: false,
  kill: [],
  startEphemeral: [],
  startInit: [],
  start: [],
};

export function podActions(view: PodView): PodActions {
  if (!view.runtime.sandbox?.isReady) return actionsWithoutSandbox(view);
  const startEphemeral = ephemeralContainersOf(view.pod).filter(
    ({ name }) => !view.runtime.containers.has(name),
  );
  const init = initActions(view);
  if (init.isFailed) return { ...nothing, killPod: true };
  if (!init.isDone) return { ...nothing, startEphemeral, kill: init.kill, startInit: init.start };
  const main = mainActions(view);
  const keepsNone = main.start.length === 0 && !main.keepsAny;
  if (keepsNone) return { ...nothing, killPod: true };
  return {
    ...nothing,
    startEphemeral,
    kill: [...init.kill, ...main.kill],
    startInit: init.start,
    start: main.start,
  };
}

/** A Pod that never had a sandbox, or lost it: all begins anew, if the restart policy allows. */
function actionsWithoutSandbox(view: PodView): PodActions {
  const { pod, runtime } = view;
  const isAgain = runtime.sandbox !== undefined;
  if (pod.spec.restartPolicy === "Never" && isAgain && runtime.containers.size > 0)
    return { ...nothing, killPod: true };
  const start = pod.spec.containers.filter(({ name }) => {
    const instance = newestOf(runtime, name);
    return !(pod.spec.restartPolicy === "OnFailure" && instance?.exitCode === 0);
  });
  if (start.length === 0) return { ...nothing, killPod: isAgain };
  const [firstInit] = initContainersOf(pod);
  const begin = firstInit ? { startInit: [firstInit] } : { start };
  return { ...nothing, killPod: isAgain, createSandbox: true, ...begin };
}

interface InitActions {
  readonly isDone: boolean;
  /** An init container failed and the Pod may not try again. */
  readonly isFailed: boolean;
  readonly kill: readonly ContainerKill[];
  readonly start: readonly Container[];
}

/** Init containers run one after the other; sidecars among them stay and are kept alive. */
function initActions(view: PodView): InitActions {
  const { pod, runtime } = view;
  const all = initContainersOf(pod);
  const current = currentInit(view);
  const kill: ContainerKill[] = [];
  const start: Container[] = [];
  for (const container of all.slice(0, current.index).filter(isSidecar)) {
    const failed = failedProbe(view, container, "Init container");
    if (failed) kill.push(failed);
    if (failed || activeOf(runtime, container.name)?.state !== "running") start.push(container);
  }
  if (current.isFailed) return { isDone: false, isFailed: true, kill, start };
  const container = all[current.index];
  if (!container) return { isDone: true, isFailed: false, kill, start };
  const failed = isSidecar(container) ? failedProbe(view, container, "Init container") : undefined;
  if (failed) kill.push(failed);
  if (failed || activeOf(runtime, container.name)?.state !== "running") start.push(container);
  return { isDone: false, isFailed: false, kill, start };
}

/** The init container whose turn it is; beyond the last once the main containers may start. */
function currentInit(view: PodView): { readonly index: number; readonly isFailed: boolean } {
  const { pod, runtime } = view;
  const all = initContainersOf(pod);
  const over = { index: all.length, isFailed: false };
  if (pod.spec.containers.some(({ name }) => activeOf(runtime, name))) return over;
  const index = all.findLastIndex(({ name }) => activeOf(runtime, name));
  const container = all[index];
  const instance = container && activeOf(runtime, container.name);
  if (!container || !instance) return { index: 0, isFailed: false };
  if (isSidecar(container))
    return { index: hasBegun(view, container) ? index + 1 : index, isFailed: false };
  if (instance.state !== "exited") return { index, isFailed: false };
  if (instance.exitCode === 0) return { index: index + 1, isFailed: false };
  return { index, isFailed: !mayRestart(pod, instance) };
}

/** A sidecar lets the next container start once it runs and its startup probe, if any, succeeded. */
function hasBegun({ runtime, probes }: PodView, container: Container): boolean {
  const instance = activeOf(runtime, container.name);
  if (instance?.state !== "running") return false;
  return !container.startupProbe || probes.get(instance.id)?.startup === "success";
}

function mainActions(view: PodView) {
  const kill: ContainerKill[] = [];
  const start: Container[] = [];
  let keepsAny = false;
  for (const container of view.pod.spec.containers) {
    const isRunning = newestOf(view.runtime, container.name)?.state === "running";
    if (!isRunning) {
      if (shouldStart(view, container)) start.push(container);
      continue;
    }
    const failed = failedProbe(view, container, "Container");
    if (!failed) {
      keepsAny = true;
      continue;
    }
    const restarts = view.pod.spec.restartPolicy !== "Never";
    kill.push(restarts ? { ...failed, message: `${failed.message}, will be restarted` } : failed);
    if (restarts) start.push(container);
  }
  return { kill, start, keepsAny: keepsAny || kill.length > 0 };
}

function failedProbe(
  { runtime, probes }: PodView,
  container: Container,
  what: string,
): ContainerKill | undefined {
  const instance = newestOf(runtime, container.name);
  if (instance?.state !== "running") return undefined;
  const results = probes.get(instance.id);
  for (const type of ["liveness", "startup"] as const)
    if (results?.[type] === "failure") {
      const message = `${what} ${container.name} failed ${type} probe`;
      return { container, message, cause: `${type}Probe` };
    }
  return undefined;
}

/**
 * The order in which containers are stopped: main ones together, then sidecars, the last first.
 * Source: kuberuntime_termination_order.go, kubernetes v1.34.
 */
export function terminationGroups(pod: Pod): readonly (readonly Container[])[] {
  const sidecars = initContainersOf(pod).filter(isSidecar).reverse();
  const plainInit = initContainersOf(pod).filter((container) => !isSidecar(container));
  const first = [...pod.spec.containers, ...ephemeralContainersOf(pod), ...plainInit];
  return [first, ...sidecars.map((sidecar) => [sidecar])];
}
