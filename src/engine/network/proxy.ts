// kube-proxy of one node: turns Services and their endpoints into rules, and sends packets by them.
import type { EndpointSlice, Service } from "../../api/types.ts";
import { DisposableStore } from "../../base/disposable.ts";
import type { Random } from "../../base/random.ts";
import { type Instant, second } from "../../base/time.ts";
import type { Clock } from "../clock.ts";
import type { Lister } from "../localInformer.ts";
import type { ProxyEndpoint, ProxyNode } from "./proxyEndpoints.ts";
import { affinitySeconds, type Rule, type RuleSet, rulesFor } from "./proxyRules.ts";

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

/** Where a connection goes. */
export type Route =
  | {
      readonly type: "endpoint";
      readonly endpoint: ProxyEndpoint;
      readonly chains: readonly string[];
    }
  /** The Service has no endpoint to offer: the connection is refused. */
  | { readonly type: "rejected" }
  /** No rule speaks of this address. */
  | { readonly type: "unknown" };

export interface Connection {
  /** A cluster IP, external IP, or the node's own address for a node port. */
  readonly ip: string;
  readonly port: number;
  readonly protocol?: "tcp" | "udp" | "sctp";
  readonly client: string;
}

export interface ProxyWorld {
  readonly clock: Clock;
  readonly random: Random;
  readonly watch: ServiceWatch;
  readonly node: ProxyNode;
  readonly nodeAddress: string;
}

const noRules: RuleSet = { chains: new Map(), services: 0, endpoints: 0 };

/** Rules are worked out when someone looks: thousands of proxies cost nothing until then. */
export class KubeProxy {
  private cached: { readonly version: number; readonly rules: RuleSet } | undefined;
  private isRunning = false;
  /** When a client was last sent to an endpoint's chain. */
  private readonly recent = new Map<string, Instant>();
  private readonly random: Random;

  constructor(private readonly world: ProxyWorld) {
    this.random = world.random.fork(`kube-proxy ${world.node.name}`);
  }

  start(): void {
    this.isRunning = true;
  }

  /** The rules stay in the kernel as they are. */
  stop(): void {
    this.rules();
    this.isRunning = false;
  }

  rules(): RuleSet {
    if (!this.isRunning) return this.cached?.rules ?? noRules;
    const { services, slices, version } = this.world.watch;
    if (this.cached?.version !== version)
      this.cached = { version, rules: rulesFor(services.list(), slices.list(), this.world.node) };
    return this.cached.rules;
  }

  /** Sends one connection through the rules, as the kernel would. */
  pick(connection: Connection): Route {
    const chains: string[] = [];
    let chain = "KUBE-SERVICES";
    for (;;) {
      const rule = this.firstMatch(chain, connection);
      if (!rule) return { type: "unknown" };
      if (rule.target === "REJECT") return { type: "rejected" };
      if (rule.destination) {
        this.remember(chain, connection);
        return { type: "endpoint", endpoint: rule.destination, chains: [...chains, chain] };
      }
      chains.push(chain);
      chain = rule.target;
    }
  }

  private firstMatch(chain: string, connection: Connection): Rule | undefined {
    return this.rules()
      .chains.get(chain)
      ?.find((rule) => rule.target !== "KUBE-MARK-MASQ" && this.matches(rule, connection));
  }

  private matches({ match, probability, target }: Rule, connection: Connection): boolean {
    const { ip, port, protocol = "tcp", client } = connection;
    const fits =
      (match.toIp ?? ip) === ip &&
      (match.toPort ?? port) === port &&
      (match.protocol ?? protocol) === protocol &&
      (!match.toLocal || ip === this.world.nodeAddress);
    if (!fits) return false;
    if (match.seenWithin !== undefined && !this.isRecent(target, client, match.seenWithin))
      return false;
    return probability === undefined || this.random.fraction() < probability;
  }

  private isRecent(chain: string, client: string, seconds: number): boolean {
    const last = this.recent.get(`${chain} ${client}`);
    return last !== undefined && this.world.clock.now() - last <= seconds * second;
  }

  private remember(chain: string, { client }: Connection): void {
    const isSticky = this.rules()
      .chains.get(chain)
      ?.some(({ match }) => match.remembers);
    if (!isSticky) return;
    if (this.recent.size > 10_000) this.forgetOld();
    this.recent.set(`${chain} ${client}`, this.world.clock.now());
  }

  private forgetOld(): void {
    const oldest = this.world.clock.now() - affinitySeconds * second;
    for (const [key, at] of this.recent) if (at < oldest) this.recent.delete(key);
  }
}
