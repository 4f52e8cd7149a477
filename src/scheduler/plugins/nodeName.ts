// Filters out nodes whose name differs from the one that the Pod asks for (spec.nodeName).
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/nodename/node_name.go
import { fits, type Plugin, rejected } from "../framework.ts";

const differs = rejected.forGood("node(s) didn't match the requested node name");

export const nodeName: Plugin = {
  name: "NodeName",
  retryOn: ["Node/Add"],
  concerns: ({ pod }) => Boolean(pod.pod.spec.nodeName),
  filter: ({ pod }, node) => {
    const wanted = pod.pod.spec.nodeName;
    return !wanted || wanted === node.name ? fits : differs;
  },
};
