// Names and addresses as tools of the DNS write them.
import { parseResolvConf } from "../../../../network/dns/resolvConf.ts";
import type { Tool } from "../tool.ts";

export function isAddress(text: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text);
}

/** "1.0.96.10.in-addr.arpa." for "10.96.0.1" */
export function reverseName(address: string): string {
  return `${address.split(".").reverse().join(".")}.in-addr.arpa.`;
}

export function withoutDot(name: string): string {
  return name.replace(/(?<=.)\.$/, "");
}

/** busybox searches names without a dot only, whatever ndots says. Source: add_query_with_search. */
export function searchedNames(tool: Tool, name: string): readonly string[] {
  if (name.includes(".") || !tool.files.exists("/etc/resolv.conf")) return [name];
  const { search } = parseResolvConf(tool.files.readText("/etc/resolv.conf"));
  return search.length === 0 ? [name] : search.map((domain) => `${name}.${domain}`);
}
