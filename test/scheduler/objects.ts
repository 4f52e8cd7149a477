// Small objects for the scheduler's tests: what a test does not say is as usual.
import type { Node, Pod, PodSpec } from "../../src/api/types.ts";

export interface NodeOptions {
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: Node["spec"];
  readonly allocatable?: Readonly<Record<string, string>>;
}

/** A node of 4 cpu, 8Gi and 110 Pods. */
export function node(name: string, { labels = {}, spec = {}, allocatable = {} }: NodeOptions = {}) {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name, ...labels } },
    spec,
    status: { allocatable: { cpu: "4", memory: "8Gi", pods: "110", ...allocatable } },
  } satisfies Node;
}

export interface PodOptions {
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly requests?: Readonly<Record<string, string>>;
  readonly spec?: Partial<PodSpec>;
  readonly status?: NonNullable<Pod["status"]>;
}

/** A Pod with one container that requests 1 cpu. */
export function pod(name: string, options: PodOptions = {}): Pod {
  const { namespace = "default", labels = {}, requests = { cpu: "1" }, spec, status } = options;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels, uid: `uid-${name}` },
    spec: { containers: [{ name: "main", image: "app", resources: { requests } }], ...spec },
    ...(status ? { status } : {}),
  };
}
