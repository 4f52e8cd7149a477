// Makes room for a Pod that fits nowhere by choosing less important Pods to evict.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/defaultpreemption/default_preemption.go
import { fits, type Plugin } from "../framework.ts";
import { type PreemptionArgs, preempt } from "../preemption.ts";

export function defaultPreemption(args: PreemptionArgs): Plugin {
  return {
    name: "DefaultPreemption",
    preEnqueue: () => fits,
    postFilter(cycle, input) {
      const result = preempt(cycle, input, args);
      const { code, reasons } = result.verdict;
      if (reasons.length === 0) return result;
      return { ...result, verdict: { code, reasons: [`preemption: ${reasons.join(", ")}`] } };
    },
  };
}
