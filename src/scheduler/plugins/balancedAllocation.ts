// Prefers nodes whose resources would be used to the same degree.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go
import { podRequests } from "../../api/kinds/pod/requests.ts";
import { maxNodeScore, type Plugin, skipped } from "../framework.ts";
import type { NodeInfo } from "../nodeInfo.ts";
import { isScalarResource, resourcesOf, resourceValue } from "../resources.ts";

export interface BalancedAllocationArgs {
  readonly resources: readonly string[];
}

/** One of the resources that are compared. */
interface ComparedResource {
  readonly name: string;
  readonly request: number;
}

type ScoreState = readonly ComparedResource[];

export function balancedAllocation(args: BalancedAllocationArgs): Plugin<undefined, ScoreState> {
  return {
    name: "NodeResourcesBalancedAllocation",
    preScore({ pod }) {
      const requests = resourcesOf(podRequests(pod.pod, { useStatus: true }));
      const state = args.resources.map((name) => {
        return { name, request: resourceValue(requests, name) };
      });
      // Pods that ask for nothing would all go to the same node.
      if (state.every(({ request }) => request === 0)) return { verdict: skipped };
      // Extended resources count only for Pods that want them.
      return { state: state.filter(({ name, request }) => request > 0 || !isScalarResource(name)) };
    },
    score(_cycle, node, state) {
      const [first, second] = state;
      const deviation =
        first && second && state.length === 2
          ? halfDifference(fractionOf(node, first), fractionOf(node, second))
          : standardDeviation(node, state);
      return Math.trunc((1 - deviation) * maxNodeScore);
    },
  };
}

/** How full the node would be, 0 … 1; -1 if it does not have the resource. */
function fractionOf({ allocatable, requested }: NodeInfo, { name, request }: ComparedResource) {
  const capacity = resourceValue(allocatable, name);
  if (capacity === 0) return -1;
  return Math.min((resourceValue(requested, name) + request) / capacity, 1);
}

/** The standard deviation of two fractions; a missing one makes it 0. */
function halfDifference(a: number, b: number): number {
  return a < 0 || b < 0 ? 0 : Math.abs((a - b) / 2);
}

function standardDeviation(node: NodeInfo, state: ScoreState): number {
  const fractions = state.map((each) => fractionOf(node, each)).filter((each) => each >= 0);
  const [first = 0, second = 0] = fractions;
  if (fractions.length < 2) return 0;
  if (fractions.length === 2) return halfDifference(first, second);
  const mean = sumOf(fractions) / fractions.length;
  const squares = fractions.map((fraction) => (fraction - mean) * (fraction - mean));
  return Math.sqrt(sumOf(squares) / fractions.length);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
