// Binds the Pod by its binding subresource.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/defaultbinder/default_binder.go
import type { Plugin } from "../framework.ts";

export const defaultBinder: Plugin = {
  name: "DefaultBinder",
  bind: (_cycle, { name }) => [{ type: "bindPod", node: name }],
};
