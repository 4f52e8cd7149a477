// What libc reads in /etc/resolv.conf and /etc/hosts. Pure. Source: resolv.conf(5), hosts(5).

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
