// What kubelets may write of a Pod. Source: pkg/apis/core/validation ValidatePodStatusUpdate, 1.34.
import { duplicate, type FieldError, forbidden, invalid } from "../../../fieldError.ts";
import { FieldPath } from "../../../fieldPath.ts";
import type { ContainerStatus, Pod, PodCondition, PodStatus } from "../../../types.ts";
import { isDualStack, validateAddress } from "../../../validation/addresses.ts";
import {
  checkDnsSubdomain,
  checkImmutable,
  checkQualifiedName,
  each,
} from "../../../validation/fields.ts";
import { validateAnnotationUpdates } from "./podUpdate.ts";

const path = FieldPath.of("status");
const systemConditions = ["PodScheduled", "Ready", "Initialized"];

export function validatePodStatusUpdate(pod: Pod, old: Pod): FieldError[] {
  const { status = {} } = pod;
  const before = old.status ?? {};
  return [
    ...validateAnnotationUpdates(pod, old),
    ...each(status.conditions, path.child("conditions"), validateCondition),
    ...(pod.spec.nodeName === old.spec.nodeName
      ? []
      : [forbidden(path.child("nodeName"), "may not be changed directly")]),
    ...(status.nominatedNodeName && status.nominatedNodeName !== before.nominatedNodeName
      ? checkDnsSubdomain(status.nominatedNodeName, path.child("nominatedNodeName"))
      : []),
    ...checkGeneration(status.observedGeneration, path),
    ...checkImmutable(status.qosClass ?? "", before.qosClass ?? "", path.child("qosClass")),
    ...validateContainers(status, old),
    ...validateClaims(pod),
    ...validateAddresses(status.podIPs ?? [], path.child("podIPs")),
    ...validateHostAddresses(status),
  ];
}

function validateCondition(condition: PodCondition, at: FieldPath): FieldError[] {
  const { type = "", observedGeneration } = condition;
  return [
    ...checkGeneration(observedGeneration, at),
    ...(systemConditions.includes(type) ? [] : checkQualifiedName(type, at.child("Type"))),
  ];
}

function checkGeneration(generation: number | undefined, at: FieldPath): FieldError[] {
  return (generation ?? 0) < 0
    ? [invalid(at.child("observedGeneration"), generation, "must be a non-negative integer")]
    : [];
}

/** Init containers that keep running are not bound to stay ended; ephemeral containers always are. */
function validateContainers(status: PodStatus, { spec, status: before = {} }: Pod): FieldError[] {
  const policy = spec.restartPolicy;
  const isSidecar = ({ name }: ContainerStatus): boolean =>
    spec.initContainers?.some(
      (container) => container.name === name && container.restartPolicy === "Always",
    ) ?? false;
  return [
    ...validateTransitions(
      status.containerStatuses,
      before.containerStatuses,
      path.child("containerStatuses"),
      () => policy,
    ),
    ...validateTransitions(
      status.initContainerStatuses,
      before.initContainerStatuses,
      path.child("initContainerStatuses"),
      (container) => (isSidecar(container) ? "Always" : policy),
    ),
    ...validateTransitions(
      status.ephemeralContainerStatuses,
      before.ephemeralContainerStatuses,
      path.child("ephemeralContainerStatuses"),
      () => "Never",
    ),
  ];
}

/** What has ended stays ended, unless the restart policy has it run again. */
function validateTransitions(
  now: readonly ContainerStatus[] = [],
  before: readonly ContainerStatus[] | undefined,
  at: FieldPath,
  policyOf: (container: ContainerStatus) => string | undefined,
): FieldError[] {
  return each(before, at, (old, itemPath) => {
    const policy = policyOf(old);
    const ended = old.state?.terminated;
    if (policy === "Always" || !ended) return [];
    if (ended.exitCode !== 0 && policy === "OnFailure") return [];
    return now
      .filter((status) => status.name === old.name && !status.state?.terminated)
      .map(() =>
        forbidden(itemPath.child("state"), "may not be transitioned to non-terminated state"),
      );
  });
}

function validateClaims({ spec, status }: Pod): FieldError[] {
  const names = new Set<string>();
  return each(status?.resourceClaimStatuses, path.child("resourceClaimStatuses"), (claim, at) => {
    const { name = "", resourceClaimName } = claim;
    const namePath = at.child("name");
    const isKnown = spec.resourceClaims?.some((known) => known.name === name);
    const errors = isKnown
      ? []
      : [invalid(namePath, name, "must match the name of an entry in `spec.resourceClaims`")];
    if (names.has(name)) errors.push(duplicate(namePath, name));
    names.add(name);
    return resourceClaimName === undefined
      ? errors
      : [...errors, ...checkDnsSubdomain(resourceClaimName, namePath)];
  });
}

/** One address of each family at most. */
function validateAddresses(addresses: readonly { readonly ip: string }[], at: FieldPath) {
  const ips = addresses.map(({ ip }) => ip);
  const errors = each(ips, at, (ip, itemPath) => validateAddress(ip, itemPath));
  if (ips.length < 2) return errors;
  if (ips.length > 2 || !isDualStack(ips))
    errors.push(
      invalid(
        at,
        ips.map((IP) => ({ IP })),
        "may specify no more than one IP for each IP family",
      ),
    );
  return [
    ...errors,
    ...each(ips, at, (IP, itemPath, i) =>
      ips.indexOf(IP) < i ? [duplicate(itemPath, { IP })] : [],
    ),
  ];
}

function validateHostAddresses({ hostIP, hostIPs = [] }: PodStatus): FieldError[] {
  const at = path.child("hostIPs");
  const first = hostIPs[0]?.ip;
  if (first === undefined) return [];
  return [
    ...(hostIP === first
      ? []
      : [invalid(at.index(0).child("ip"), first, "must be equal to `hostIP`")]),
    ...validateAddresses(hostIPs, at),
  ];
}
