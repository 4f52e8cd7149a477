// kube-proxy of one node: turns Services and their endpoints into rules, and sends packets by them.
import type { EndpointSlice, Service } from "../../api/types.ts";
import { DisposableStore } from "../../base/disposable.ts";
import type { Random } from "../../base/random.ts";
import { type Instant, second } from "../../base/time.ts";
import type { Clock } from "../clock.ts";
import { ComponentLog } from "../componentLog.ts";
import type { Lister } from "../localInformer.ts";
import { iptablesText, ruleText } from "./iptablesText.ts";
import { nftablesText } from "./nftablesText.ts";
import { type Packet, type PacketCourse, walkRules } from "./packetWalk.ts";
import type { ProxyNode } from "./proxyEndpoints.ts";
import {
  chainName,
  masqueradeChain,
  noRules,
  type Rule,
  type RuleSet,
  rulesFor,
} from "./proxyRules.ts";
import { defaultAffinitySeconds, portNameOf } from "./serviceTraffic.ts";

/** The Services and EndpointSlices that all proxies watch; counts the changes so that each can lag. */
export class ServiceWatch extends DisposableStore {
  version = 0;

  constructor(
    readonly services: Lister<Service>,
    readonly slices: Lister<EndpointSlice>,
  ) {
    super();
    this.add(services.onChange(() => this.version++));
    this.add(slices.onChange(() => this.version++));
  }
}

export interface ProxyWorld {
  readonly clock: Clock;
  readonly random: Random;
  readonly watch: ServiceWatch;
  readonly node: ProxyNode;
  readonly nodeAddress: string;
}

/** What kube-proxy lists and watches. */
const watched = [
  ["Service", "/api/v1/services"],
  ["EndpointSlice", "/apis/discovery.k8s.io/v1/endpointslices"],
] as const;

/** Rules are worked out when someone looks: thousands of proxies cost nothing until then. */
export class KubeProxy {
  private hasStarted = false;
  private cached: { readonly version: number; readonly rules: RuleSet } | undefined;
  private isConnected = true;
  /** What its process has written. */
  readonly log: ComponentLog;
  /** When a client was last sent to an endpoint's chain. */
  private readonly recent = new Map<string, Instant>();
  /** Packets that matched a rule so far. */
  private hits = new Map<Rule, number>();
  private readonly random: Random;

  constructor(private readonly world: ProxyWorld) {
    this.log = new ComponentLog(world.clock);
    this.random = world.random.fork(`kube-proxy ${world.node.name}`);
  }

  get isRunning(): boolean {
    return this.hasStarted;
  }

  /** @param refusal why kube-apiserver cannot be reached; undefined if it can */
  start(refusal?: (path: string) => string): void {
    this.hasStarted = true;
    this.log.klog("I", "server_linux.go:53", '"Using iptables proxy"');
    if (!refusal) return;
    const node = JSON.stringify(refusal(`/api/v1/nodes/${this.world.node.name}`));
    this.log.klog("E", "server.go:126", `"Failed to retrieve node info" err=${node}`);
    for (const [type, path] of watched) {
      const why = `failed to list *v1.${type}: ${refusal(`${path}?limit=500&resourceVersion=0`)}`;
      const place = 'reflector="k8s.io/client-go/informers/factory.go:160"';
      this.log.klog(
        "E",
        "reflector.go:200",
        `"Failed to watch" err=${JSON.stringify(why)} logger="UnhandledError" ${place} type="*v1.${type}"`,
      );
    }
  }

  /** The rules stay in the kernel as they are. */
  stop(): void {
    this.rules();
    this.hasStarted = false;
  }

  /** While it hears nothing of Services it leaves the rules as they are. */
  setConnected(isConnected: boolean): void {
    this.rules();
    this.isConnected = isConnected;
  }

  /** The machine has booted: its kernel has no rules until the proxy writes them. */
  forgetRules(): void {
    this.cached = undefined;
    this.recent.clear();
    this.hits.clear();
  }

