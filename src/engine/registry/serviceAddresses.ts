// Gives Services their cluster IPs and node ports, and refuses those that are taken.
// Source: pkg/registry/core/service/{storage/alloc.go,ipallocator,portallocator}, 1.34.

import type { FieldError } from "../../api/fieldError.ts";
import { invalid } from "../../api/fieldError.ts";
import { FieldPath } from "../../api/fieldPath.ts";
import { Service } from "../../api/kinds/service.ts";
import { invalidError } from "../../api/status.ts";
import type { Service as ServiceObject } from "../../api/types.ts";
import type { Draft } from "../../base/draft.ts";
import type { Random } from "../../base/random.ts";
import { addressText } from "../network/addresses.ts";
import type { AdmissionPlugin } from "./admission/admission.ts";

/** kubeadm's --service-cluster-ip-range 10.96.0.0/16, without the network's and the last address. */
const firstAddress = (10 << 24) + (96 << 16);
const addressCount = 65_534;
/** Addresses below are left to those who ask for one by name. Source: ServiceIPStaticSubrange. */
const dynamicOffset = 256;
const firstNodePort = 30_000;
const nodePortCount = 2_768;
/** Source: ServiceNodePortStaticSubrange. */
const dynamicPortOffset = 86;

export const serviceAddresses: AdmissionPlugin = {
  name: "ServiceAddresses",
  admit({ operation, kind, key, object, old, subresource }, { list, random }) {
    if (kind.resource !== "services" || operation === "DELETE" || subresource !== undefined) return;
    const service = object as Draft<ServiceObject>;
    const others = list(Service).filter(({ metadata }) => metadata.uid !== service.metadata.uid);
    const errors = [
      ...placeAddress(service, old as ServiceObject | undefined, others, random),
      ...placePorts(service, old as ServiceObject | undefined, others, random),
    ];
    if (errors.length > 0)
      throw invalidError(
        { group: "", kind: "Service", name: key.name || service.metadata.generateName || "" },
        errors,
      );
  },
};

function placeAddress(
  { spec }: Draft<ServiceObject>,
  old: ServiceObject | undefined,
  others: readonly ServiceObject[],
  random: Random,
): readonly FieldError[] {
  if (spec.type === "ExternalName") {
    delete spec.clusterIP;
    delete spec.clusterIPs;
    return [];
  }
  spec.ipFamilyPolicy ??= "SingleStack";
  spec.ipFamilies ??= ["IPv4"];
  if (!spec.clusterIP && old?.spec.clusterIP) spec.clusterIP = old.spec.clusterIP;
  if (!spec.clusterIP && spec.clusterIPs?.[0]) spec.clusterIP = spec.clusterIPs[0];
  const taken = new Set(others.map((other) => other.spec.clusterIP));
  if (!spec.clusterIP) spec.clusterIP = freeAddress(taken, random);
  spec.clusterIPs = [spec.clusterIP, ...(spec.clusterIPs ?? []).slice(1)];
  if (spec.clusterIP === "None" || spec.clusterIP === old?.spec.clusterIP) return [];
  const path = FieldPath.of("spec", "clusterIPs");
  const refused = (why: string): FieldError[] => [
    invalid(path, spec.clusterIPs, `failed to allocate IP ${spec.clusterIP}: ${why}`),
  ];
  if (taken.has(spec.clusterIP)) return refused("provided IP is already allocated");
  if (!isInRange(spec.clusterIP))
    return refused(
      "the provided IP is not in the valid range. The range of valid IPs is 10.96.0.0/16",
    );
  return [];
}

function placePorts(
  { spec }: Draft<ServiceObject>,
  old: ServiceObject | undefined,
  others: readonly ServiceObject[],
  random: Random,
): readonly FieldError[] {
  const wantsPorts = spec.type === "NodePort" || spec.type === "LoadBalancer";
  const taken = new Set(
    others.flatMap((other) => (other.spec.ports ?? []).map(({ nodePort }) => nodePort)),
  );
  const errors: FieldError[] = [];
  for (const [i, port] of (spec.ports ?? []).entries()) {
    if (!wantsPorts) {
      delete port.nodePort;
      continue;
    }
    const kept = old?.spec.ports?.find(
      (other) => other.port === port.port && other.protocol === port.protocol,
    );
    if (!port.nodePort && kept?.nodePort) port.nodePort = kept.nodePort;
    const path = FieldPath.of("spec", "ports").index(i).child("nodePort");
    if (!port.nodePort) port.nodePort = freeNodePort(taken, random);
    else if (port.nodePort !== kept?.nodePort && taken.has(port.nodePort))
      errors.push(invalid(path, port.nodePort, "provided port is already allocated"));
    else if (port.nodePort < firstNodePort || port.nodePort >= firstNodePort + nodePortCount)
      errors.push(
        invalid(
          path,
          port.nodePort,
          "provided port is not in the valid range. The range of valid ports is 30000-32767",
        ),
      );
    taken.add(port.nodePort);
  }
  return errors;
}

function freeAddress(taken: ReadonlySet<string | undefined>, random: Random): string {
  return firstFree(
    addressCount - dynamicOffset,
    random,
    (i) => addressText(firstAddress + 1 + dynamicOffset + i),
    taken,
  );
}

function freeNodePort(taken: ReadonlySet<number | undefined>, random: Random): number {
  return firstFree(
    nodePortCount - dynamicPortOffset,
    random,
    (i) => firstNodePort + dynamicPortOffset + i,
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
