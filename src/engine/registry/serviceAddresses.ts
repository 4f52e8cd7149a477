// Gives Services their cluster IPs and node ports, and refuses those that are taken.
// Source: pkg/registry/core/service/{storage,ipallocator,portallocator}, 1.34.
import { type FieldError, invalid } from "../../api/fieldError.ts";
import { FieldPath } from "../../api/fieldPath.ts";
import { needsHealthCheck } from "../../api/kinds/service/defaults.ts";
import { placeFamilies } from "../../api/kinds/service/families.ts";
import {
  agreeAddresses,
  hasNodePorts,
  keepAllocatedValues,
  nodePortsOf,
} from "../../api/kinds/service/kept.ts";
import { Service } from "../../api/kinds/service.ts";
import { ServiceCIDR } from "../../api/kinds/serviceCidr.ts";
import { type ApiError, internalError, invalidError } from "../../api/status.ts";
import type {
  ServiceCIDR as ServiceCIDRObject,
  Service as ServiceObject,
  ServiceSpec,
} from "../../api/types.ts";
import type { Draft } from "../../base/draft.ts";
import type { Random } from "../../base/random.ts";
import { addressText, isAddressIn } from "../network/addresses.ts";
import type { AdmissionPlugin } from "./admission/admission.ts";

/** kubeadm's --service-cluster-ip-range, without the network's and the last address. */
export const serviceRange = "10.96.0.0/16";
const firstAddress = (10 << 24) + (96 << 16);
const addressCount = 65_534;
/** Addresses below are left to those who ask for one by name. Source: ServiceIPStaticSubrange. */
const dynamicOffset = 256;
const firstNodePort = 30_000;
const nodePortCount = 2_768;
/** Source: ServiceNodePortStaticSubrange. */
const dynamicPortOffset = 86;

const path = FieldPath.of("spec");

export const serviceAddresses: AdmissionPlugin = {
  name: "ServiceAddresses",
  admit({ operation, kind, key, object, old, subresource }, { list, random }) {
    if (kind.resource !== "services" || operation === "DELETE" || subresource !== undefined) return;
    const service = object as Draft<ServiceObject>;
    const before = old as ServiceObject | undefined;
    const others = list(Service).filter(({ metadata }) => metadata.uid !== before?.metadata.uid);
    const name = key.name || service.metadata.generateName || "";
    const reject = (errors: readonly FieldError[]): void => {
      if (errors.length > 0) throw invalidError({ group: "", kind: "Service", name }, errors);
    };
    if (before) keepAllocatedValues(service, before);
    agreeAddresses(service, before);
    reject(placeFamilies(service, before));
    if (needsNewAddress(service.spec, before)) {
      const ranges = list(ServiceCIDR).filter(isInUse);
      reject(placeAddress(service, { others, ranges }, random));
    }
    const ports = new NodePorts(others, before, random);
    if (hasNodePorts(service.spec)) reject(ports.place(service));
    placeHealthCheck(service, before, ports);
  },
};

function needsNewAddress({ type, clusterIPs }: Draft<ServiceSpec>, old: ServiceObject | undefined) {
  if (type === "ExternalName" || clusterIPs?.[0] === "None") return false;
  return old === undefined || old.spec.type === "ExternalName";
}

/** A range that addresses may come from. */
function isInUse({ metadata, status }: ServiceCIDRObject): boolean {
  const isReady = status?.conditions?.some(
    ({ type, status: is }) => type === "Ready" && is === "True",
  );
  return !metadata.deletionTimestamp && (isReady ?? false);
}

function placeAddress(
  { spec }: Draft<ServiceObject>,
  {
    others,
    ranges,
  }: { readonly others: readonly ServiceObject[]; readonly ranges: readonly ServiceCIDRObject[] },
  random: Random,
): readonly FieldError[] {
  const taken = new Set(others.map((other) => other.spec.clusterIP));
  const [asked = "", ...rest] = spec.clusterIPs ?? [];
  if (asked !== "") {
    const cidrs = ranges.flatMap((range) => range.spec.cidrs ?? []);
    const refusal = refusalOfAddress(asked, taken, cidrs);
    if (refusal === undefined) return [];
    const detail = `failed to allocate IP ${asked}: ${refusal}`;
    return [invalid(path.child("clusterIPs"), spec.clusterIPs, detail)];
  }
  spec.clusterIP = freeAddress(taken, random);
  spec.clusterIPs = [spec.clusterIP, ...rest];
  return [];
}

