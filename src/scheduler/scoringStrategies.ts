// How NodeResourcesFit rates a node by one of its resources.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/noderesources/{least_allocated,
// most_allocated,requested_to_capacity_ratio}.go
import { maxNodeScore } from "./framework.ts";

/** How one resource is rated. */
export interface ScoringStrategy {
  /** 0 … 100 for a resource that the node has; requested may exceed allocatable. */
  rate(requested: number, allocatable: number): number;
  /** Whether a rating of 0 counts in the average. */
  readonly countsZero: boolean;
  /** Rounds the weighted average of the ratings. */
  round(average: number): number;
}

/** Prefers the emptier node: (allocatable − requested) / allocatable. */
export const leastAllocated: ScoringStrategy = {
  rate: (requested, allocatable) =>
    requested > allocatable
      ? 0
      : Math.trunc(((allocatable - requested) * maxNodeScore) / allocatable),
  countsZero: true,
  round: Math.trunc,
};

/** Prefers the fuller node: requested / allocatable. */
export const mostAllocated: ScoringStrategy = {
  rate: (requested, allocatable) =>
    Math.trunc((Math.min(requested, allocatable) * maxNodeScore) / allocatable),
  countsZero: true,
  round: Math.trunc,
};

/** A point of a broken line: utilization in percent, score 0 … 10. */
export interface ShapePoint {
  readonly utilization: number;
  readonly score: number;
}

/** Rates the utilization by a broken line through the points, which ascend by utilization. */
export function requestedToCapacityRatio(shape: readonly ShapePoint[]): ScoringStrategy {
  const line = shape.map(({ utilization, score }) => ({ utilization, score: score * 10 }));
  return {
    rate: (requested, allocatable) =>
      brokenLine(line, requested > allocatable ? 100 : Math.trunc((requested * 100) / allocatable)),
    countsZero: false,
    round: Math.round,
  };
}

/** Source: BuildBrokenLinearFunction, pkg/scheduler/framework/plugins/helper/shape_score.go */
function brokenLine(line: readonly ShapePoint[], utilization: number): number {
  const next = line.findIndex((point) => utilization <= point.utilization);
  const end = line[next];
  if (!end) return line.at(-1)?.score ?? 0;
  const start = line[next - 1];
  if (!start) return end.score;
  const rise = (end.score - start.score) * (utilization - start.utilization);
  return start.score + Math.trunc(rise / (end.utilization - start.utilization));
}
