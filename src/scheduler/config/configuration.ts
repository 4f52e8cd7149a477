// KubeSchedulerConfiguration, the scheduler's policy as a file, in its own shape.
// Source: kubernetes v1.34 staging/src/k8s.io/kube-scheduler/config/v1/types.go
import type { NodeAffinity, TopologySpreadConstraint } from "../../api/types.ts";

export const configurationApiVersion = "kubescheduler.config.k8s.io/v1";
export const configurationKind = "KubeSchedulerConfiguration";

export interface KubeSchedulerConfiguration {
  readonly apiVersion: string;
  readonly kind: string;
  readonly parallelism?: number;
  readonly percentageOfNodesToScore?: number;
  readonly podInitialBackoffSeconds?: number;
  readonly podMaxBackoffSeconds?: number;
  readonly profiles?: readonly KubeSchedulerProfile[];
  readonly leaderElection?: { readonly leaderElect?: boolean; readonly resourceLock?: string };
}

export interface KubeSchedulerProfile {
  readonly schedulerName?: string;
  readonly percentageOfNodesToScore?: number;
  readonly plugins?: Plugins;
  readonly pluginConfig?: readonly PluginConfig[];
}

export const extensionPoints = [
  "preEnqueue",
  "queueSort",
  "preFilter",
  "filter",
  "postFilter",
  "preScore",
  "score",
  "reserve",
  "permit",
  "preBind",
  "bind",
  "postBind",
] as const;

export type ExtensionPoint = (typeof extensionPoints)[number];

export type Plugins = { readonly [Point in ExtensionPoint | "multiPoint"]?: PluginSet };

export interface PluginSet {
  readonly enabled?: readonly EnabledPlugin[];
  /** "*" stands for all. */
  readonly disabled?: readonly { readonly name: string }[];
}

export interface EnabledPlugin {
  readonly name: string;
  /** Only for plugins that score; 0 is as good as absent. */
  readonly weight?: number;
}

export interface PluginConfig {
  readonly name: string;
  readonly args?: unknown;
}

export interface ResourceSpec {
  readonly name: string;
  readonly weight?: number;
}

export interface DefaultPreemptionArgs {
  readonly minCandidateNodesPercentage: number;
  readonly minCandidateNodesAbsolute: number;
}

export interface InterPodAffinityArgs {
  readonly hardPodAffinityWeight: number;
  readonly ignorePreferredTermsOfExistingPods: boolean;
}

export interface NodeAffinityArgs {
  readonly addedAffinity?: NodeAffinity;
}

export interface NodeResourcesBalancedAllocationArgs {
  readonly resources: readonly ResourceSpec[];
}

export interface NodeResourcesFitArgs {
  readonly ignoredResources?: readonly string[];
  readonly ignoredResourceGroups?: readonly string[];
  readonly scoringStrategy: ScoringStrategySpec;
}

export interface ScoringStrategySpec {
  readonly type: string;
  readonly resources: readonly ResourceSpec[];
  readonly requestedToCapacityRatio?: { readonly shape?: readonly UtilizationPoint[] };
}

export interface UtilizationPoint {
  /** 0 to 100. */
  readonly utilization: number;
  /** 0 to 10. */
  readonly score: number;
}

export interface PodTopologySpreadArgs {
  readonly defaultConstraints?: readonly TopologySpreadConstraint[];
  readonly defaultingType: string;
}

export interface VolumeBindingArgs {
  readonly bindTimeoutSeconds: number;
  readonly shape?: readonly UtilizationPoint[];
}

/** The arguments of each plugin that has some, by the plugin's name. */
export interface PluginArgs {
  readonly DefaultPreemption: DefaultPreemptionArgs;
  readonly InterPodAffinity: InterPodAffinityArgs;
  readonly NodeAffinity: NodeAffinityArgs;
  readonly NodeResourcesBalancedAllocation: NodeResourcesBalancedAllocationArgs;
  readonly NodeResourcesFit: NodeResourcesFitArgs;
  readonly PodTopologySpread: PodTopologySpreadArgs;
  readonly VolumeBinding: VolumeBindingArgs;
}
