// What a controller may report of its Pods.
// Source: pkg/apis/core/validation ValidateReplicationControllerStatus, 1.34.
import type { FieldError } from "../../fieldError.ts";
import type { ReplicationController } from "../../types.ts";
import { checkAtMost, checkCounts } from "../workload/status.ts";

const counts = [
  "replicas",
  "fullyLabeledReplicas",
  "readyReplicas",
  "availableReplicas",
  "observedGeneration",
] as const;

export function validateReplicationControllerStatusUpdate({
  status = { replicas: 0 },
}: ReplicationController): FieldError[] {
  const parts = ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"] as const;
  const { replicas, readyReplicas } = status;
  return [
    ...checkCounts(status, counts),
    ...checkAtMost(status, parts, replicas, "cannot be greater than status.replicas"),
    ...checkAtMost(
      status,
      ["availableReplicas"],
      readyReplicas,
      "cannot be greater than readyReplicas",
    ),
  ];
}