  rules(): RuleSet {
    if (!this.hasStarted || !this.isConnected) return this.cached?.rules ?? noRules;
    const { services, slices, version } = this.world.watch;
    if (this.cached?.version !== version) {
      const node = { ...this.world.node, address: this.world.nodeAddress };
      const rules = rulesFor(services.list(), slices.list(), node);
      if (this.hits.size > 0) this.keepHits(rules);
      this.cached = { version, rules };
    }
    return this.cached.rules;
  }

  /** As `iptables-save -c` prints them. */
  iptablesText(): string {
    return iptablesText(this.rules(), (rule) => this.hitsOf(rule));
  }

  /** As `nft list table ip kube-proxy` would print them, were that the proxy's mode. */
  nftablesText(): string {
    const { watch, node, nodeAddress: address } = this.world;
    const { services, slices } = watch;
    return nftablesText(services.list(), slices.list(), { ...node, address });
  }

  hitsOf(rule: Rule): number {
    return this.hits.get(rule) ?? 0;
  }

  /** Sends one connection's first packet through the rules, as the kernel would. */
  send(packet: Packet): PacketCourse {
    const course = this.wouldSend(packet, this.random);
    for (const { rule } of course.matched) this.hits.set(rule, this.hitsOf(rule) + 1);
    for (const { chain, rule } of course.matched)
      if (rule.match.remembers) this.remember(chain, packet.source);
    return course;
  }

  /** What would become of a packet; nothing is counted or remembered. */
  wouldSend(packet: Packet, random: Random): PacketCourse {
    return walkRules(this.rules(), packet, {
      isLocal: (ip) => ip === this.world.nodeAddress || ip.startsWith("127."),
      wasSeen: (chain, seconds) => this.isRecent(chain, packet.source, seconds),
      draw: () => random.fraction(),
    });
  }

  /** Endpoints of a Service on this node that take traffic: what load balancers ask for. */
  localEndpoints({ metadata, spec }: Service): number {
    const { nat } = this.rules();
    const chains = (spec.ports ?? []).map((port) =>
      chainName("KUBE-SVL", portNameOf({ metadata }, port), (port.protocol ?? "TCP").toLowerCase()),
    );
    const sizes = chains.map(
      (chain) =>
        (nat.get(chain) ?? []).filter(
          ({ target, match }) => target !== masqueradeChain && match.seenWithin === undefined,
        ).length,
    );
    return Math.max(0, ...sizes);
  }

  private isRecent(chain: string, client: string, seconds: number): boolean {
    const last = this.recent.get(`${chain} ${client}`);
    return last !== undefined && this.world.clock.now() - last <= seconds * second;
  }

  private remember(chain: string, client: string): void {
    if (this.recent.size > 10_000) this.forgetOld();
    this.recent.set(`${chain} ${client}`, this.world.clock.now());
  }

  private forgetOld(): void {
    const oldest = this.world.clock.now() - defaultAffinitySeconds * second;
    for (const [key, at] of this.recent) if (at < oldest) this.recent.delete(key);
  }

  /** A rule that is written again as it was goes on counting. */
  private keepHits(next: RuleSet): void {
    const counts = new Map<string, number>();
    if (this.cached)
      for (const [text, rule] of textsOf(this.cached.rules))
        if (this.hits.has(rule)) counts.set(text, this.hitsOf(rule));
    this.hits = new Map();
    for (const [text, rule] of textsOf(next)) {
      const count = counts.get(text);
      if (count !== undefined) this.hits.set(rule, count);
    }
  }
}

function* textsOf({ nat, filter }: RuleSet): Generator<readonly [string, Rule]> {
  for (const [table, chains] of Object.entries({ nat, filter }))
    for (const [chain, rules] of chains)
      for (const rule of rules) yield [`${table} ${ruleText(chain, rule)}`, rule];
}
