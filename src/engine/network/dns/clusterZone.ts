// The names that a cluster gives to its Services and Pods: CoreDNS's plugin kubernetes. Pure over what it
// has seen of the API.
// Source: coredns v1.12.1 plugin/kubernetes/{kubernetes,handler,reverse}.go; DNS-Based Service Discovery 1.1.0.
import type { EndpointSlice, Service } from "../../../api/types.ts";
import { addressOf } from "../addresses.ts";
import type { DnsRecord, DnsType } from "./dnsRecord.ts";

/** What the server knows of the cluster. */
export interface ClusterNames {
  hasNamespace(name: string): boolean;
  service(namespace: string, name: string): Service | undefined;
  services(): readonly Service[];
  slices(namespace: string, service: string): readonly EndpointSlice[];
  allSlices(): readonly EndpointSlice[];
  /** Whether a Pod of the namespace has the address. */
  hasPod(namespace: string, ip: string): boolean;
}

export interface ZoneSettings {
  /** "cluster.local.". */
  readonly zone: string;
  readonly ttlSeconds: number;
  readonly pods: "disabled" | "insecure" | "verified";
}

/** What a zone says of a name. */
export interface ZoneAnswer {
  /** False if there is no such name: NXDOMAIN. */
  readonly exists: boolean;
  readonly records: readonly DnsRecord[];
  /** A name outside that the question goes on with, behind a CNAME. */
  readonly alias?: string;
}

const unknown: ZoneAnswer = { exists: false, records: [] };
const withoutRecords: ZoneAnswer = { exists: true, records: [] };
const version = "1.1.0";

/** @param name within the zone, with a final dot */
export function clusterAnswer(
  { name, type }: { readonly name: string; readonly type: DnsType },
  settings: ZoneSettings,
  names: ClusterNames,
): ZoneAnswer {
  const { zone } = settings;
  const labels = name
    .toLowerCase()
    .slice(0, -zone.length)
    .split(".")
    .filter((label) => label !== "");
  const question: Question = { name, type, settings, names };
  const [kind, namespace, ...below] = labels.toReversed();
  if (kind === undefined) return apex(question);
  if (kind === "dns-version" && labels.length === 1)
    return answer(question, type === "TXT" ? [version] : [], "TXT");
  if (kind === "dns" && (namespace === undefined || (namespace === "ns" && below.length === 0)))
    return nameServer(question, namespace);
  if (kind !== "svc" && kind !== "pod") return unknown;
  if (namespace === undefined) return withoutRecords;
  if (!names.hasNamespace(namespace)) return unknown;
  if (below.length === 0) return withoutRecords;
  return kind === "pod"
    ? podAnswer(question, namespace, below)
    : service(question, namespace, below);
}

/** The name of who has an address, for "10.0.96.10.in-addr.arpa."; undefined if nobody of the cluster does. */
export function reverseAnswer(
  name: string,
  { zone, ttlSeconds }: ZoneSettings,
  names: ClusterNames,
): readonly DnsRecord[] {
  const ip = reversedAddress(name);
  if (ip === undefined) return [];
  const record = (data: string): DnsRecord => ({ name, type: "PTR", ttlSeconds, data });
  const found = names.services().find(({ spec }) => spec.clusterIP === ip);
  if (found) return [record(serviceName(found, zone))];
  return names.allSlices().flatMap((slice) => {
    const owner = slice.metadata.labels?.["kubernetes.io/service-name"];
    if (owner === undefined) return [];
    return slice.endpoints.flatMap((endpoint) =>
      endpoint.addresses[0] === ip
        ? [record(`${endpointName(endpoint)}.${owner}.${slice.metadata.namespace}.svc.${zone}`)]
        : [],
    );
  });
}

/** "10.96.0.10" for "10.0.96.10.in-addr.arpa." */
export function reversedAddress(name: string): string | undefined {
  const [, digits] = /^((?:\d{1,3}\.){4})in-addr\.arpa\.$/.exec(name.toLowerCase()) ?? [];
  return digits?.split(".").filter(Boolean).reverse().join(".");
}

/** The zone's start of authority, which negative answers carry. */
export function soaRecord({ zone, ttlSeconds }: ZoneSettings, serial: number): DnsRecord {
  const data = `ns.dns.${zone} hostmaster.${zone} ${serial} 7200 1800 86400 ${ttlSeconds}`;
  return { name: zone, type: "SOA", ttlSeconds, data };
}

interface Question {
  readonly name: string;
  readonly type: DnsType;
  readonly settings: ZoneSettings;
  readonly names: ClusterNames;
}

function answer({ name, settings }: Question, data: readonly string[], type: DnsType): ZoneAnswer {
  const { ttlSeconds } = settings;
  return { exists: true, records: data.map((each) => ({ name, type, ttlSeconds, data: each })) };
}

function apex(question: Question): ZoneAnswer {
  const { zone } = question.settings;
  if (question.type === "NS") return answer(question, [`ns.dns.${zone}`], "NS");
  return withoutRecords;
}

/** "ns.dns" stands for the Service of the DNS servers. */
function nameServer(question: Question, label: string | undefined): ZoneAnswer {
  if (label === undefined) return withoutRecords;
  const own = question.names.service("kube-system", "kube-dns")?.spec.clusterIP;
  return answer(question, question.type === "A" && own ? [own] : [], "A");
}

