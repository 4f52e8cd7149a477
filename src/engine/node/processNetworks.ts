// Networks for processes: those of a Pod's containers, and the kubelet's own.
import type { Pod } from "../../api/types.ts";
import type { NetworkFiles, ProcessNetwork } from "../network/processNetwork.ts";
import { resolvConf } from "./managedFiles.ts";
import type { NodeServices } from "./nodeServices.ts";

type NetworkOwner = Pick<NodeServices, "cluster" | "dns">;

/** @param files the container's own; those that the kubelet would write if absent */
export function openPodNetwork(
  { cluster, dns }: NetworkOwner,
  pod: Pod,
  files: NetworkFiles = { resolvConf: () => resolvConf(pod, dns), hosts: () => "" },
): ProcessNetwork {
  const { hostNetwork = false } = pod.spec;
  const { uid } = pod.metadata;
  return cluster.forProcesses({
    ...(hostNetwork || uid === undefined ? {} : { podUid: uid }),
    files,
  });
}

/** The network of the machine itself, as its kubelet uses it. */
export function openNodeNetwork({ cluster, dns }: NetworkOwner): ProcessNetwork {
  const servers = dns.hostDns.map((server) => `nameserver ${server}\n`).join("");
  return cluster.forProcesses({ files: { resolvConf: () => servers, hosts: () => "" } });
}
