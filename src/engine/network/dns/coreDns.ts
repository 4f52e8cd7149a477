// CoreDNS: answers questions by the plugins of its Corefile, in the order in which it was built with them.
// Source: coredns v1.12.1, plugin/{kubernetes,hosts,rewrite,forward}.
import type { Steps } from "../../node/steps.ts";
import type { SocketAddress } from "../containerNetwork.ts";
import {
  type ClusterNames,
  clusterAnswer,
  reverseAnswer,
  soaRecord,
  type ZoneAnswer,
  type ZoneSettings,
} from "./clusterZone.ts";
import { absolute, type PluginLine, type ServerBlock } from "./corefile.ts";
import type { DnsMessage } from "./dnsMessage.ts";
import type { DnsAnswer, DnsRecord, DnsStatus, DnsType } from "./dnsRecord.ts";
import { hostsAddresses, parseResolvConf } from "./resolvConf.ts";

export interface CoreDnsWorld {
  readonly names: ClusterNames;
  /** In the zone's SOA: when the server has started, in seconds. */
  readonly serial: number;
  /** A file of the server's container; undefined if there is none. */
  readFile(path: string): string | undefined;
  /** Asks another server. */
  ask(question: { name: string; type: DnsType }, server: SocketAddress): Steps<DnsAnswer>;
  /** A number in [0, bound): answers are dealt out in turns. */
  below(bound: number): number;
}

export interface Reply {
  readonly status: DnsStatus;
  readonly records: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
  readonly isAuthoritative: boolean;
}

interface Asked {
  readonly name: string;
  readonly type: DnsType;
}

const refused: Reply = { status: "REFUSED", records: [], authority: [], isAuthoritative: false };
const failed: Reply = { ...refused, status: "SERVFAIL" };

/** The answer to one query. @param port where it arrived */
export function* coreDnsReply(
  query: DnsMessage,
  { blocks, port, world }: { blocks: readonly ServerBlock[]; port: number; world: CoreDnsWorld },
): Steps<DnsMessage> {
  const { name, type } = query.question;
  const reply = yield* new CoreDns(blocks, port, world).reply({ name: absolute(name), type });
  return { ...query, ...reply, isAnswer: true, isRecursionAvailable: true };
}

class CoreDns {
  constructor(
    private readonly blocks: readonly ServerBlock[],
    private readonly port: number,
    private readonly world: CoreDnsWorld,
  ) {}

  /** By the block whose zone is the longest that the name lies in. */
  *reply(asked: Asked): Steps<Reply> {
    const [best] = this.blocks
      .flatMap((block) => block.zones.map((zone) => ({ block, zone })))
      .filter(({ zone }) => zone.port === this.port && isWithin(asked.name, zone.name))
      .sort((a, b) => b.zone.name.length - a.zone.name.length);
    return best ? yield* this.byPlugins(asked, best.block) : refused;
  }

  private *byPlugins(asked: Asked, { plugins }: ServerBlock): Steps<Reply> {
    const rewritten = plugins.filter(({ name }) => name === "rewrite").reduce(rewrite, asked);
    for (const plugin of plugins.filter(({ name }) => name === "hosts")) {
      const reply = this.byHosts(rewritten, plugin);
      if (reply) return asAsked(reply, rewritten, asked);
    }
    for (const plugin of plugins.filter(({ name }) => name === "kubernetes")) {
      const reply = yield* this.byCluster(rewritten, plugin);
      if (reply) return asAsked(reply, rewritten, asked);
    }
    for (const plugin of plugins.filter(({ name }) => name === "forward")) {
      const reply = yield* this.byUpstream(rewritten, plugin);
      if (reply) return asAsked(reply, rewritten, asked);
    }
    return plugins.length > 0 ? failed : refused;
  }

  private byHosts({ name, type }: Asked, { words, options }: PluginLine): Reply | undefined {
    const [path = "/etc/hosts"] = words;
    const inline = options.filter(([first = ""]) => /^[\d.]+$|:/.test(first));
    const text = [this.world.readFile(path) ?? "", ...inline.map((line) => line.join(" "))];
    const found = hostsAddresses(text.join("\n"), name.slice(0, -1));
    if (found.length === 0)
      return options.some(([first]) => first === "fallthrough")
        ? undefined
        : { ...refused, status: "NXDOMAIN", isAuthoritative: true };
    const ttl = Number(options.find(([first]) => first === "ttl")?.[1] ?? 3_600);
    const records = found.map((data) => ({ name, type: "A" as const, ttlSeconds: ttl, data }));
    return {
      ...refused,
      status: "NOERROR",
      records: type === "A" ? records : [],
      isAuthoritative: true,
    };
  }

