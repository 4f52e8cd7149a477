// What kube-scheduler fills in where a configuration says nothing.
// Source: kubernetes v1.34 pkg/scheduler/apis/config/v1/{defaults,default_plugins}.go
import type {
  EnabledPlugin,
  KubeSchedulerConfiguration,
  KubeSchedulerProfile,
  PluginArgs,
  PluginSet,
  Plugins,
  ResourceSpec,
} from "./configuration.ts";

/** The default plugins, in order, with the weights of those that score. */
const defaultPlugins: readonly EnabledPlugin[] = [
  { name: "SchedulingGates" },
  { name: "PrioritySort" },
  { name: "NodeUnschedulable" },
  { name: "NodeName" },
  { name: "TaintToleration", weight: 3 },
  { name: "NodeAffinity", weight: 2 },
  { name: "NodePorts" },
  { name: "NodeResourcesFit", weight: 1 },
  { name: "VolumeRestrictions" },
  { name: "NodeVolumeLimits" },
  { name: "VolumeBinding" },
  { name: "VolumeZone" },
  { name: "PodTopologySpread", weight: 2 },
  { name: "InterPodAffinity", weight: 2 },
  { name: "DynamicResources" },
  { name: "DefaultPreemption" },
  { name: "NodeResourcesBalancedAllocation", weight: 1 },
  { name: "ImageLocality", weight: 1 },
  { name: "DefaultBinder" },
];

const cpuAndMemory: readonly ResourceSpec[] = [
  { name: "cpu", weight: 1 },
  { name: "memory", weight: 1 },
];

const defaultArgs: PluginArgs = {
  DefaultPreemption: { minCandidateNodesPercentage: 10, minCandidateNodesAbsolute: 100 },
  InterPodAffinity: { hardPodAffinityWeight: 1, ignorePreferredTermsOfExistingPods: false },
  NodeAffinity: {},
  NodeResourcesBalancedAllocation: { resources: cpuAndMemory },
  NodeResourcesFit: { scoringStrategy: { type: "LeastAllocated", resources: cpuAndMemory } },
  PodTopologySpread: { defaultingType: "System" },
  VolumeBinding: { bindTimeoutSeconds: 600 },
};

export type DefaultedProfile = Required<Pick<KubeSchedulerProfile, "schedulerName">> &
  KubeSchedulerProfile & { readonly plugins: Plugins };

export type DefaultedConfiguration = Omit<KubeSchedulerConfiguration, "profiles"> & {
  readonly parallelism: number;
  readonly percentageOfNodesToScore: number;
  readonly podInitialBackoffSeconds: number;
  readonly podMaxBackoffSeconds: number;
  readonly profiles: readonly DefaultedProfile[];
};

/** The configuration with its defaults; plugin arguments are left to `argsOf`. */
export function withDefaults(configuration: KubeSchedulerConfiguration): DefaultedConfiguration {
  const profiles = configuration.profiles?.length ? configuration.profiles : [{}];
  return {
    parallelism: 16,
    percentageOfNodesToScore: 0,
    podInitialBackoffSeconds: 1,
    podMaxBackoffSeconds: 10,
    ...configuration,
    profiles: profiles.map((profile) => defaultedProfile(profile, profiles.length === 1)),
  };
}

/** The arguments that a profile's plugin runs with. */
export function argsOf<Name extends keyof PluginArgs>(
  profile: KubeSchedulerProfile,
  name: Name,
): PluginArgs[Name] {
  const given = profile.pluginConfig?.find((config) => config.name === name)?.args;
  return withDefaultArgs(name, given as Partial<PluginArgs[Name]> | undefined);
}

function withDefaultArgs<Name extends keyof PluginArgs>(
  name: Name,
  given: Partial<PluginArgs[Name]> = {},
): PluginArgs[Name] {
  const args = { ...defaultArgs[name], ...given };
  if (name !== "NodeResourcesFit" && name !== "NodeResourcesBalancedAllocation") return args;
  return withResourceWeights(args as FitLike) as unknown as PluginArgs[Name];
}

interface FitLike {
  readonly resources?: readonly ResourceSpec[];
  readonly scoringStrategy?: {
    readonly type?: string;
    readonly resources?: readonly ResourceSpec[];
  };
}

/** A weight of 0 is as good as none, and 1 is meant. */
function withResourceWeights(args: FitLike): FitLike {
  const weigh = (resources: readonly ResourceSpec[] = []): readonly ResourceSpec[] =>
    resources.length === 0
      ? cpuAndMemory
      : resources.map((each) => ({ ...each, weight: each.weight || 1 }));
  const { scoringStrategy } = args;
  if (!scoringStrategy) return { ...args, resources: weigh(args.resources) };
  return {
    ...args,
    scoringStrategy: { ...scoringStrategy, resources: weigh(scoringStrategy.resources) },
  };
}

function defaultedProfile(profile: KubeSchedulerProfile, isOnly: boolean): DefaultedProfile {
  return {
    ...profile,
    schedulerName: profile.schedulerName ?? (isOnly ? "default-scheduler" : ""),
    plugins: mergePlugins(profile.plugins),
  };
}

/** The defaults take part at every point, as far as the profile neither disables nor replaces them. */
function mergePlugins(custom: Plugins = {}): Plugins {
  return { ...custom, multiPoint: mergePluginSet(defaultPlugins, custom.multiPoint) };
}

/** Source: mergePluginSet, default_plugins.go. */
function mergePluginSet(
  defaults: readonly EnabledPlugin[],
  { enabled = [], disabled = [] }: PluginSet = {},
): PluginSet {
  const disabledNames = new Set(disabled.map(({ name }) => name));
  if (disabledNames.has("*")) return { enabled, disabled };
  const replaced = new Set<EnabledPlugin>();
  const merged = defaults
    .filter(({ name }) => !disabledNames.has(name))
    .map((plugin) => {
      const custom = enabled.find(({ name }) => name === plugin.name);
      if (!custom) return plugin;
      replaced.add(custom);
      return custom;
    });
  return { enabled: [...merged, ...enabled.filter((each) => !replaced.has(each))], disabled };
}
