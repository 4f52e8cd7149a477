// What libc reads in /etc/resolv.conf and /etc/hosts. Pure. Source: resolv.conf(5), hosts(5).
import type { Pod } from "../../../api/types.ts";
import { gatewayAddress } from "../podNetwork.ts";

export interface ResolverSettings {
  readonly servers: readonly string[];
  readonly search: readonly string[];
  readonly options: Readonly<Record<string, string>>;
}

/** glibc: MAXNS. */
const mostServers = 3;

/** What libc makes of the text; the last `search` or `domain` counts. */
export function parseResolvConf(text: string): ResolverSettings {
  const servers: string[] = [];
  let search: readonly string[] = [];
  const options: Record<string, string> = {};
  for (const line of text.split("\n")) {
    const [keyword, ...words] = line
      .replace(/[#;].*$/, "")
      .trim()
      .split(/\s+/);
    const [first = ""] = words;
    if (keyword === "nameserver" && first !== "") servers.push(first);
    else if (keyword === "search" || keyword === "domain") search = words;
    else if (keyword === "options")
      for (const word of words) {
        const [name = "", value = ""] = word.split(":");
        options[name] = value;
      }
  }
  return { servers: servers.slice(0, mostServers), search, options };
}

/** The IPv4 addresses that a hosts file gives a name. */
export function hostsAddresses(text: string, name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return text.split("\n").flatMap((line) => {
    const [address = "", ...names] = line.replace(/#.*$/, "").trim().split(/\s+/);
    return !address.includes(":") && names.some((each) => each.toLowerCase() === wanted)
      ? [address]
      : [];
  });
}

/** What a Pod's /etc/resolv.conf says by its dnsPolicy. */
export function podResolvConf({ metadata, spec }: Pod): string {
  const { dnsPolicy = "ClusterFirst", hostNetwork } = spec;
  const isCluster =
    dnsPolicy === "ClusterFirstWithHostNet" || (dnsPolicy === "ClusterFirst" && !hostNetwork);
  if (!isCluster) return `nameserver ${gatewayAddress}\n`;
  const zone = "svc.cluster.local";
  return `search ${metadata.namespace}.${zone} ${zone} cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n`;
}
