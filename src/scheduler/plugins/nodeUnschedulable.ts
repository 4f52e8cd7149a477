// Filters out cordoned nodes, unless the Pod tolerates that.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/nodeunschedulable/node_unschedulable.go
import { fits, type Plugin, rejected } from "../framework.ts";
import { tolerates } from "../tolerations.ts";

const cordoned = rejected.forGood("node(s) were unschedulable");
const taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" } as const;

export const nodeUnschedulable: Plugin = {
  name: "NodeUnschedulable",
  retryOn: ["Node/Add", "Node/UpdateTaint", "Pod/UpdateToleration"],
  hint({ pod }, { node }) {
    if (!node) return tolerates(pod.spec.tolerations, taint);
    const { old, now } = node;
    return !now?.spec?.unschedulable && (old === undefined || old.spec?.unschedulable === true);
  },
  concerns: ({ snapshot }) => snapshot.traits.cordoned > 0,
  filter: ({ pod }, node) =>
    !node.isUnschedulable || tolerates(pod.pod.spec.tolerations, taint) ? fits : cordoned,
};
