// The structure of KubeSchedulerConfiguration and of its plugins' arguments, for the same strict
// decoding as manifests get. Source: kubernetes v1.34 staging/src/k8s.io/kube-scheduler/config/v1
import {
  definitionNode,
  type ScalarNode,
  type SchemaNode,
  type StructNode,
} from "../../api/openapi/compiled.ts";
import { extensionPoints, type PluginArgs } from "./configuration.ts";

const scalar = (type: ScalarNode["type"], goType: string): ScalarNode => ({ type, goType });
const text = scalar("string", "string");
const flag = scalar("bool", "bool");
const int32 = scalar("int32", "int32");
const int64 = scalar("int64", "int64");
const anything = scalar("any", "interface {}");

function struct(name: string, properties: Readonly<Record<string, SchemaNode>>): StructNode {
  return {
    type: "struct",
    goType: `v1.${name}`,
    definition: `kubescheduler.config.v1.${name}`,
    properties: new Map(Object.entries(properties)),
    alwaysPresent: [],
    omittedWhenZero: new Set(),
    printedZeros: [],
  };
}

function list(element: SchemaNode): SchemaNode {
  return { type: "list", goType: `[]${element.goType}`, element };
}

const typed = { apiVersion: text, kind: text };
const plugin = struct("Plugin", { name: text, weight: int32 });
const pluginSet = struct("PluginSet", { enabled: list(plugin), disabled: list(plugin) });
const plugins = struct(
  "Plugins",
  Object.fromEntries([...extensionPoints, "multiPoint"].map((point) => [point, pluginSet])),
);
const resources = list(struct("ResourceSpec", { name: text, weight: int64 }));
const shape = list(struct("UtilizationShapePoint", { utilization: int32, score: int32 }));

export const configurationNode: StructNode = struct("KubeSchedulerConfiguration", {
  ...typed,
  parallelism: int32,
  leaderElection: struct("LeaderElectionConfiguration", {
    leaderElect: flag,
    leaseDuration: text,
    renewDeadline: text,
    retryPeriod: text,
    resourceLock: text,
    resourceName: text,
    resourceNamespace: text,
  }),
  clientConnection: struct("ClientConnectionConfiguration", {
    kubeconfig: text,
    acceptContentTypes: text,
    contentType: text,
    qps: scalar("double", "float32"),
    burst: int32,
  }),
  enableProfiling: flag,
  enableContentionProfiling: flag,
  percentageOfNodesToScore: int32,
  podInitialBackoffSeconds: int64,
  podMaxBackoffSeconds: int64,
  profiles: list(
    struct("KubeSchedulerProfile", {
      schedulerName: text,
      percentageOfNodesToScore: int32,
      plugins,
      pluginConfig: list(struct("PluginConfig", { name: text, args: anything })),
    }),
  ),
  extenders: list(anything),
  delayCacheUntilActive: flag,
});

export const argsNodes: { readonly [Name in keyof PluginArgs]: StructNode } = {
  DefaultPreemption: struct("DefaultPreemptionArgs", {
    ...typed,
    minCandidateNodesPercentage: int32,
    minCandidateNodesAbsolute: int32,
  }),
  InterPodAffinity: struct("InterPodAffinityArgs", {
    ...typed,
    hardPodAffinityWeight: int32,
    ignorePreferredTermsOfExistingPods: flag,
  }),
  NodeAffinity: struct("NodeAffinityArgs", {
    ...typed,
    addedAffinity: definitionNode("core.v1.NodeAffinity"),
  }),
  NodeResourcesBalancedAllocation: struct("NodeResourcesBalancedAllocationArgs", {
    ...typed,
    resources,
  }),
  NodeResourcesFit: struct("NodeResourcesFitArgs", {
    ...typed,
    ignoredResources: list(text),
    ignoredResourceGroups: list(text),
    scoringStrategy: struct("ScoringStrategy", {
      type: text,
      resources,
      requestedToCapacityRatio: struct("RequestedToCapacityRatioParam", { shape }),
    }),
  }),
  PodTopologySpread: struct("PodTopologySpreadArgs", {
    ...typed,
    defaultConstraints: list(definitionNode("core.v1.TopologySpreadConstraint")),
    defaultingType: text,
  }),
  VolumeBinding: struct("VolumeBindingArgs", { ...typed, bindTimeoutSeconds: int64, shape }),
};
