// Where the Pods of a manifest would go in a cluster, and which field is to blame if nowhere.
import type { FieldPath } from "../api/fieldPath.ts";
import type { Remedy } from "../api/remedy.ts";
import type { NodeExplanation, SchedulingExplanation } from "../api/schedulingExplanation.ts";
import type { Pod, PriorityClass } from "../api/types.ts";
import type { Range } from "../base/yaml/yamlTree.ts";
import type { Profile } from "../scheduler/profile.ts";
import type { ObjectLists } from "../scheduler/snapshotOf.ts";
import { whatIf } from "../scheduler/whatIf.ts";
import type { ManifestDocument } from "./manifest.ts";
import { type PodTemplate, podTemplatesOf } from "./podTemplates.ts";
import { problemRange } from "./problemRange.ts";

/** What the scheduler reads of the cluster. */
export interface ClusterView {
  readonly objects: ObjectLists;
  readonly priorityClasses: readonly PriorityClass[];
  readonly profiles: readonly Profile[];
}

export interface SchedulingForecast {
  /** Of the template's first line. */
  readonly range: Range;
  readonly template: PodTemplate;
  /** Nodes that can take the Pod, of all. */
  readonly fits: number;
  readonly nodes: number;
  /** True if these are the workers: the control plane's nodes are out of the question anyway. */
  readonly areWorkers: boolean;
  /** The nodes among which the choice would be drawn. */
  readonly top: readonly string[];
  /** Why it fits nowhere, in kube-scheduler's words. */
  readonly message?: string;
  /** The field to blame for that. */
  readonly blame?: Range;
  readonly remedies: readonly Remedy[];
  readonly explanation: SchedulingExplanation;
}

/** One forecast for each Pod or template; DaemonSets choose nodes by themselves and have none. */
export function forecast(
  document: ManifestDocument,
  text: string,
  view: ClusterView,
): readonly SchedulingForecast[] {
  return podTemplatesOf(document)
    .filter(({ kind }) => kind !== "DaemonSet")
    .flatMap((template) => {
      const answer = whatIf({ ...view, pod: template.pod });
      if (answer.type === "refused") return [];
      const { explanation, outcome, remedies } = answer;
      const { nodes, top, message } = explanation;
      const fitting = nodes.filter(({ feasible }) => feasible).map(({ node }) => node);
      const control = controlPlaneNodes(view);
      const areWorkers = control.size > 0 && !fitting.some((node) => control.has(node));
      const failed = outcome.type === "unschedulable" && message !== undefined;
      return [
        {
          range: startOf(template, text),
          template,
          fits: fitting.length,
          nodes: areWorkers ? nodes.length - control.size : nodes.length,
          areWorkers,
          top,
          ...(failed ? { message, blame: blameOf(template, nodes, text) } : {}),
          remedies,
          explanation,
        },
      ];
    });
}

function controlPlaneNodes({ objects: { nodes = [] } }: ClusterView): ReadonlySet<string> {
  return new Set(
    nodes
      .filter(({ metadata: { labels = {} } }) => Object.hasOwn(labels, controlPlaneRole))
      .map(({ metadata }) => metadata.name),
  );
}

const controlPlaneRole = "node-role.kubernetes.io/control-plane";

/** The key of the template; of a Pod, its first line. */
function startOf({ document, path }: PodTemplate, text: string): Range {
  return document.locate(path)?.keyRange ?? problemRange(document, path, text);
}

/** The field that the most nodes object to. */
function blameOf(template: PodTemplate, nodes: readonly NodeExplanation[], text: string): Range {
  const counts = new Map<string, number>();
  for (const { rejection } of nodes)
    if (rejection) counts.set(rejection.plugin, (counts.get(rejection.plugin) ?? 0) + 1);
  const [worst = ["", 0]] = [...counts].sort((a, b) => b[1] - a[1]);
  const spec = template.path.child("spec");
  return problemRange(template.document, fieldOf(worst[0], spec, template.pod, nodes), text);
}

function fieldOf(
  plugin: string,
  spec: FieldPath,
  pod: Pod,
  nodes: readonly NodeExplanation[],
): FieldPath {
  switch (plugin) {
    case "NodeResourcesFit":
      return requestPath(spec, pod, nodes);
    case "NodeAffinity":
      return pod.spec.nodeSelector
        ? spec.child("nodeSelector")
        : spec.child("affinity", "nodeAffinity");
    case "TaintToleration":
      return spec.child("tolerations");
    case "NodePorts": {
      const i = pod.spec.containers.findIndex(({ ports }) =>
        ports?.some(({ hostPort }) => hostPort),
      );
      return spec.child("containers").index(Math.max(i, 0)).child("ports");
    }
    case "PodTopologySpread":
      return spec.child("topologySpreadConstraints");
    case "InterPodAffinity":
      return spec.child(
        "affinity",
        pod.spec.affinity?.podAntiAffinity ? "podAntiAffinity" : "podAffinity",
      );
    default:
      return spec;
  }
}

/** The request of the resource that most nodes lack, in the container that asks for most of it. */
function requestPath(
  spec: FieldPath,
  { spec: { containers } }: Pod,
  nodes: readonly NodeExplanation[],
): FieldPath {
  const lacking = nodes.flatMap(({ resources }) =>
    resources.filter(({ wanted, free }) => wanted > free).map(({ resource }) => resource),
  );
  const resource = lacking.toSorted((a, b) => count(lacking, b) - count(lacking, a))[0];
  const i = containers.findIndex(
    ({ resources }) => resource !== undefined && resources?.requests?.[resource] !== undefined,
  );
  const path = spec.child("containers").index(Math.max(i, 0)).child("resources", "requests");
  return resource === undefined ? path : path.key(resource);
}

function count(list: readonly string[], item: string): number {
  return list.filter((each) => each === item).length;
}
