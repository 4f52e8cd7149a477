// The spec of a Pod, alone or in a template, in the server's order. Source: pkg/apis/core/validation
// ValidatePodSpec, kubernetes v1.34, default feature gates.
import { type FieldError, forbidden, notSupported, required } from "../../../fieldError.ts";
import type { FieldPath } from "../../../fieldPath.ts";
import type { ObjectMeta, PodSpec } from "../../../types.ts";
import {
  checkDnsLabel,
  checkDnsSubdomain,
  checkQualifiedName,
  checkRange,
  each,
} from "../../../validation/fields.ts";
import { validateLabels } from "../../../validation/labels.ts";
import { checkContainerResourceName } from "../../../validation/resourceNames.ts";
import { validateResourceRequirements } from "../../../validation/resources.ts";
import { validateAffinity } from "./affinity.ts";
import {
  type ContainerContext,
  validateContainers,
  validateEphemeralContainers,
  validateInitContainers,
} from "./containers.ts";
import { validateDnsConfig, validateHostAliases } from "./dns.ts";
import { validatePodResources } from "./podResources.ts";
import { validateHostNetworkPorts } from "./ports.ts";
import { validateResourceClaims } from "./resourceClaims.ts";
import {
  validateSchedulingGates,
  validateTolerations,
  validateTopologySpread,
} from "./scheduling.ts";
import { validatePodSecurityContext } from "./securityContext.ts";
import { validateVolumes } from "./volumes.ts";
import { validateHostProcess, validateOperatingSystem } from "./windows.ts";

const restartPolicies = ["Always", "OnFailure", "Never"];
const dnsPolicies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
const preemptionPolicies = ["PreemptLowerPriority", "Never"];
const maxInt32 = 2 ** 31 - 1;

/** `meta` is the Pod's own; the spec of a template has none, and some rules are laxer there. */
export function validatePodSpec(
  spec: PodSpec,
  path: FieldPath,
  meta: ObjectMeta | undefined,
): FieldError[] {
  return [
    ...validateContents(spec, path, meta),
    ...validateHostNetworkPorts(spec, path, meta !== undefined),
    ...checkOrRequire(spec.restartPolicy, restartPolicies, path.child("restartPolicy")),
    ...checkOrRequire(spec.dnsPolicy, dnsPolicies, path.child("dnsPolicy")),
    ...validateLabels(spec.nodeSelector, path.child("nodeSelector")),
    ...validatePodSecurityContext(spec, path.child("securityContext")),
    ...validateAffinity(spec.affinity, path.child("affinity")),
    ...validateDnsConfig(spec, path.child("dnsConfig")),
    ...each(spec.readinessGates, path.child("readinessGates"), ({ conditionType }, at) =>
      checkQualifiedName(conditionType ?? "", at.child("conditionType")),
    ),
    ...validateSchedulingGates(spec.schedulingGates, path.child("schedulingGates")),
    ...validateTopologySpread(
      spec.topologySpreadConstraints,
      path.child("topologySpreadConstraints"),
    ),
    ...validateHostProcess(spec, path),
    ...validateHostUsers(spec, path),
    ...validateNames(spec, path),
    ...validatePriorityAndOverhead(spec, path),
    ...validateOperatingSystem(spec, path),
  ];
}

/** Volumes, containers and what they ask for. */
function validateContents(
  spec: PodSpec,
  path: FieldPath,
  meta: ObjectMeta | undefined,
): FieldError[] {
  const volumes = validateVolumes(spec.volumes ?? [], meta, path.child("volumes"));
  const claimNames = (spec.resourceClaims ?? []).map(({ name }) => name ?? "").filter(Boolean);
  const context: ContainerContext = { spec, volumes: volumes.byName, claimNames };
  return [
    ...(spec.terminationGracePeriodSeconds === undefined
      ? [required(path.child("terminationGracePeriodSeconds"))]
      : []),
    ...volumes.errors,
    ...validateResourceClaims(spec.resourceClaims, path.child("resourceClaims")),
    ...validateContainers(context, path.child("containers")),
    ...validateInitContainers(context, path.child("initContainers")),
    ...validateEphemeralContainers(context, path.child("ephemeralContainers")),
    ...validatePodResources(spec, claimNames, path.child("resources")),
  ];
}

function checkOrRequire(
  value: string | undefined,
  choices: readonly string[],
  path: FieldPath,
): FieldError[] {
  if (!value) return [required(path)];
  return choices.includes(value) ? [] : [notSupported(path, value, choices)];
}

/** A Pod with a user namespace of its own may not share the node's other namespaces. */
function validateHostUsers(spec: PodSpec, path: FieldPath): FieldError[] {
  if (spec.hostUsers !== false) return [];
  const words = "when `pod.Spec.HostUsers` is false";
  return [
    ...(spec.hostNetwork ? [forbidden(path.child("hostNetwork"), words)] : []),
    ...(spec.hostPID ? [forbidden(path.child("HostPID"), words)] : []),
    ...(spec.hostIPC ? [forbidden(path.child("HostIPC"), words)] : []),
  ];
}

function validateNames(spec: PodSpec, path: FieldPath): FieldError[] {
  const { serviceAccountName, nodeName, activeDeadlineSeconds, hostname, subdomain } = spec;
  return [
    ...(serviceAccountName
      ? checkDnsSubdomain(serviceAccountName, path.child("serviceAccountName"))
      : []),
    ...(nodeName ? checkDnsSubdomain(nodeName, path.child("nodeName")) : []),
    ...(activeDeadlineSeconds === undefined
      ? []
      : checkRange(activeDeadlineSeconds, 1, maxInt32, path.child("activeDeadlineSeconds"))),
    ...(hostname ? checkDnsLabel(hostname, path.child("hostname")) : []),
    ...(subdomain ? checkDnsLabel(subdomain, path.child("subdomain")) : []),
    ...validateTolerations(spec.tolerations, path.child("tolerations")),
    ...validateHostAliases(spec.hostAliases, path.child("hostAliases")),
  ];
}

function validatePriorityAndOverhead(spec: PodSpec, path: FieldPath): FieldError[] {
  const { priorityClassName, runtimeClassName, preemptionPolicy, overhead } = spec;
  return [
    ...(priorityClassName
      ? checkDnsSubdomain(priorityClassName, path.child("priorityClassName"))
      : []),
    ...(runtimeClassName === undefined
      ? []
      : checkDnsSubdomain(runtimeClassName, path.child("runtimeClassName"))),
    ...(preemptionPolicy === undefined
      ? []
      : checkOrRequire(preemptionPolicy, preemptionPolicies, path.child("preemptionPolicy"))),
    ...(overhead
      ? validateResourceRequirements({ limits: overhead }, path.child("overhead"), {
          checkName: checkContainerResourceName,
          claimNames: [],
        })
      : []),
  ];
}
