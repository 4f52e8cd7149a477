// What the server warns of in StorageClasses. Source: pkg/api/storage/util.go, kubernetes v1.34.
import { FieldPath } from "../../fieldPath.ts";
import type { CSIStorageCapacity, StorageClass } from "../../types.ts";
import { deprecatedLabelWords } from "../node/warnings.ts";

/** Old labels of nodes in the topologies that a class is limited to. */
export function storageClassWarnings({ allowedTopologies }: StorageClass): readonly string[] {
  const path = FieldPath.of("allowedTopologies");
  return (allowedTopologies ?? []).flatMap(({ matchLabelExpressions = [] }, i) =>
    matchLabelExpressions.flatMap(({ key }, j) => {
      const words = deprecatedLabelWords(key);
      const at = path.index(i).child("matchLabelExpressions").index(j).child("key");
      return words === undefined ? [] : [`${at}: ${words}`];
    }),
  );
}

export function storageCapacityWarnings({ nodeTopology }: CSIStorageCapacity): readonly string[] {
  const path = FieldPath.of("nodeTopology");
  const expressions = (nodeTopology?.matchExpressions ?? []).flatMap(({ key }, i) => {
    const words = deprecatedLabelWords(key);
    const at = path.child("matchExpressions").index(i).child("key");
    return words === undefined ? [] : [`${at}: ${key} is ${words}`];
  });
  const labels = Object.keys(nodeTopology?.matchLabels ?? {}).flatMap((label) => {
    const words = deprecatedLabelWords(label);
    return words === undefined ? [] : [`${path.child("matchLabels", label)}: ${words}`];
  });
  return [...expressions, ...labels];
}
