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

/** What resolv.conf makes of a name that is not absolute, in the order in which it is tried. */
export function searchedNames(tool: Tool, name: string): readonly string[] {
  if (name.endsWith(".") || !tool.files.exists("/etc/resolv.conf")) return [name];
  const { search, options } = parseResolvConf(tool.files.readText("/etc/resolv.conf"));
  const ndots = Number(options.ndots ?? 1);
  const dots = name.split(".").length - 1;
  return dots >= ndots ? [name] : search.map((domain) => `${name}.${domain}`);
}
