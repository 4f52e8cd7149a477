// Filters out nodes where a host port that the Pod wants is taken.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/nodeports/node_ports.go
import { fits, type Plugin, rejected, skipped } from "../framework.ts";
import { portText } from "../nodeInfo.ts";
import { type HostPort, podInfoOf } from "../podInfo.ts";

const taken = rejected("node(s) didn't have free ports for the requested pod ports");
const allAddresses = "0.0.0.0";

export const nodePorts: Plugin<readonly HostPort[]> = {
  name: "NodePorts",
  retryOn: ["AssignedPod/Delete", "Node/Add"],
  hint({ hostPorts }, { pod }) {
    if (!pod?.old) return true;
    const freed = new Set(podInfoOf(pod.old).hostPorts.map(portText));
    return hostPorts.some((port) => isTaken(freed, port));
  },
  preFilter: ({ pod }) =>
    pod.hostPorts.length === 0 ? { verdict: skipped } : { state: pod.hostPorts },
  filter: (_cycle, { usedPorts }, wanted) =>
    usedPorts.size > 0 && wanted.some((port) => isTaken(usedPorts, port)) ? taken : fits,
};

/** A port on all addresses collides with the same port on any of them, and the other way round. */
function isTaken(used: ReadonlySet<string>, port: HostPort): boolean {
  if (port.ip !== allAddresses)
    return used.has(portText(port)) || used.has(portText({ ...port, ip: allAddresses }));
  const end = portText({ ...port, ip: "" });
  for (const other of used) if (other.endsWith(end)) return true;
  return false;
}
