// What looks odd in a Job. Source: pkg/api/job/warnings.go, kubernetes v1.34.
import { FieldPath } from "../../fieldPath.ts";
import type { JobSpec } from "../../types.ts";
import { templateWarnings } from "../workload/warnings.ts";

const manyCompletions = 100_000;
const manyAtOnce = 10_000;

export function jobSpecWarnings(spec: JobSpec, ...path: readonly string[]): readonly string[] {
  const { completionMode, completions = 0, parallelism = 0 } = spec;
  const isHuge =
    completionMode === "Indexed" && completions > manyCompletions && parallelism > manyAtOnce;
  return [
    ...(isHuge
      ? [
          "In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completionIndexes when a big number of indexes fail",
        ]
      : []),
    ...templateWarnings(spec.template, FieldPath.of(...path, "template")),
  ];
}
