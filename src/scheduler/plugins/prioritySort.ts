// The order of the queue: higher priority first, then who came first.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/queuesort/priority_sort.go
import type { Plugin } from "../framework.ts";

export const prioritySort: Plugin = {
  name: "PrioritySort",
  compare: (a, b) => b.pod.priority - a.pod.priority || a.queuedAt - b.queuedAt,
};
