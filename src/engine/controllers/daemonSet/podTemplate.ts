// The Pod that a DaemonSet makes for a node: bound there by affinity, bearing what befalls nodes.
// Source: pkg/controller/daemon/util/daemonset_util.go, kubernetes v1.34.
import { templateGenerationOf } from "../../../api/kinds/daemonSet/templateGeneration.ts";
import type {
  Affinity,
  DaemonSet,
  PodSpec,
  PodTemplateSpec,
  Toleration,
} from "../../../api/types.ts";

export const revisionLabel = "controller-revision-hash";
const generationLabel = "pod-template-generation";

/** Daemons run where other Pods would be evicted or never come. */
const daemonTolerations: readonly Toleration[] = [
  { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/disk-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/pid-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" },
];
const networkToleration: Toleration = {
  key: "node.kubernetes.io/network-unavailable",
  operator: "Exists",
  effect: "NoSchedule",
};

/** @param hash of the set's current revision */
export function daemonTemplate(set: DaemonSet, hash: string): PodTemplateSpec {
  const { metadata = { name: "" }, spec } = set.spec.template;
  const labels = {
    ...metadata.labels,
    [generationLabel]: String(templateGenerationOf(set)),
    [revisionLabel]: hash,
  };
  return {
    metadata: { ...metadata, labels },
    ...(spec ? { spec: { ...spec, tolerations: tolerationsOf(spec) } } : {}),
  };
}

/** The template's own tolerations and those of daemons; one of the same kind gives way. */
export function tolerationsOf({ tolerations = [], hostNetwork }: PodSpec): readonly Toleration[] {
  const added = hostNetwork ? [...daemonTolerations, networkToleration] : daemonTolerations;
  const own = tolerations.map(
    (toleration) => added.find((each) => isSame(each, toleration)) ?? toleration,
  );
  return [...own, ...added.filter((each) => !tolerations.some((known) => isSame(each, known)))];
}

/** Source: Toleration.MatchToleration. */
function isSame(a: Toleration, b: Toleration): boolean {
  return (
    a.key === b.key &&
    a.effect === b.effect &&
    a.operator === b.operator &&
    (a.value ?? "") === (b.value ?? "")
  );
}

/** The template for one node: what it required of its node before has been checked, and goes. */
export function boundTo(template: PodTemplateSpec, node: string): PodTemplateSpec {
  const { spec } = template;
  if (!spec) return template;
  const matchFields = [{ key: "metadata.name", operator: "In", values: [node] }];
  const affinity = {
    ...spec.affinity,
    nodeAffinity: {
      ...spec.affinity?.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] },
    },
  } as Affinity;
  return { ...template, spec: { ...spec, affinity } };
}
