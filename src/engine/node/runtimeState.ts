// What a container runtime knows of one Pod, as data: sandbox, and per container the newest instance
// and the one before it. Older ones are collected, as the kubelet does (maxPerPodContainerCount 1).
import type { Instant } from "../../base/time.ts";

export interface PodRuntimeState {
  readonly sandbox?: Sandbox;
  readonly containers: ReadonlyMap<string, ContainerHistory>;
}

/** The Pod's network namespace, held by a pause container. */
export interface Sandbox {
  readonly id: string;
  /** 0 for the first of the Pod. */
  readonly attempt: number;
  readonly isReady: boolean;
  /** Kept after the sandbox has ended; absent with host networking. */
  readonly ip?: string;
}

export interface ContainerHistory {
  readonly now: ContainerInstance;
  readonly before?: ContainerInstance;
}

export interface ContainerInstance {
  /** "containerd://…". */
  readonly id: string;
  readonly name: string;
  /** The sandbox that it was made in. */
  readonly sandboxId: string;
  /** In full, e.g. "docker.io/library/nginx:1.27". */
  readonly image: string;
  readonly imageId: string;
  /** How often it was restarted before. */
  readonly attempt: number;
  readonly state: "created" | "running" | "exited";
  readonly startedAt?: Instant;
  readonly finishedAt?: Instant;
  readonly exitCode?: number;
  /** "Completed", "Error", "OOMKilled", "Unknown", … */
  readonly reason?: string;
  readonly message?: string;
}

export const nothingRunning: PodRuntimeState = { containers: new Map() };

export function newestOf(state: PodRuntimeState, name: string): ContainerInstance | undefined {
  return state.containers.get(name)?.now;
}

/** The newest instance, if it was made in the present sandbox: what counts for the order of starts. */
export function activeOf(state: PodRuntimeState, name: string): ContainerInstance | undefined {
  const instance = newestOf(state, name);
  return instance?.sandboxId === state.sandbox?.id ? instance : undefined;
}

export function isRunning(state: PodRuntimeState, name: string): boolean {
  return newestOf(state, name)?.state === "running";
}
