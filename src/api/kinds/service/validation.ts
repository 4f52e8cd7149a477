// Services. Source: pkg/apis/core/validation ValidateService, kubernetes v1.34.
import { duplicate, type FieldError, forbidden, invalid, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { Service, ServicePort, ServiceSpec } from "../../types.ts";
import {
  validateAddress,
  validateNonSpecialAddress,
  validateRange,
} from "../../validation/addresses.ts";
import {
  checkChoice,
  checkDnsLabel,
  checkDnsSubdomain,
  checkPortNumber,
  checkPortNumberOrName,
  checkQualifiedName,
  checkRequiredChoice,
  each,
} from "../../validation/fields.ts";
import { validateLabels } from "../../validation/labels.ts";
import { protocols } from "../pod/validation/ports.ts";
import { isHeadless, validateClusterIps } from "./clusterIps.ts";
import { isExternallyAccessible, needsHealthCheck } from "./defaults.ts";

const path = FieldPath.of("spec");
const portsPath = path.child("ports");
const serviceTypes = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const affinities = ["ClientIP", "None"];
const trafficPolicies = ["Cluster", "Local"];
const distributions = ["PreferClose", "PreferSameNode", "PreferSameZone"];
const maxAffinitySeconds = 86_400;
const rangesAnnotation = "service.beta.kubernetes.io/load-balancer-source-ranges";
const topologyMode = "service.kubernetes.io/topology-mode";
const topologyHints = "service.kubernetes.io/topology-aware-hints";

/** Checks a Service whose defaults are set and whose addresses are allocated, beside its metadata. */
export function validateService(service: Service): FieldError[] {
  const { spec } = service;
  return [
    ...validateTopologyAnnotations(service),
    ...validateType(spec),
    ...validatePorts(spec),
    ...validateLabels(spec.selector, path.child("selector")),
    ...validateAffinity(spec),
    ...validateClusterIps(spec),
    ...each(spec.externalIPs, path.child("externalIPs"), (ip, at) => {
      const errors = validateAddress(ip, at);
      return errors.length > 0 ? errors : validateNonSpecialAddress(ip, at);
    }),
    ...checkRequiredChoice(spec.type, serviceTypes, path.child("type")),
    ...validateNodePorts(spec),
    ...validateSourceRanges(service),
    ...validateLoadBalancer(spec),
    ...validateTrafficPolicies(spec),
  ];
}

function validateTopologyAnnotations({ metadata }: Service): FieldError[] {
  const mode = metadata.annotations?.[topologyMode];
  const hints = metadata.annotations?.[topologyHints];
  return mode !== undefined && hints !== undefined && mode !== hints
    ? [
        invalid(
          FieldPath.of("metadata", "annotations").key(topologyMode),
          mode,
          `must match annotations[${topologyHints}] when both are specified`,
        ),
      ]
    : [];
}

function validateType(spec: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  const { type, clusterIPs = [], ipFamilies = [], ipFamilyPolicy, externalName = "" } = spec;
  if (!spec.ports?.length && !isHeadless(spec) && type !== "ExternalName")
    errors.push(required(portsPath));
  if ((type === "LoadBalancer" || type === "NodePort") && isHeadless(spec))
    errors.push(
      invalid(
        path.child("clusterIPs").index(0),
        "None",
        `may not be set to 'None' for ${type} services`,
      ),
    );
  if (type !== "ExternalName") return errors;
  const words = "may not be set for ExternalName services";
  if (clusterIPs.length > 0) errors.push(forbidden(path.child("clusterIPs"), words));
  if (ipFamilies.length > 0) errors.push(forbidden(path.child("ipFamilies"), words));
  if (ipFamilyPolicy !== undefined) errors.push(forbidden(path.child("ipFamilyPolicy"), words));
  const name = externalName.replace(/\.$/, "");
  errors.push(
    ...(name
      ? checkDnsSubdomain(name, path.child("externalName"))
      : [required(path.child("externalName"))]),
  );
  return errors;
}

function validatePorts({ ports = [] }: ServiceSpec): FieldError[] {
  const names = new Set<string>();
  return each(ports, portsPath, (port, at) => [
    ...validatePortName(port, names, ports.length > 1, at.child("name")),
    ...checkPortNumber(port.port ?? 0, at.child("port")),
    ...checkRequiredChoice(port.protocol, protocols, at.child("protocol")),
    ...checkPortNumberOrName(port.targetPort, at.child("targetPort")),
    ...(port.appProtocol === undefined
      ? []
      : checkQualifiedName(port.appProtocol, at.child("appProtocol"))),
  ]);
}

function validatePortName(
  { name }: ServicePort,
  names: Set<string>,
  isRequired: boolean,
  at: FieldPath,
): FieldError[] {
  if (!name) return isRequired ? [required(at)] : [];
  const errors = checkDnsLabel(name, at);
  if (names.has(name)) errors.push(duplicate(at, name));
  names.add(name);
  return errors;
}

function validateAffinity({
  sessionAffinity,
  sessionAffinityConfig: config,
}: ServiceSpec): FieldError[] {
  const errors = checkRequiredChoice(sessionAffinity, affinities, path.child("sessionAffinity"));
  const at = path.child("sessionAffinityConfig");
  if (sessionAffinity === "None" && config)
    errors.push(forbidden(at, "must not be set when session affinity is None"));
  if (sessionAffinity !== "ClientIP") return errors;
  const words = "when session affinity type is ClientIP";
  const seconds = config?.clientIP?.timeoutSeconds;
  const secondsPath = at.child("clientIP").child("timeoutSeconds");
  if (!config) errors.push(required(at, words));
  else if (!config.clientIP) errors.push(required(at.child("clientIP"), words));
  else if (seconds === undefined) errors.push(required(secondsPath, words));
  else if (seconds <= 0 || seconds > maxAffinitySeconds)
    errors.push(
      invalid(secondsPath, seconds, `must be greater than 0 and less than ${maxAffinitySeconds}`),
    );
  return errors;
}

function validateNodePorts({ type, ports }: ServiceSpec): FieldError[] {
  const nodePorts = new Set<string>();
  const taken = new Set<string>();
  return [
    ...each(ports, portsPath, ({ nodePort }, at) =>
      type === "ClusterIP" && nodePort
        ? [forbidden(at.child("nodePort"), "may not be used when `type` is 'ClusterIP'")]
        : [],
    ),
    ...each(ports, portsPath, ({ nodePort, protocol }, at) => {
      if (!nodePort) return [];
      const key = `${protocol}/${nodePort}`;
      const isTaken = nodePorts.has(key);
      nodePorts.add(key);
      return isTaken ? [duplicate(at.child("nodePort"), nodePort)] : [];
    }),
    ...each(ports, portsPath, ({ port = 0, protocol = "" as never }, at) => {
      const key = `${protocol}/${port}`;
      const isTaken = taken.has(key);
      taken.add(key);
      return isTaken ? [duplicate(at, portKey(protocol, port))] : [];
    }),
  ];
}

/** The pair as the server prints it: a ServicePort with nothing else set. */
function portKey(protocol: string, port: number): object {
  return {
    Name: "",
    Protocol: protocol,
    AppProtocol: null,
    Port: port,
    TargetPort: 0,
    NodePort: 0,
  };
}

function validateSourceRanges({ spec, metadata }: Service): FieldError[] {
  const { loadBalancerSourceRanges: ranges = [], type } = spec;
  const words = "may only be used when `type` is 'LoadBalancer'";
  const isMisplaced = type !== "LoadBalancer";
  if (ranges.length > 0) {
    const at = path.child("LoadBalancerSourceRanges");
    return [
      ...(isMisplaced ? [forbidden(at, words)] : []),
      ...each(ranges, at, (range, rangePath) => validateRange(range.trim(), rangePath)),
    ];
  }
  const text = metadata.annotations?.[rangesAnnotation];
  if (text === undefined) return [];
  const at = FieldPath.of("metadata", "annotations").key(rangesAnnotation);
  const listed = text.trim() === "" ? [] : text.trim().split(",");
  return [
    ...(isMisplaced ? [forbidden(at, words)] : []),
    ...listed.flatMap((range) => validateRange(range.trim(), at)),
  ];
}

function validateLoadBalancer(spec: ServiceSpec): FieldError[] {
  const { type, allocateLoadBalancerNodePorts: allocates, loadBalancerClass } = spec;
  const words = "may only be used when `type` is 'LoadBalancer'";
  const errors: FieldError[] = [];
  if (type !== "LoadBalancer") {
    if (allocates !== undefined)
      errors.push(forbidden(path.child("allocateLoadBalancerNodePorts"), words));
    if (loadBalancerClass !== undefined)
      errors.push(forbidden(path.child("loadBalancerClass"), words));
    return errors;
  }
  if (allocates === undefined) errors.push(required(FieldPath.of("allocateLoadBalancerNodePorts")));
  if (loadBalancerClass !== undefined)
    errors.push(...checkQualifiedName(loadBalancerClass, path.child("loadBalancerClass")));
  return errors;
}

function validateTrafficPolicies(spec: ServiceSpec): FieldError[] {
  const { externalTrafficPolicy, internalTrafficPolicy, trafficDistribution, type } = spec;
  const externalPath = path.child("externalTrafficPolicy");
  const internalPath = path.child("internalTrafficPolicy");
  const errors: FieldError[] = [];
  if (isExternallyAccessible(spec))
    errors.push(...checkRequiredChoice(externalTrafficPolicy, trafficPolicies, externalPath));
  else if (externalTrafficPolicy)
    errors.push(
      invalid(
        externalPath,
        externalTrafficPolicy,
        "may only be set for externally-accessible services",
      ),
    );
  errors.push(...validateHealthCheckPort(spec));
  if (internalTrafficPolicy !== undefined)
    errors.push(...checkChoice(internalTrafficPolicy, trafficPolicies, internalPath));
  else if (type === "NodePort" || type === "LoadBalancer" || type === "ClusterIP")
    errors.push(required(internalPath));
  if (trafficDistribution !== undefined)
    errors.push(
      ...checkChoice(trafficDistribution, distributions, path.child("trafficDistribution")),
    );
  return errors;
}

function validateHealthCheckPort(spec: ServiceSpec): FieldError[] {
  const { healthCheckNodePort: port } = spec;
  const at = path.child("healthCheckNodePort");
  if (needsHealthCheck(spec)) return port ? checkPortNumber(port, at) : [required(at)];
  return port
    ? [
        invalid(
          at,
          port,
          "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
        ),
      ]
    : [];
}
