// Which plugins run, in which order, with which weights and arguments: data, as in a
// KubeSchedulerConfiguration. Source: getDefaultPlugins and the defaults of the arguments,
// kubernetes v1.34 pkg/scheduler/apis/config/v1/default_plugins.go
import type { Plugin } from "./framework.ts";
import { balancedAllocation } from "./plugins/balancedAllocation.ts";
import { defaultBinder } from "./plugins/defaultBinder.ts";
import { defaultPreemption } from "./plugins/defaultPreemption.ts";
import { dynamicResources } from "./plugins/dynamicResources.ts";
import { imageLocality } from "./plugins/imageLocality.ts";
import { interPodAffinity } from "./plugins/interPodAffinity.ts";
import { nodeAffinity } from "./plugins/nodeAffinity.ts";
import { nodeName } from "./plugins/nodeName.ts";
import { nodePorts } from "./plugins/nodePorts.ts";
import { nodeResourcesFit } from "./plugins/nodeResourcesFit.ts";
import { nodeUnschedulable } from "./plugins/nodeUnschedulable.ts";
import { nodeVolumeLimits } from "./plugins/nodeVolumeLimits.ts";
import { podTopologySpread, systemDefaultSpread } from "./plugins/podTopologySpread.ts";
import { prioritySort } from "./plugins/prioritySort.ts";
import { schedulingGates } from "./plugins/schedulingGates.ts";
import { taintToleration } from "./plugins/taintToleration.ts";
import { volumeBinding } from "./plugins/volumeBinding.ts";
import { volumeRestrictions } from "./plugins/volumeRestrictions.ts";
import { volumeZone } from "./plugins/volumeZone.ts";
import { leastAllocated } from "./scoringStrategies.ts";

export interface ProfilePlugin {
  readonly plugin: Plugin;
  /** How much its score counts. Only for plugins that score. */
  readonly weight?: number;
}

export interface Profile {
  readonly schedulerName: string;
  /** The order at every extension point. */
  readonly plugins: readonly ProfilePlugin[];
  /** How many of the nodes to find before scoring; 0 adapts it to the size of the cluster. */
  readonly percentageOfNodesToScore: number;
}

const cpuAndMemory = [
  { name: "cpu", weight: 1 },
  { name: "memory", weight: 1 },
];

export const defaultProfile: Profile = {
  schedulerName: "default-scheduler",
  percentageOfNodesToScore: 0,
  plugins: [
    { plugin: schedulingGates },
    { plugin: prioritySort },
    { plugin: nodeUnschedulable },
    { plugin: nodeName },
    { plugin: taintToleration, weight: 3 },
    { plugin: nodeAffinity, weight: 2 },
    { plugin: nodePorts },
    { plugin: nodeResourcesFit({ resources: cpuAndMemory, strategy: leastAllocated }), weight: 1 },
    { plugin: volumeRestrictions },
    { plugin: nodeVolumeLimits },
    { plugin: volumeBinding, weight: 1 },
    { plugin: volumeZone },
    { plugin: podTopologySpread(systemDefaultSpread), weight: 2 },
    {
      plugin: interPodAffinity({
        hardPodAffinityWeight: 1,
        ignorePreferredTermsOfExistingPods: false,
      }),
      weight: 2,
    },
    { plugin: dynamicResources },
    {
      plugin: defaultPreemption({
        minCandidateNodesPercentage: 10,
        minCandidateNodesAbsolute: 100,
      }),
    },
    { plugin: balancedAllocation({ resources: ["cpu", "memory"] }), weight: 1 },
    { plugin: imageLocality, weight: 1 },
    { plugin: defaultBinder },
  ],
};
