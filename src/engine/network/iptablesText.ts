// kube-proxy's rules as `iptables-save -c` prints them.
// Source: pkg/proxy/iptables/proxier.go, kubernetes v1.34; iptables-save(8).
import type { Chains, Rule, RuleSet } from "./proxyRules.ts";

/** "-A KUBE-SVC-… -m comment --comment "…" -j …": one rule. */
export function ruleText(chain: string, rule: Rule): string {
  const { comment, probability, target, destination } = rule;
  const parts = [`-A ${chain}`, ...addressTexts(rule)];
  if (comment !== "") parts.push(`-m comment --comment ${quoted(comment)}`);
  parts.push(...matchTexts(chain, rule));
  if (probability !== undefined)
    parts.push(`-m statistic --mode random --probability ${kernelShare(probability)}`);
  if (target !== "") parts.push(`-j ${target}`);
  if (target === "REJECT") parts.push("--reject-with icmp-port-unreachable");
  if (destination) parts.push(`--to-destination ${destination.ip}:${destination.port}`);
  return parts.join(" ");
}

/**
 * The tables "filter" and "nat" as far as they are kube-proxy's.
 * @param hits how many packets each rule matched
 */
export function iptablesText(rules: RuleSet, hits: (rule: Rule) => number): string {
  return [
    ...tableText("filter", filterFrame, rules.filter, hits),
    ...tableText("nat", natFrame, rules.nat, hits),
    "",
  ].join("\n");
}

interface Frame {
  /** Built-in chains, with what kube-proxy hooks into them. */
  readonly builtIn: Readonly<Record<string, readonly string[]>>;
  /** Chains that are always the same. */
  readonly fixed: Readonly<Record<string, readonly string[]>>;
}

const masqueradeMark = "0x4000/0x4000";
const fresh = "-m conntrack --ctstate NEW";

const filterFrame: Frame = {
  builtIn: {
    INPUT: [
      `${fresh} -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL`,
      '-m comment --comment "kubernetes health check service ports" -j KUBE-NODEPORTS',
      `${fresh} -m comment --comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES`,
    ],
    FORWARD: [
      `${fresh} -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL`,
      '-m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD',
      `${fresh} -m comment --comment "kubernetes service portals" -j KUBE-SERVICES`,
      `${fresh} -m comment --comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES`,
    ],
    OUTPUT: [
      `${fresh} -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL`,
      `${fresh} -m comment --comment "kubernetes service portals" -j KUBE-SERVICES`,
    ],
  },
  fixed: {
    "KUBE-FORWARD": [
      "-m conntrack --ctstate INVALID -j DROP",
      `-m comment --comment "kubernetes forwarding rules" -m mark --mark ${masqueradeMark} -j ACCEPT`,
      '-m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    ],
  },
};

const natFrame: Frame = {
  builtIn: {
    PREROUTING: ['-m comment --comment "kubernetes service portals" -j KUBE-SERVICES'],
    INPUT: [],
    OUTPUT: ['-m comment --comment "kubernetes service portals" -j KUBE-SERVICES'],
    POSTROUTING: ['-m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING'],
  },
  fixed: {
    "KUBE-MARK-MASQ": ["-j MARK --set-xmark 0x4000/0x4000"],
    "KUBE-POSTROUTING": [
      `-m mark ! --mark ${masqueradeMark} -j RETURN`,
      "-j MARK --set-xmark 0x4000/0x0",
      '-m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
    ],
  },
};

function tableText(
  name: string,
  { builtIn, fixed }: Frame,
  chains: Chains,
  hits: (rule: Rule) => number,
): string[] {
  const fixedRules = [...Object.entries(builtIn), ...Object.entries(fixed)];
  const own = [...chains.keys(), ...Object.keys(fixed)].sort();
  return [
    `*${name}`,
    ...Object.keys(builtIn).map((chain) => `:${chain} ACCEPT [0:0]`),
    ...own.map((chain) => `:${chain} - [0:0]`),
    ...fixedRules.flatMap(([chain, rules]) =>
      rules.map((rule) => `${counters(0)} -A ${chain} ${rule}`),
    ),
    ...[...chains].flatMap(([chain, rules]) =>
      rules.map((rule) => `${counters(hits(rule))} ${ruleText(chain, rule)}`),
    ),
    "COMMIT",
  ];
}

/** A connection's first packet is the one that matches: 60 bytes over TCP. */
function counters(packets: number): string {
  return `[${packets}:${packets * 60}]`;
}

function addressTexts({ match }: Rule): readonly string[] {
  const { protocol, toIp, fromIp, from, notFrom } = match;
  const parts: string[] = [];
  if (notFrom !== undefined) parts.push(`! -s ${notFrom}`);
  if (from !== undefined) parts.push(`-s ${from}`);
  if (fromIp !== undefined) parts.push(`-s ${fromIp}/32`);
  if (toIp !== undefined) parts.push(`-d ${toIp}/32`);
  if (protocol !== undefined) parts.push(`-p ${protocol}`);
  return parts;
}

/** The kernel keeps shares as parts of 2^31. */
function kernelShare(probability: number): string {
  return (Math.round(probability * 2 ** 31) / 2 ** 31).toFixed(11);
}

function matchTexts(chain: string, { match, target }: Rule): readonly string[] {
  const { protocol, toPort, toLocal, fromLocal, seenWithin, remembers } = match;
  const recent = "--mask 255.255.255.255 --rsource";
  const parts: string[] = [];
  if (toLocal) parts.push("-m addrtype --dst-type LOCAL");
  if (fromLocal) parts.push("-m addrtype --src-type LOCAL");
  if (seenWithin !== undefined)
    parts.push(`-m recent --rcheck --seconds ${seenWithin} --reap --name ${target} ${recent}`);
  if (remembers) parts.push(`-m recent --set --name ${chain} ${recent}`);
  if (protocol !== undefined && (toPort !== undefined || target === "DNAT"))
    parts.push(`-m ${protocol}`);
  if (toPort !== undefined) parts.push(`--dport ${toPort}`);
  return parts;
}

function quoted(comment: string): string {
  return comment.includes(" ") ? `"${comment}"` : comment;
}
