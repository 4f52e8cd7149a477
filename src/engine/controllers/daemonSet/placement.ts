// Which nodes lack a Pod and which Pods are one too many. Source: pkg/controller/daemon
// podsShouldBeOnNode, kubernetes v1.34.
import { isPodReady } from "../../../api/kinds/pod/kind.ts";
import type { Node, Pod } from "../../../api/types.ts";
import { isPodAvailable } from "../podAvailability.ts";
import { isGoing, isOfRevision, strandedPods } from "./daemonPods.ts";
import { nodeFit } from "./nodeFit.ts";
import type { DaemonState, DaemonWork } from "./rollingUpdate.ts";
import { allowsSurge } from "./strategy.ts";

/** @param mayReplace asked for each Pod that has ended: false lets it lie for a while */
export function placement(
  state: DaemonState,
  mayReplace: (pod: Pod, node: string) => boolean,
): DaemonWork {
  const works = state.nodes.map((node) => onNode(state, node, mayReplace));
  return {
    create: works.flatMap(({ create }) => create),
    delete: [...works.flatMap((work) => work.delete), ...strandedPods(state.pods, state.nodes)],
  };
}

function onNode(
  state: DaemonState,
  node: Node,
  mayReplace: (pod: Pod, node: string) => boolean,
): DaemonWork {
  const { name } = node.metadata;
  const pods = state.pods.get(name);
  const { shouldRun, mayStay } = nodeFit(state.set, node);
  if (!pods) return { create: shouldRun ? [name] : [], delete: [] };
  const living = pods.filter((pod) => !isGoing(pod));
  if (!mayStay) return { create: [], delete: living };
  const hasEnded = ({ status }: Pod) => status?.phase === "Failed" || status?.phase === "Succeeded";
  const running = living.filter((pod) => !hasEnded(pod));
  const ended = living.filter((pod) => hasEnded(pod) && mayReplace(pod, name));
  if (!allowsSurge(state.set)) return { create: [], delete: [...ended, ...running.slice(1)] };
  const isBare = running.length === 0 && shouldRun;
  return { create: isBare ? [name] : [], delete: [...ended, ...surplus(state, running)] };
}

/** While surging two may run: one of each revision, until the new one is available. */
function surplus({ set, hash, now }: DaemonState, running: readonly Pod[]): readonly Pod[] {
  if (running.length <= 1) return [];
  const current = running.find((pod) => isOfRevision(pod, hash));
  const old = running.find((pod) => !isOfRevision(pod, hash));
  const others = running.filter((pod) => pod !== current && pod !== old);
  if (!current || !old) return others;
  const isReplaced =
    !isPodReady(old) || isPodAvailable(current, set.spec.minReadySeconds ?? 0, now);
  return isReplaced ? [...others, old] : others;
}