function refusalOfAddress(
  address: string,
  taken: ReadonlySet<string | undefined>,
  cidrs: readonly string[],
): string | undefined {
  if (taken.has(address)) return "provided IP is already allocated";
  return isInRange(address) || cidrs.some((cidr) => isAddressIn(cidr, address))
    ? undefined
    : `the provided IP (${address}) is not in the valid range. The range of valid IPs is ${serviceRange}`;
}

/** The ports of all nodes, shared by node ports and those of health checks. */
class NodePorts {
  private readonly taken: Set<number>;
  private readonly own: ReadonlySet<number>;

  constructor(
    others: readonly ServiceObject[],
    private readonly old: ServiceObject | undefined,
    private readonly random: Random,
  ) {
    this.taken = new Set(others.flatMap(({ spec }) => allPorts(spec)));
    this.own = new Set(old ? nodePortsOf(old.spec) : []);
  }

  /** Gives ports to those that have none; returns the first that is refused. */
  place({ spec }: Draft<ServiceObject>): readonly FieldError[] {
    const gives = spec.type === "NodePort" || spec.allocateLoadBalancerNodePorts !== false;
    const mates = new Map<number, number>();
    for (const [i, port] of (spec.ports ?? []).entries()) {
      if (!port.nodePort && !gives) continue;
      const asked = port.nodePort || (this.old ? 0 : mateOf(spec, port.port, mates));
      port.nodePort = asked || this.free();
      const refusal = mates.get(port.port) === asked ? undefined : this.take(port.nodePort);
      const at = path.child("ports").index(i).child("nodePort");
      if (refusal !== undefined) return [invalid(at, asked, refusal)];
      if (!mates.has(port.port)) mates.set(port.port, port.nodePort);
    }
    return [];
  }

  /** @returns why it cannot be had */
  take(port: number): string | undefined {
    if (this.own.has(port)) return undefined;
    if (this.taken.has(port)) return "provided port is already allocated";
    if (port < firstNodePort || port >= firstNodePort + nodePortCount)
      return `provided port is not in the valid range. The range of valid ports is ${firstNodePort}-${firstNodePort + nodePortCount - 1}`;
    this.taken.add(port);
    return undefined;
  }

  free(): number {
    const count = nodePortCount - dynamicPortOffset;
    const taken = new Set([...this.taken, ...this.own]);
    return firstFree(count, this.random, (i) => firstNodePort + dynamicPortOffset + i, taken);
  }
}

/** The protocols of one port share a node port, which any of them may name; 0 if none does. */
function mateOf(
  { ports = [] }: Draft<ServiceSpec>,
  port: number,
  mates: ReadonlyMap<number, number>,
): number {
  return (
    mates.get(port) ?? ports.find((other) => other.port === port && other.nodePort)?.nodePort ?? 0
  );
}

function allPorts(spec: ServiceSpec): readonly number[] {
  const { healthCheckNodePort } = spec;
  return [...nodePortsOf(spec), ...(healthCheckNodePort ? [healthCheckNodePort] : [])];
}

/** Load balancers ask each node for its endpoints at a port of its own. */
function placeHealthCheck(
  { spec }: Draft<ServiceObject>,
  old: ServiceObject | undefined,
  ports: NodePorts,
): void {
  if (!needsHealthCheck(spec as ServiceSpec) || (old && needsHealthCheck(old.spec))) return;
  const asked = spec.healthCheckNodePort;
  spec.healthCheckNodePort = asked || ports.free();
  const refusal = ports.take(spec.healthCheckNodePort);
  if (refusal !== undefined) throw healthCheckError(spec.healthCheckNodePort, refusal);
}

function healthCheckError(port: number, refusal: string): ApiError {
  return internalError(`failed to allocate requested HealthCheck NodePort ${port}: ${refusal}`);
}

function freeAddress(taken: ReadonlySet<string | undefined>, random: Random): string {
  return firstFree(
    addressCount - dynamicOffset,
    random,
    (i) => addressText(firstAddress + 1 + dynamicOffset + i),
    taken,
  );
}

/** The first free candidate from a random place on, around the range. */
function firstFree<T>(
  count: number,
  random: Random,
  candidate: (index: number) => T,
  taken: ReadonlySet<T | undefined>,
): T {
  const from = random.below(count);
  for (let i = 0; i < count; i++) {
    const found = candidate((from + i) % count);
    if (!taken.has(found)) return found;
  }
  return candidate(from);
}

function isInRange(address: string): boolean {
  const parts = address.split(".").map(Number);
  const value = parts.reduce((sum, part) => sum * 256 + part, 0);
  return parts.length === 4 && value > firstAddress && value <= firstAddress + addressCount;
}
