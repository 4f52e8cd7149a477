// A Pod's containers as its status remembers them: what a kubelet finds when only the engine, and not
// the machine, was stopped.
import type { ContainerState, ContainerStatus, Pod } from "../../api/types.ts";
import { type Instant, parseTime } from "../../base/time.ts";
import { digestOf } from "./imageStore.ts";
import type { ContainerHistory, ContainerInstance, PodRuntimeState } from "./runtimeState.ts";

/** @returns undefined if no container of the Pod was ever made */
export function rememberedState({ metadata, status, spec }: Pod): PodRuntimeState | undefined {
  const sandboxId = digestOf(`sandbox of ${metadata.uid}`);
  const containers = new Map<string, ContainerHistory>();
  for (const container of [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
  ]) {
    const history = historyOf(container, sandboxId);
    if (history) containers.set(container.name, history);
  }
  if (containers.size === 0) return undefined;
  const ip = spec.hostNetwork ? undefined : status?.podIP;
  const sandbox = { id: sandboxId, attempt: 0, isReady: true, ...(ip ? { ip } : {}) };
  return { sandbox, containers };
}

/** A container that waits for its restart shows what it did before as its last state. */
function historyOf(status: ContainerStatus, sandboxId: string): ContainerHistory | undefined {
  const { state, lastState, containerID } = status;
  const last = instanceOf(status, lastState, { sandboxId, attempt: status.restartCount - 1 });
  if (state?.waiting || containerID === undefined)
    return last && { now: { ...last, attempt: status.restartCount } };
  const now = instanceOf(status, state, { sandboxId, attempt: status.restartCount });
  return now && { now, ...(last ? { before: last } : {}) };
}

function instanceOf(
  { name, image, imageID, containerID = "" }: ContainerStatus,
  { running, terminated }: ContainerState = {},
  { sandboxId, attempt }: { readonly sandboxId: string; readonly attempt: number },
): ContainerInstance | undefined {
  const common = { name, sandboxId, image, imageId: imageID, attempt };
  if (running)
    return { ...common, id: containerID, state: "running", ...at("startedAt", running.startedAt) };
  if (!terminated) return undefined;
  const { exitCode, reason, message, startedAt, finishedAt } = terminated;
  return {
    ...common,
    id: terminated.containerID ?? containerID,
    state: "exited",
    exitCode,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    ...at("startedAt", startedAt),
    ...at("finishedAt", finishedAt),
  };
}

function at<Name extends string>(name: Name, text: string | undefined) {
  const instant = parseTime(text ?? "");
  return (instant === undefined ? {} : { [name]: instant }) as { [Key in Name]?: Instant };
}
