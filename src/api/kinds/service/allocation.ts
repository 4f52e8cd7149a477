// What a new Service asks of the allocators, as far as one can tell without a cluster: addresses and
// ports of its own choice must be possible ones. Source: pkg/registry/core/service/storage/alloc.go, 1.34.
import type { Draft } from "../../../base/draft.ts";
import { type FieldError, invalid } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { Service } from "../../types.ts";
import { parseAddress } from "../../validation/addresses.ts";
import { isExternallyAccessible, needsHealthCheck } from "./defaults.ts";
import { placeFamilies } from "./families.ts";
import { agreeAddresses } from "./kept.ts";

const path = FieldPath.of("spec");
const lowestNodePort = 30_000;
const highestNodePort = 32_767;
const somePort = 30_000;
/** Stands for the address that the server would choose. */
const someAddress = "10.96.0.10";

/** Fills in addresses and families in place; returns what the allocators refuse. */
export function allocateAddresses(service: Draft<Service>): FieldError[] {
  const { spec } = service;
  if (spec.type === "ExternalName") return [];
  agreeAddresses(service, undefined);
  const refused = placeFamilies(service, undefined);
  if (refused.length > 0) return refused;
  spec.clusterIPs ??= spec.clusterIP ? [spec.clusterIP] : [];
  if (spec.clusterIPs.length === 0 && spec.clusterIP) spec.clusterIPs = [spec.clusterIP];
  if (!spec.clusterIP && spec.clusterIPs[0]) spec.clusterIP = spec.clusterIPs[0];
  const isChosen = spec.clusterIPs.length > 0;
  if (!isChosen) {
    spec.clusterIP = someAddress;
    spec.clusterIPs = [someAddress];
  }
  return [...(isChosen ? refusedAddresses(spec.clusterIPs) : []), ...allocatePorts(spec)];
}

function refusedAddresses(ips: readonly string[]): FieldError[] {
  const refused = ips.filter(
    (ip) => ip !== "None" && parseAddress(ip)?.length === 4 && !isInRange(ip),
  );
  return refused.map((ip) =>
    invalid(
      path.child("clusterIPs"),
      ips,
      `failed to allocate IP ${ip}: the provided IP (${ip}) is not in the valid range. The range of valid IPs is 10.96.0.0/12`,
    ),
  );
}

function isInRange(ip: string): boolean {
  const [first = 0, second = 0] = parseAddress(ip) ?? [];
  return first === 10 && second >= 96 && second < 112;
}

function allocatePorts(spec: Draft<Service>["spec"]): FieldError[] {
  const errors: FieldError[] = [];
  const wantsPorts = spec.type === "NodePort" || spec.type === "LoadBalancer";
  for (const [i, port] of (spec.ports ?? []).entries()) {
    if (!wantsPorts || !port.nodePort) continue;
    errors.push(...refusedPort(port.nodePort, path.child("ports").index(i).child("nodePort")));
  }
  if (needsHealthCheck(spec as Service["spec"]) && isExternallyAccessible(spec as Service["spec"]))
    spec.healthCheckNodePort ||= somePort;
  return errors;
}

function refusedPort(port: number, at: FieldPath): FieldError[] {
  return port >= lowestNodePort && port <= highestNodePort
    ? []
    : [
        invalid(
          at,
          port,
          `provided port is not in the valid range. The range of valid ports is ${lowestNodePort}-${highestNodePort}`,
        ),
      ];
}
