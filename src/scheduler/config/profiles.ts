// From a configuration to profiles that run: which plugins, at which extension points, in which order.
// Source: kubernetes v1.34 pkg/scheduler/framework/runtime/framework.go NewFramework
import type { Plugin } from "../framework.ts";
import { balancedAllocation } from "../plugins/balancedAllocation.ts";
import { defaultBinder } from "../plugins/defaultBinder.ts";
import { defaultPreemption } from "../plugins/defaultPreemption.ts";
import { dynamicResources } from "../plugins/dynamicResources.ts";
import { imageLocality } from "../plugins/imageLocality.ts";
import { interPodAffinity } from "../plugins/interPodAffinity.ts";
import { nodeAffinity } from "../plugins/nodeAffinity.ts";
import { nodeName } from "../plugins/nodeName.ts";
import { nodePorts } from "../plugins/nodePorts.ts";
import { nodeResourcesFit } from "../plugins/nodeResourcesFit.ts";
import { nodeUnschedulable } from "../plugins/nodeUnschedulable.ts";
import { nodeVolumeLimits } from "../plugins/nodeVolumeLimits.ts";
import { podTopologySpread, systemDefaultSpread } from "../plugins/podTopologySpread.ts";
import { prioritySort } from "../plugins/prioritySort.ts";
import { schedulingGates } from "../plugins/schedulingGates.ts";
import { taintToleration } from "../plugins/taintToleration.ts";
import { volumeBinding } from "../plugins/volumeBinding.ts";
import { volumeRestrictions } from "../plugins/volumeRestrictions.ts";
import { volumeZone } from "../plugins/volumeZone.ts";
import type { Profile, ProfilePlugin } from "../profile.ts";
import {
  leastAllocated,
  mostAllocated,
  requestedToCapacityRatio,
  type ScoringStrategy,
} from "../scoringStrategies.ts";
import {
  type EnabledPlugin,
  type ExtensionPoint,
  extensionPoints,
  type KubeSchedulerProfile,
  type PluginSet,
  type ScoringStrategySpec,
} from "./configuration.ts";
import { argsOf, type DefaultedConfiguration, type DefaultedProfile } from "./defaults.ts";

/** Why a configuration makes no profile, in kube-scheduler's words. */
export interface ProfileProblem {
  /** Index of the profile. */
  readonly profile: number;
  readonly point: ExtensionPoint | "multiPoint";
  /** The plugin that is to blame. */
  readonly plugin: string;
  readonly message: string;
}

/** The profiles of a valid configuration, or what keeps one of them from being made. */
export function profilesOf(
  configuration: DefaultedConfiguration,
): { readonly profiles: readonly Profile[] } | { readonly problem: ProfileProblem } {
  const profiles: Profile[] = [];
  for (const [i, each] of configuration.profiles.entries()) {
    const made = profileOf(each, configuration.percentageOfNodesToScore);
    if ("problem" in made) return { problem: { ...made.problem, profile: i } };
    profiles.push(made.profile);
  }
  return { profiles };
}

type Factory = (profile: KubeSchedulerProfile) => Plugin;

/** Source: NewInTreeRegistry, pkg/scheduler/framework/plugins/registry.go */
const registry: Readonly<Record<string, Factory>> = {
  SchedulingGates: () => schedulingGates,
  PrioritySort: () => prioritySort,
  NodeUnschedulable: () => nodeUnschedulable,
  NodeName: () => nodeName,
  TaintToleration: () => taintToleration,
  NodeAffinity: (profile) => nodeAffinity(argsOf(profile, "NodeAffinity")),
  NodePorts: () => nodePorts,
  NodeResourcesFit(profile) {
    const { scoringStrategy, ignoredResources, ignoredResourceGroups } = argsOf(
      profile,
      "NodeResourcesFit",
    );
    return nodeResourcesFit({
      resources: scoringStrategy.resources.map(({ name, weight = 1 }) => ({ name, weight })),
      strategy: strategyOf(scoringStrategy),
      ...(ignoredResources ? { ignoredResources: new Set(ignoredResources) } : {}),
      ...(ignoredResourceGroups ? { ignoredResourceGroups: new Set(ignoredResourceGroups) } : {}),
    });
  },
  VolumeRestrictions: () => volumeRestrictions,
  NodeVolumeLimits: () => nodeVolumeLimits,
  VolumeBinding: () => volumeBinding,
  VolumeZone: () => volumeZone,
  PodTopologySpread(profile) {
    const { defaultingType, defaultConstraints = [] } = argsOf(profile, "PodTopologySpread");
    return podTopologySpread(
      defaultingType === "System"
        ? systemDefaultSpread
        : { isSystemDefault: false, defaultConstraints },
    );
  },
  InterPodAffinity: (profile) => interPodAffinity(argsOf(profile, "InterPodAffinity")),
  DynamicResources: () => dynamicResources,
  DefaultPreemption: (profile) => defaultPreemption(argsOf(profile, "DefaultPreemption")),
  NodeResourcesBalancedAllocation(profile) {
    const { resources } = argsOf(profile, "NodeResourcesBalancedAllocation");
    return balancedAllocation({ resources: resources.map(({ name }) => name) });
  },
  ImageLocality: () => imageLocality,
  DefaultBinder: () => defaultBinder,
};

