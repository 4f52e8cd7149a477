// The server's port to what is measured on the machines, as metrics-server keeps it between scrapes.
import type { Pod } from "../../api/types.ts";
import type { Instant, Millis } from "../../base/time.ts";

/** Averages over the window that ends at `at`. */
export interface Sample {
  readonly at: Instant;
  readonly window: Millis;
}

export interface MeasuredUsage {
  readonly cpuNanos: number;
  readonly memoryBytes: number;
}

export interface PodSample extends Sample {
  readonly containers: readonly { readonly name: string; readonly usage: MeasuredUsage }[];
}

export interface NodeSample extends Sample {
  readonly usage: MeasuredUsage;
}

export interface MetricsSource {
  /** Undefined until each running container was measured twice. */
  pod(pod: Pod): PodSample | undefined;
  /** @param pods those bound to the node. @returns undefined for a node whose kubelet doesn't answer */
  node(name: string, pods: readonly Pod[]): NodeSample | undefined;
}

export const noMetrics: MetricsSource = { pod: () => undefined, node: () => undefined };
