// agnhost dns-suffix, dns-server-list and etc-hosts. Source: test/images/agnhost/dns.
import type { Executable } from "../../process/process.ts";

/** The words of a setting of /etc/resolv.conf, joined by commas. */
function showsSetting(name: string): Executable {
  return function* ({ files, stdout }) {
    const lines = files.readText("/etc/resolv.conf").split("\n");
    const words = lines
      .map((line) => line.split(/\s+/))
      .filter(([first]) => first === name)
      .flatMap(([, ...rest]) => rest);
    stdout.write(`${words.join(",")}\n`);
    return 0;
  };
}

export const dnsSuffix = showsSetting("search");
export const dnsServerList = showsSetting("nameserver");

// biome-ignore lint/correctness/useYield: it takes no time
export const etcHosts: Executable = function* ({ files, stdout }) {
  stdout.write(files.readText("/etc/hosts"));
  return 0;
};
