// The course of a packet through kube-proxy's rules: chains are called and returned from as netfilter
// does. Pure but for the draws.
import { isAddressIn } from "./addresses.ts";
import type { ProxyEndpoint } from "./proxyEndpoints.ts";
import {
  type Chains,
  externalServicesChain,
  firewallChain,
  type Match,
  masqueradeChain,
  type Rule,
  type RuleSet,
  servicesChain,
} from "./proxyRules.ts";

/** The first packet of a connection; those after it follow it without looking at the rules. */
export interface Packet {
  readonly source: string;
  /** A cluster IP, external IP, or the node's own address for a node port. */
  readonly ip: string;
  readonly port: number;
  readonly protocol: "tcp" | "udp" | "sctp";
}

export interface MatchedRule {
  readonly table: "nat" | "filter";
  readonly chain: string;
  readonly rule: Rule;
}

/** Where a packet goes, and the rules that it matched on its way, in order. */
export interface PacketCourse {
  /** "passed": no rule speaks of it. "rejected": refused at once. "dropped": nobody hears of it. */
  readonly verdict: "endpoint" | "rejected" | "dropped" | "passed";
  readonly endpoint?: ProxyEndpoint;
  /** The endpoint sees the node as the source. */
  readonly isMasqueraded: boolean;
  readonly matched: readonly MatchedRule[];
}

export interface WalkWorld {
  /** Whether an address is the node's own. */
  isLocal(ip: string): boolean;
  /** Whether the chain got a packet of this source within so many seconds. */
  wasSeen(chain: string, seconds: number): boolean;
  /** A number in [0, 1). */
  draw(): number;
}

/** In the order of netfilter's hooks: packets with an endpoint skip what stands for the Services' addresses. */
export function walkRules(rules: RuleSet, packet: Packet, world: WalkWorld): PacketCourse {
  const walk = new Walk(packet, world);
  const translated = walk.through("nat", rules.nat, servicesChain);
  if (translated?.destination)
    return walk.course({ verdict: "endpoint", endpoint: translated.destination });
  for (const chain of [firewallChain, externalServicesChain, servicesChain]) {
    const end = walk.through("filter", rules.filter, chain);
    if (end?.target === "REJECT") return walk.course({ verdict: "rejected" });
    if (end?.target === "DROP") return walk.course({ verdict: "dropped" });
  }
  return walk.course({ verdict: "passed" });
}

class Walk {
  private readonly matched: MatchedRule[] = [];
  private isMasqueraded = false;

  constructor(
    private readonly packet: Packet,
    private readonly world: WalkWorld,
  ) {}

  course(end: Pick<PacketCourse, "verdict" | "endpoint">): PacketCourse {
    return { ...end, isMasqueraded: this.isMasqueraded, matched: this.matched };
  }

  /** @returns the rule that decided; undefined if the packet comes out at the chain's end */
  through(table: "nat" | "filter", chains: Chains, chain: string): Rule | undefined {
    for (const rule of chains.get(chain) ?? []) {
      if (!this.matches(rule)) continue;
      this.matched.push({ table, chain, rule });
      const { target } = rule;
      if (target === masqueradeChain) this.isMasqueraded = true;
      else if (endings.has(target)) return rule;
      else if (target !== "") {
        const end = this.through(table, chains, target);
        if (end) return end;
      }
    }
    return undefined;
  }

  private matches({ match, probability, target }: Rule): boolean {
    if (!this.fits(match)) return false;
    if (match.seenWithin !== undefined && !this.world.wasSeen(target, match.seenWithin))
      return false;
    return probability === undefined || this.world.draw() < probability;
  }

  private fits(match: Match): boolean {
    const { source, ip, port, protocol } = this.packet;
    const { isLocal } = this.world;
    return (
      (match.toPort ?? port) === port &&
      (match.toIp ?? ip) === ip &&
      (match.protocol ?? protocol) === protocol &&
      (match.fromIp ?? source) === source &&
      (!match.toLocal || isLocal(ip)) &&
      (!match.fromLocal || isLocal(source)) &&
      (match.from === undefined || isAddressIn(match.from, source)) &&
      (match.notFrom === undefined || !isAddressIn(match.notFrom, source))
    );
  }
}

const endings = new Set(["DNAT", "REJECT", "DROP", "ACCEPT"]);
