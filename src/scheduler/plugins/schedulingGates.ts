// Holds Pods back while they have scheduling gates.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/schedulinggates/scheduling_gates.go
import { fits, type Plugin, rejected } from "../framework.ts";

export const schedulingGates: Plugin = {
  name: "SchedulingGates",
  retryOn: ["Pod/EliminateSchedulingGates"],
  preEnqueue({ pod }) {
    const gates = pod.spec.schedulingGates ?? [];
    if (gates.length === 0) return fits;
    const names = gates.map(({ name }) => name).join(" ");
    return rejected.forGood(`waiting for scheduling gates: [${names}]`);
  },
};
