// Whether a DaemonSet wants a Pod on a node. Source: pkg/controller/daemon NodeShouldRunDaemonPod, 1.34.
import { requiredNodeAffinity } from "../../../api/nodeSelection.ts";
import { toleratesTaint } from "../../../api/toleration.ts";
import type { DaemonSet, Node, Pod, Taint } from "../../../api/types.ts";
import { tolerationsOf } from "./podTemplate.ts";

export interface NodeFit {
  /** A Pod should be made there. */
  readonly shouldRun: boolean;
  /** One that is there may stay. */
  readonly mayStay: boolean;
}

const unfit: NodeFit = { shouldRun: false, mayStay: false };

export function nodeFit({ spec }: DaemonSet, { metadata, spec: nodeSpec }: Node): NodeFit {
  const podSpec = spec.template.spec ?? { containers: [] };
  if (podSpec.nodeName && podSpec.nodeName !== metadata.name) return unfit;
  const pod = { spec: podSpec } as Pod;
  const node = { name: metadata.name, labels: metadata.labels ?? {} };
  if (!requiredNodeAffinity(pod).matches(node)) return unfit;
  const tolerations = tolerationsOf(podSpec);
  const unborne = (nodeSpec?.taints ?? []).filter(
    (taint) => !tolerations.some((toleration) => toleratesTaint(toleration, taint)),
  );
  const has = (effect: Taint["effect"]): boolean =>
    unborne.some((taint) => taint.effect === effect);
  const mayStay = !has("NoExecute");
  return { shouldRun: mayStay && !has("NoSchedule"), mayStay };
}
