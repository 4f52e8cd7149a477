// What tables say of Pods. Source: pkg/printers/internalversion/printers.go, kubernetes v1.34.
import { type Column, column } from "../../kind.ts";
import type { Pod } from "../../types.ts";
import { ageColumn, nameColumn } from "../columns.ts";
import { podStatusText, readinessGatesText, restartsText, summaryOf } from "./summary.ts";

export const podColumns: readonly Column<Pod>[] = [
  nameColumn,
  column("Ready", "string", readyText, {
    description: "The aggregate readiness state of this pod for accepting traffic.",
  }),
  column("Status", "string", podStatusText, {
    description: "The aggregate status of the containers in this pod.",
  }),
  column("Restarts", "string", restartsText, {
    description:
      "The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.",
  }),
  ageColumn,
  column("IP", "string", ({ status }) => status?.podIPs?.[0]?.ip || "<none>", {
    priority: 1,
    field: "core.v1.PodStatus.podIP",
  }),
  column("Node", "string", ({ spec }) => spec.nodeName || "<none>", {
    priority: 1,
    field: "core.v1.PodSpec.nodeName",
  }),
  column("Nominated Node", "string", ({ status }) => status?.nominatedNodeName || "<none>", {
    priority: 1,
    field: "core.v1.PodStatus.nominatedNodeName",
  }),
  column("Readiness Gates", "string", readinessGatesText, {
    priority: 1,
    field: "core.v1.PodSpec.readinessGates",
  }),
];

function readyText(pod: Pod): string {
  const { readyContainers, totalContainers } = summaryOf(pod);
  return `${readyContainers}/${totalContainers}`;
}
