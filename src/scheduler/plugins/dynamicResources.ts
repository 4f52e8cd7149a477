// Dynamic resource allocation, as it behaves for Pods without claims: it has its say after a failed
// attempt, before preemption.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/dynamicresources/dynamicresources.go
import { failed, fits, type Plugin, rejected, skipped } from "../framework.ts";

const noClaims = rejected("no new claims to deallocate");
/** PreFilter had not come to this plugin, so that it finds no state of its own. */
const noState = failed("not found");

export const dynamicResources: Plugin = {
  name: "DynamicResources",
  preEnqueue: () => fits,
  preFilter: () => ({ verdict: skipped }),
  filter: () => fits,
  postFilter: (_cycle, { preFilterCompleted }) => ({
    verdict: preFilterCompleted ? noClaims : noState,
  }),
};
