// Decisions of the scheduler as the engine would explain them, for a small and for a large cluster.
import type {
  NodeExplanation,
  PluginScore,
  PluginVerdict,
  SchedulingExplanation,
} from "../../../src/api/schedulingExplanation.ts";
import type { ScheduleEvent } from "../../../src/api/traceEvent.ts";

const filterPlugins = [
  "NodeUnschedulable",
  "NodeName",
  "TaintToleration",
  "NodeAffinity",
  "NodePorts",
  "NodeResourcesFit",
  "VolumeRestrictions",
  "NodeVolumeLimits",
  "VolumeBinding",
  "VolumeZone",
  "PodTopologySpread",
  "InterPodAffinity",
];
const skippedPlugins = [
  "NodeAffinity",
  "NodePorts",
  "VolumeRestrictions",
  "VolumeBinding",
  "VolumeZone",
  "PodTopologySpread",
  "InterPodAffinity",
];
const weights = {
  TaintToleration: 3,
  NodeResourcesFit: 1,
  NodeResourcesBalancedAllocation: 1,
  PodTopologySpread: 2,
  ImageLocality: 1,
} as const;
const controlPlaneTaint = "node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }";

/** The recording's four nodes: the control plane is tainted, the workers fit or lack cpu. */
export function explainSmall(event: ScheduleEvent): SchedulingExplanation {
  const isHuge = event.outcome === "unschedulable";
  const workers = ["worker-1", "worker-2", "worker-3"].map((node, i) =>
    isHuge
      ? rejected(node, [reject("NodeResourcesFit", "Insufficient cpu")])
      : fitting(node, [100, 92 - i * (node === event.node ? 0 : 3), 95, 100 - i * 20, 0]),
  );
  const nodes = [
    rejected("control-plane", [
      reject("TaintToleration", controlPlaneTaint),
      ...(isHuge ? [reject("NodeResourcesFit", "Insufficient cpu")] : []),
    ]),
    ...workers,
  ];
  return explanation(event, nodes);
}

/** A thousand nodes in a handful of groups. */
export function explainLarge(event: ScheduleEvent, count = 1_000): SchedulingExplanation {
  const nodes = Array.from({ length: count }, (_, i): NodeExplanation => {
    const node = `node-${String(i).padStart(4, "0")}`;
    if (i < 3) return rejected(node, [reject("TaintToleration", controlPlaneTaint)]);
    if (i % 3 === 0) return rejected(node, [reject("NodeResourcesFit", "Insufficient cpu")]);
    if (i % 7 === 0)
      return rejected(node, [
        reject("NodeResourcesFit", "Insufficient cpu", "Insufficient memory"),
      ]);
    if (i % 11 === 0)
      return rejected(node, [
        reject("NodeAffinity", "node(s) didn't match Pod's node affinity/selector"),
      ]);
    return fitting(node, [100, 40 + (i % 53), 60 + (i % 31), 100 - (i % 5) * 10, 0]);
  });
  return explanation(event, nodes);
}

function explanation(
  event: ScheduleEvent,
  nodes: readonly NodeExplanation[],
): SchedulingExplanation {
  const feasible = nodes.filter((node) => node.feasible);
  const best = Math.max(...feasible.map(({ total }) => total));
  const top = feasible.filter(({ total }) => total === best).map(({ node }) => node);
  const chosen = top.includes(event.node ?? "") ? event.node : top[0];
  return {
    pod: event.pod,
    filterPlugins,
    scorePlugins: Object.keys(weights),
    skippedPlugins,
    nodes,
    top,
    ...(chosen === undefined ? {} : { chosen }),
    ...(event.message === undefined ? {} : { message: event.message }),
  };
}

function fitting(node: string, normalized: readonly number[]): NodeExplanation {
  const scores = Object.entries(weights).map(([plugin, weight], i): PluginScore => {
    const points = normalized[i] ?? 0;
    const raw = plugin === "TaintToleration" ? 0 : plugin === "PodTopologySpread" ? i : points;
    return { plugin, raw, normalized: points, weight, weighted: points * weight };
  });
  return {
    node,
    feasible: true,
    verdicts: filterPlugins
      .filter((plugin) => !skippedPlugins.includes(plugin))
      .map((plugin) => ({ plugin, code: "Success", reasons: [] })),
    resources: [],
    scores,
    total: scores.reduce((sum, { weighted }) => sum + weighted, 0),
  };
}

function rejected(node: string, rejections: readonly PluginVerdict[]): NodeExplanation {
  const [rejection] = rejections;
  const verdicts = filterPlugins
    .filter((plugin) => !skippedPlugins.includes(plugin) || plugin === rejection?.plugin)
    .map(
      (plugin): PluginVerdict =>
        rejections.find((own) => own.plugin === plugin) ?? { plugin, code: "Success", reasons: [] },
    );
  return {
    node,
    feasible: false,
    ...(rejection ? { rejection } : {}),
    verdicts,
    resources: [],
    scores: [],
    total: 0,
  };
}

function reject(plugin: string, ...reasons: readonly string[]): PluginVerdict {
  const code = plugin === "TaintToleration" ? "UnschedulableAndUnresolvable" : "Unschedulable";
  return { plugin, code, reasons };
}