/** "10-244-1-2.default.pod": the address says itself. */
function podAnswer(question: Question, namespace: string, below: readonly string[]): ZoneAnswer {
  const [label = ""] = below;
  const ip = label.replaceAll("-", ".");
  const { pods } = question.settings;
  if (pods === "disabled" || below.length !== 1 || addressOf(ip) === undefined) return unknown;
  if (pods === "verified" && !question.names.hasPod(namespace, ip)) return unknown;
  return answer(question, question.type === "A" ? [ip] : [], "A");
}

/** @param below labels beneath the namespace, the Service's first: [web, pod-0] or [web, _tcp, _http] */
function service(question: Question, namespace: string, below: readonly string[]): ZoneAnswer {
  const [name = "", ...rest] = below;
  const found = question.names.service(namespace, name);
  if (!found) return unknown;
  const isPort = rest.length === 2 && rest.every((label) => label.startsWith("_"));
  if (rest.length > 1 && !isPort) return unknown;
  if (found.spec.type === "ExternalName") {
    if (rest.length > 0) return unknown;
    const alias = `${(found.spec.externalName ?? "").replace(/\.$/, "")}.`;
    return { ...answer(question, [alias], "CNAME"), alias };
  }
  const targets = targetsOf(found, question.names, { zone: question.settings.zone });
  if (isPort) return ports(question, targets, { protocol: rest[0] ?? "", port: rest[1] ?? "" });
  const [hostname] = rest;
  if (hostname !== undefined)
    return addresses(
      question,
      targets.filter((target) => target.hostname === hostname),
    );
  return found.spec.clusterIP === "None" && targets.length === 0
    ? withoutOrUnknown(question, found)
    : addresses(question, targets);
}

/** A headless Service without endpoints has a name, but nobody behind it. */
function withoutOrUnknown({ names }: Question, { metadata }: Service): ZoneAnswer {
  const slices = names.slices(metadata.namespace ?? "", metadata.name ?? "");
  return slices.length > 0 ? withoutRecords : unknown;
}

/** What a name leads to: a cluster IP, or the endpoints of a headless Service. */
interface Target {
  readonly ip: string;
  /** The name of the target itself. */
  readonly name: string;
  readonly hostname: string | undefined;
  readonly ports: readonly {
    readonly name: string;
    readonly protocol: string;
    readonly port: number;
  }[];
}

function targetsOf(
  found: Service,
  names: ClusterNames,
  { zone }: Pick<ZoneSettings, "zone">,
): readonly Target[] {
  const { spec, metadata } = found;
  const name = serviceName(found, zone);
  const own = (spec.ports ?? []).map((each) => ({
    name: each.name ?? "",
    protocol: (each.protocol ?? "TCP").toLowerCase(),
    port: each.port,
  }));
  const isHeadless = spec.clusterIP === "None";
  const endpoints = names
    .slices(metadata.namespace ?? "", metadata.name ?? "")
    .flatMap((slice) => endpointTargets(slice, name));
  if (isHeadless) return endpoints;
  if (!spec.clusterIP) return [];
  return [{ ip: spec.clusterIP, name, hostname: undefined, ports: own }];
}

function endpointTargets(slice: EndpointSlice, service: string): readonly Target[] {
  if (slice.addressType !== "IPv4") return [];
  const ports = (slice.ports ?? []).flatMap(({ name = "", protocol = "TCP", port }) =>
    port === undefined ? [] : [{ name, protocol: protocol.toLowerCase(), port }],
  );
  return slice.endpoints.flatMap((endpoint) => {
    const [ip] = endpoint.addresses;
    if (ip === undefined || endpoint.conditions?.ready === false) return [];
    const hostname = endpointName(endpoint);
    return [{ ip, name: `${hostname}.${service}`, hostname, ports }];
  });
}

/** The hostname of a Pod with a subdomain, else its address with dashes. */
function endpointName({
  hostname,
  addresses,
}: {
  readonly hostname?: string;
  readonly addresses: readonly string[];
}): string {
  return hostname || (addresses[0] ?? "").replaceAll(".", "-");
}

function addresses(question: Question, targets: readonly Target[]): ZoneAnswer {
  if (targets.length === 0) return unknown;
  const { type } = question;
  if (type === "SRV") return services(question, targets, () => true);
  return answer(question, type === "A" || type === "ANY" ? targets.map(({ ip }) => ip) : [], "A");
}

function ports(
  question: Question,
  targets: readonly Target[],
  wanted: { readonly protocol: string; readonly port: string },
): ZoneAnswer {
  const fits = (port: Target["ports"][number]): boolean =>
    `_${port.protocol}` === wanted.protocol && `_${port.name}` === wanted.port;
  if (!targets.some((target) => target.ports.some(fits))) return unknown;
  if (question.type === "SRV") return services(question, targets, fits);
  return addresses(question, targets);
}

function services(
  question: Question,
  targets: readonly Target[],
  fits: (port: Target["ports"][number]) => boolean,
): ZoneAnswer {
  const found = targets.flatMap((target) =>
    target.ports.filter(fits).map(({ port }) => ({ port, name: target.name })),
  );
  const weight = Math.max(1, Math.floor(100 / Math.max(1, found.length)));
  return answer(
    question,
    found.map(({ port, name }) => `0 ${weight} ${port} ${name}`),
    "SRV",
  );
}

function serviceName({ metadata }: Service, zone: string): string {
  return `${metadata.name}.${metadata.namespace}.svc.${zone}`;
}
