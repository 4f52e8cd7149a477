// The cluster that a newcomer meets: three workers that differ, so that the scheduler has a choice.
import { type ClusterSpec, usualSize } from "../api/clusterSpec.ts";
import type { Fault } from "../api/fault.ts";
import { localMember } from "./components/etcdComponent.ts";

const region = "kr-central";

export const defaultCluster: ClusterSpec = {
  hasMetricsServer: true,
  machines: [
    {
      name: "control-plane",
      role: "control-plane",
      cpu: "2",
      memory: "4Gi",
      zone: "zone-a",
      region,
    },
    {
      name: "worker-1",
      role: "worker",
      cpu: "2",
      memory: "4Gi",
      zone: "zone-a",
      region,
      labels: { disktype: "ssd" },
    },
    {
      name: "worker-2",
      role: "worker",
      cpu: "4",
      memory: "8Gi",
      zone: "zone-b",
      region,
      labels: { disktype: "hdd" },
    },
    {
      name: "worker-3",
      role: "worker",
      cpu: "8",
      memory: "16Gi",
      zone: "zone-c",
      region,
      labels: { disktype: "ssd", gpu: "true" },
    },
  ],
};

/** One control-plane node and `workers` others that are all alike. */
export function uniformCluster(workers: number): ClusterSpec {
  const names = Array.from({ length: workers }, (_, i) => `worker-${i + 1}`);
  return {
    machines: [
      { name: "control-plane", role: "control-plane", ...usualSize },
      ...names.map((name) => ({ name, role: "worker" as const, ...usualSize })),
    ],
  };
}

/** What does not run when a new cluster begins. */
export function initialFaults({ setUp, machines }: ClusterSpec): readonly Fault[] {
  if (setUp !== "byHand") return [];
  return [
    { type: "stopEtcdMember", member: localMember },
    { type: "stopComponent", component: "kube-apiserver" },
    { type: "stopComponent", component: "kube-controller-manager" },
    { type: "stopComponent", component: "kube-scheduler" },
    ...machines.flatMap(({ name: node }): Fault[] => [
      { type: "stopNodeService", node, service: "kubelet" },
      { type: "stopNodeService", node, service: "kube-proxy" },
    ]),
  ];
}