  private *byCluster(asked: Asked, plugin: PluginLine): Steps<Reply | undefined> {
    const zones = plugin.words.map(absolute);
    const zone = zones.find((each) => isWithin(asked.name.toLowerCase(), each.toLowerCase()));
    if (zone === undefined) return undefined;
    const [main = "cluster.local."] = zones.filter((each) => !each.endsWith(".arpa."));
    const settings = settingsOf(plugin, main);
    const fallsThrough = plugin.options.some(
      ([first, ...only]) =>
        first === "fallthrough" &&
        (only.length === 0 || only.some((each) => isWithin(asked.name, absolute(each)))),
    );
    const { serial } = this.world;
    const negative = {
      isAuthoritative: true,
      records: [],
      authority: [soaRecord(settings, serial)],
    };
    if (zone.endsWith(".arpa.")) {
      const records = reverseAnswer(asked.name, settings, this.world.names);
      if (records.length > 0)
        return { status: "NOERROR", records, authority: [], isAuthoritative: true };
      return fallsThrough ? undefined : { ...negative, status: "NXDOMAIN" };
    }
    if (asked.name.toLowerCase() === zone && asked.type === "SOA")
      return { ...negative, status: "NOERROR", records: negative.authority, authority: [] };
    const found = clusterAnswer(asked, { ...settings, zone }, this.world.names);
    if (!found.exists) return fallsThrough ? undefined : { ...negative, status: "NXDOMAIN" };
    if (found.records.length === 0) return { ...negative, status: "NOERROR" };
    const beyond = yield* this.beyondAlias(asked, found);
    const records = [...this.turned(found.records), ...beyond];
    return { status: "NOERROR", records, authority: [], isAuthoritative: true };
  }

  /** The addresses behind a CNAME, from whoever knows that name. */
  private *beyondAlias({ type }: Asked, { alias }: ZoneAnswer): Steps<readonly DnsRecord[]> {
    if (alias === undefined || (type !== "A" && type !== "AAAA")) return [];
    return (yield* this.reply({ name: alias, type })).records;
  }

  private *byUpstream(asked: Asked, { words }: PluginLine): Steps<Reply | undefined> {
    const [from = ".", ...to] = words;
    if (!isWithin(asked.name, absolute(from))) return undefined;
    const servers = to.flatMap((target) =>
      target.startsWith("/")
        ? parseResolvConf(this.world.readFile(target) ?? "").servers
        : [target.replace(/^dns:\/\//, "")],
    );
    for (const server of servers) {
      const [address = "", port = "53"] = server.split(":");
      const answer = yield* this.world.ask(asked, { address, port: Number(port) });
      const { status, records, authority } = answer;
      if (status !== "TIMEOUT" && status !== "UNREACHABLE")
        return { status, records, authority, isAuthoritative: false };
    }
    return failed;
  }

  /** The plugin loadbalance: who comes first changes from answer to answer. */
  private turned(records: readonly DnsRecord[]): readonly DnsRecord[] {
    const start = records.length > 1 ? this.world.below(records.length) : 0;
    return [...records.slice(start), ...records.slice(0, start)];
  }
}

function settingsOf({ options }: PluginLine, zone: string): ZoneSettings {
  const option = (name: string): string | undefined =>
    options.find(([first]) => first === name)?.[1];
  const pods = option("pods");
  return {
    zone,
    ttlSeconds: Number(option("ttl") ?? 5),
    pods: pods === "insecure" || pods === "verified" ? pods : "disabled",
  };
}

/** "name exact from to", "name suffix from to", "name from to": other forms change nothing. */
function rewrite(asked: Asked, { words }: PluginLine): Asked {
  const rest = words.filter((word) => word !== "stop" && word !== "continue");
  if (rest[0] !== "name") return asked;
  const [first = "", ...others] = rest.slice(1);
  const isTyped = ["exact", "suffix", "prefix"].includes(first);
  const [from = "", to = ""] = isTyped ? others : [first, ...others];
  const { name } = asked;
  if (first === "suffix" && name.endsWith(absolute(from)))
    return { ...asked, name: name.slice(0, -absolute(from).length) + absolute(to) };
  if (first === "prefix" && name.startsWith(from))
    return { ...asked, name: to + name.slice(from.length) };
  return name === absolute(from) ? { ...asked, name: absolute(to) } : asked;
}

/** Who asked for a name that was rewritten sees the one that it asked for. */
function asAsked(reply: Reply, rewritten: Asked, asked: Asked): Reply {
  if (rewritten.name === asked.name) return reply;
  return {
    ...reply,
    records: reply.records.map((record) =>
      record.name === rewritten.name ? { ...record, name: asked.name } : record,
    ),
  };
}

function isWithin(name: string, zone: string): boolean {
  return zone === "." || name === zone || name.endsWith(`.${zone}`);
}
