// Prefers nodes whose resources would be used to the same degree.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go
import { podRequests } from "../../../api/kinds/pod/requests.ts";
import { maxNodeScore, type Plugin, skipped } from "../framework.ts";
import { isScalarResource, resourcesOf, resourceValue } from "../resources.ts";

export interface BalancedAllocationArgs {
  readonly resources: readonly string[];
}

/** Requests by resource, aligned with the arguments' resources. */
type ScoreState = readonly number[];

export function balancedAllocation(args: BalancedAllocationArgs): Plugin<undefined, ScoreState> {
  const { resources } = args;
  return {
    name: "NodeResourcesBalancedAllocation",
    preScore({ pod }) {
      const requests = resourcesOf(podRequests(pod.pod, { useStatus: true }));
      const state = resources.map((name) => resourceValue(requests, name));
      // Pods that ask for nothing would all go to the same node.
      return state.every((request) => request === 0) ? { verdict: skipped } : { state };
    },
    score(_cycle, { allocatable, requested }, requests) {
      const fractions: number[] = [];
      for (let i = 0; i < resources.length; i++) {
        const name = resources[i] ?? "";
        const request = requests[i] ?? 0;
        const capacity = resourceValue(allocatable, name);
        if (capacity === 0 || (request === 0 && isScalarResource(name))) continue;
        fractions.push(Math.min((resourceValue(requested, name) + request) / capacity, 1));
      }
      return Math.trunc((1 - standardDeviation(fractions)) * maxNodeScore);
    },
  };
}

function standardDeviation(fractions: readonly number[]): number {
  const [first = 0, second = 0] = fractions;
  if (fractions.length < 2) return 0;
  if (fractions.length === 2) return Math.abs((first - second) / 2);
  const mean = sumOf(fractions) / fractions.length;
  const squares = fractions.map((fraction) => (fraction - mean) * (fraction - mean));
  return Math.sqrt(sumOf(squares) / fractions.length);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
