// Labels of Nodes that have new names, and constraints that match nothing.
// Source: pkg/api/pod/warnings.go, kubernetes v1.34.
import type { FieldPath } from "../../../fieldPath.ts";
import type { PodSpec } from "../../../types.ts";
import {
  deprecatedLabelWords,
  nodeSelectorTermWarnings,
  nodeSelectorWarnings,
} from "../../node/warnings.ts";

export function schedulingWarnings(spec: PodSpec, path: FieldPath): readonly string[] {
  const { nodeSelector, affinity, topologySpreadConstraints = [] } = spec;
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const preferred = affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution;
  const affinityPath = path.child("affinity", "nodeAffinity");
  const requiredPath = affinityPath.child("requiredDuringSchedulingIgnoredDuringExecution");
  const preferredPath = affinityPath.child("preferredDuringSchedulingIgnoredDuringExecution");
  return [
    ...nodeSelectorWarnings(nodeSelector, path.child("nodeSelector")),
    ...(required?.nodeSelectorTerms ?? []).flatMap((term, i) =>
      nodeSelectorTermWarnings(term, requiredPath.child("nodeSelectorTerms").index(i)),
    ),
    ...(preferred ?? []).flatMap(({ preference }, i) =>
      nodeSelectorTermWarnings(preference ?? {}, preferredPath.index(i).child("preference"), {
        checksValues: true,
      }),
    ),
    ...topologySpreadConstraints.flatMap(({ topologyKey, labelSelector }, i) => {
      const at = path.child("topologySpreadConstraints").index(i);
      const words = deprecatedLabelWords(topologyKey);
      return [
        ...(words ? [`${at.child("topologyKey")}: ${topologyKey} is ${words}`] : []),
        ...(labelSelector
          ? []
          : [`${at.child("labelSelector")}: a null labelSelector results in matching no pod`]),
      ];
    }),
  ];
}