function strategyOf({
  type,
  requestedToCapacityRatio: ratio,
}: ScoringStrategySpec): ScoringStrategy {
  if (type === "MostAllocated") return mostAllocated;
  return type === "RequestedToCapacityRatio"
    ? requestedToCapacityRatio(ratio?.shape ?? [])
    : leastAllocated;
}

/** The functions by which a plugin takes part at each point, and how errors name the point. */
const interfaces: {
  readonly [Point in ExtensionPoint]: { readonly method: keyof Plugin; readonly name: string };
} = {
  preEnqueue: { method: "preEnqueue", name: "PreEnqueuePlugin" },
  queueSort: { method: "compare", name: "QueueSortPlugin" },
  preFilter: { method: "preFilter", name: "PreFilterPlugin" },
  filter: { method: "filter", name: "FilterPlugin" },
  postFilter: { method: "postFilter", name: "PostFilterPlugin" },
  preScore: { method: "preScore", name: "PreScorePlugin" },
  score: { method: "score", name: "ScorePlugin" },
  reserve: { method: "reserve", name: "ReservePlugin" },
  permit: { method: "permit", name: "PermitPlugin" },
  preBind: { method: "preBind", name: "PreBindPlugin" },
  bind: { method: "bind", name: "BindPlugin" },
  postBind: { method: "postBind", name: "PostBindPlugin" },
};

type Problem = Omit<ProfileProblem, "profile">;

function profileOf(
  profile: DefaultedProfile,
  percentage: number,
): { readonly profile: Profile } | { readonly problem: Problem } {
  const made = new Map<string, Plugin>();
  const pluginOf = (name: string): Plugin | undefined => {
    const factory = Object.hasOwn(registry, name) ? registry[name] : undefined;
    const plugin = made.get(name) ?? factory?.(profile);
    if (plugin) made.set(name, plugin);
    return plugin;
  };
  const points = {} as Record<ExtensionPoint, readonly ProfilePlugin[]>;
  for (const point of extensionPoints) {
    const problem = problemOf(profile, point, pluginOf);
    if (problem) return { problem };
    points[point] = enabledAt(profile, point, pluginOf);
  }
  return {
    profile: {
      schedulerName: profile.schedulerName,
      percentageOfNodesToScore: profile.percentageOfNodesToScore ?? percentage,
      points,
    },
  };
}

/** Source: updatePluginList and expandMultiPointPlugins, framework.go */
function problemOf(
  { plugins }: DefaultedProfile,
  point: ExtensionPoint,
  pluginOf: (name: string) => Plugin | undefined,
): Problem | undefined {
  const { method, name } = interfaces[point];
  for (const place of [point, "multiPoint"] as const) {
    const seen = new Set<string>();
    for (const { name: plugin } of plugins[place]?.enabled ?? []) {
      const known = pluginOf(plugin);
      const quoted = JSON.stringify(plugin);
      const blame = (message: string): Problem => ({ point: place, plugin, message });
      if (!known) return blame(`${name} ${quoted} does not exist`);
      if (place === point && !known[method])
        return blame(`plugin ${quoted} does not extend ${name} plugin`);
      if (seen.has(plugin))
        return blame(`plugin ${quoted} already registered as ${JSON.stringify(name)}`);
      seen.add(plugin);
    }
  }
  return undefined;
}

/** Explicitly enabled plugins that multiPoint names too, then multiPoint's others, then the rest. */
function enabledAt(
  { plugins }: DefaultedProfile,
  point: ExtensionPoint,
  pluginOf: (name: string) => Plugin | undefined,
): readonly ProfilePlugin[] {
  const { enabled = [], disabled = [] }: PluginSet = plugins[point] ?? {};
  const off = new Set(disabled.map(({ name }) => name));
  const multiPoint = off.has("*")
    ? []
    : (plugins.multiPoint?.enabled ?? []).filter(
        ({ name }) => !off.has(name) && pluginOf(name)?.[interfaces[point].method],
      );
  const named = new Set(multiPoint.map(({ name }) => name));
  const explicit = new Set(enabled.map(({ name }) => name));
  return [
    ...enabled.filter(({ name }) => named.has(name)),
    ...multiPoint.filter(({ name }) => !explicit.has(name)),
    ...enabled.filter(({ name }) => !named.has(name)),
  ].flatMap((each) => profilePlugin(each, pluginOf));
}

function profilePlugin(
  { name, weight }: EnabledPlugin,
  pluginOf: (name: string) => Plugin | undefined,
): readonly ProfilePlugin[] {
  const plugin = pluginOf(name);
  return plugin ? [{ plugin, weight: weight || 1 }] : [];
}
