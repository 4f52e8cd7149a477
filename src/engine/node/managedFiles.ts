// Files that the kubelet writes for each Pod: /etc/hosts, /etc/hostname, /etc/resolv.conf.
// Source: pkg/kubelet/kubelet_pods.go managedHostsFileContent, pkg/kubelet/network/dns/dns.go, 1.34.
import type { Pod } from "../../api/types.ts";

/** The cluster's own, as kubeadm sets them. */
export interface DnsSettings {
  readonly clusterDns: string;
  readonly clusterDomain: string;
  /** What the machine itself asks. */
  readonly hostDns: readonly string[];
}

const nameLength = 63;

export function hostnameOf({ metadata, spec }: Pod, nodeName: string): string {
  if (spec.hostNetwork) return nodeName;
  return (spec.hostname || metadata.name).slice(0, nameLength).replace(/[-.]+$/, "");
}

const localHosts = [
  "127.0.0.1\tlocalhost",
  "::1\tlocalhost ip6-localhost ip6-loopback",
  "fe00::\tip6-localnet",
  "fe00::\tip6-mcastprefix",
  "fe00::1\tip6-allnodes",
  "fe00::2\tip6-allrouters",
];

export function hostsFile(
  pod: Pod,
  {
    ip,
    nodeName,
    dns,
  }: { readonly ip: string; readonly nodeName: string; readonly dns: DnsSettings },
): string {
  const { hostNetwork, hostname, subdomain, hostAliases = [] } = pod.spec;
  const head = hostNetwork
    ? ["# Kubernetes-managed hosts file (host network).", ...localHosts, `${ip}\t${nodeName}`]
    : ["# Kubernetes-managed hosts file.", ...localHosts];
  const name = hostnameOf(pod, nodeName);
  const domain = `${subdomain}.${pod.metadata.namespace}.svc.${dns.clusterDomain}`;
  const own = hostname && subdomain ? `${ip}\t${name}.${domain}\t${name}` : `${ip}\t${name}`;
  const aliases = hostAliases.map(({ ip: address, hostnames = [] }) =>
    [address, ...hostnames].join("\t"),
  );
  const lines = [
    ...head,
    ...(hostNetwork ? [] : [own]),
    ...(aliases.length > 0 ? ["", "# Entries added by HostAliases.", ...aliases] : []),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

export function resolvConf({ metadata, spec }: Pod, dns: DnsSettings): string {
  const { dnsPolicy = "ClusterFirst", dnsConfig, hostNetwork } = spec;
  const isCluster =
    dnsPolicy === "ClusterFirstWithHostNet" || (dnsPolicy === "ClusterFirst" && !hostNetwork);
  const { clusterDomain } = dns;
  const zone = `svc.${clusterDomain}`;
  const given = isCluster
    ? {
        servers: [dns.clusterDns],
        searches: [`${metadata.namespace}.${zone}`, zone, clusterDomain],
        options: ["ndots:5"],
      }
    : { servers: dnsPolicy === "None" ? [] : dns.hostDns, searches: [], options: [] };
  const servers = unique([...given.servers, ...(dnsConfig?.nameservers ?? [])]);
  const searches = unique([...given.searches, ...(dnsConfig?.searches ?? [])]);
  const options = mergedOptions(given.options, dnsConfig?.options ?? []);
  const lines = [
    ...(searches.length > 0 ? [`search ${searches.join(" ")}`] : []),
    ...servers.map((server) => `nameserver ${server}`),
    ...(options.length > 0 ? [`options ${options.join(" ")}`] : []),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** The Pod's own take the place of those of the same name. */
function mergedOptions(
  given: readonly string[],
  own: readonly { readonly name?: string; readonly value?: string }[],
): readonly string[] {
  const merged = new Map(given.map((option) => [option.split(":")[0] ?? "", option]));
  for (const { name = "", value } of own)
    merged.set(name, value === undefined || value === "" ? name : `${name}:${value}`);
  return [...merged.values()];
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
