// Ingresses. Source: pkg/apis/networking/validation ValidateIngressCreate, kubernetes v1.34.
import { type FieldError, invalid, notSupported, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type {
  HTTPIngressPath,
  Ingress,
  IngressBackend,
  IngressRule,
  IngressTLS,
} from "../../types.ts";
import { parseAddress } from "../../validation/addresses.ts";
import { check, checkDnsSubdomain, checkPortNumber, each } from "../../validation/fields.ts";
import {
  dns1035Label,
  dnsSubdomain,
  portName,
  wildcardDnsSubdomain,
} from "../../validation/texts.ts";
import { validateTypedReference } from "./reference.ts";

const path = FieldPath.of("spec");
/** How ingresses named their class before there was a field for it. */
export const ingressClassAnnotation = "kubernetes.io/ingress.class";
const pathTypes = ["Exact", "ImplementationSpecific", "Prefix"];

export function validateIngress(ingress: Ingress): FieldError[] {
  return [...validateIngressUpdate(ingress), ...validateClassAnnotation(ingress)];
}

/** Older ingresses may name two classes. */
export function validateIngressUpdate({ spec = {} }: Ingress): FieldError[] {
  const { rules = [], defaultBackend, tls, ingressClassName } = spec;
  return [
    ...(rules.length === 0 && !defaultBackend
      ? [invalid(path, spec.rules ?? null, "either `defaultBackend` or `rules` must be specified")]
      : []),
    ...(defaultBackend ? validateBackend(defaultBackend, path.child("defaultBackend")) : []),
    ...each(rules, path.child("rules"), validateRule),
    ...each(tls, path.child("tls"), validateTls),
    ...(ingressClassName === undefined
      ? []
      : checkDnsSubdomain(ingressClassName, path.child("ingressClassName"))),
  ];
}

function validateClassAnnotation({ metadata, spec = {} }: Ingress): FieldError[] {
  const annotation = metadata.annotations?.[ingressClassAnnotation];
  const { ingressClassName } = spec;
  if (annotation === undefined || ingressClassName === undefined) return [];
  return annotation === ingressClassName
    ? []
    : [
        invalid(
          FieldPath.of("annotations").child(ingressClassAnnotation),
          annotation,
          "must match `ingressClassName` when both are specified",
        ),
      ];
}

/** Source: ValidateIngressStatusUpdate. */
export function validateIngressStatusUpdate({ status }: Ingress): FieldError[] {
  const at = FieldPath.of("status", "loadBalancer", "ingress");
  return each(status?.loadBalancer?.ingress, at, ({ ip, hostname }, pointPath) => {
    const hostPath = pointPath.child("hostname");
    const errors: FieldError[] = [];
    if (ip && !parseAddress(ip))
      errors.push(invalid(pointPath.child("ip"), ip, "must be a valid IP address"));
    if (hostname) errors.push(...checkDnsSubdomain(hostname, hostPath));
    if (hostname && parseAddress(hostname))
      errors.push(invalid(hostPath, hostname, "must be a DNS name, not an IP address"));
    return errors;
  });
}

function validateHost(host: string, at: FieldPath): FieldError[] {
  return check(host.includes("*") ? wildcardDnsSubdomain : dnsSubdomain, host, at);
}

function validateRule({ host, http }: IngressRule, at: FieldPath): FieldError[] {
  const hostPath = at.child("host");
  const pathsPath = at.child("http").child("paths");
  const errors: FieldError[] = [];
  if (host && parseAddress(host))
    errors.push(invalid(hostPath, host, "must be a DNS name, not an IP address"));
  if (host) errors.push(...validateHost(host, hostPath));
  if (!http) return errors;
  if ((http.paths ?? []).length === 0) errors.push(required(pathsPath));
  return [...errors, ...each(http.paths, pathsPath, validatePath)];
}

const barredParts = ["//", "/./", "/../", "%2f", "%2F"];
const barredEnds = ["/..", "/."];

function validatePath(
  { path: target = "", pathType, backend }: HTTPIngressPath,
  at: FieldPath,
): FieldError[] {
  if (pathType === undefined) return [required(at.child("pathType"), "pathType must be specified")];
  return [
    ...validateTarget(target, pathType, at),
    ...validateBackend(backend ?? {}, at.child("backend")),
  ];
}

function validateTarget(target: string, pathType: string, at: FieldPath): FieldError[] {
  if (!pathTypes.includes(pathType))
    return [notSupported(at.child("pathType"), pathType, pathTypes)];
  const pathAt = at.child("path");
  const isSpecific = pathType === "ImplementationSpecific";
  if (isSpecific && target === "") return [];
  const errors = target.startsWith("/")
    ? []
    : [invalid(pathAt, target, "must be an absolute path")];
  if (isSpecific) return errors;
  return [
    ...errors,
    ...barredParts
      .filter((part) => target.includes(part))
      .map((part) => invalid(pathAt, target, `must not contain '${part}'`)),
    ...barredEnds
      .filter((end) => target.endsWith(end))
      .map((end) => invalid(pathAt, target, `cannot end with '${end}'`)),
  ];
}

function validateBackend({ resource, service }: IngressBackend, at: FieldPath): FieldError[] {
  if (resource && service)
    return [invalid(at, "", "cannot set both resource and service backends")];
  if (resource) return validateTypedReference(resource, at.child("resource"));
  if (!service) return [invalid(at, "", "resource or service backend is required")];
  const { name, port = {} } = service;
  const portPath = at.child("service", "port");
  const namePath = at.child("service", "name");
  const errors = name ? check(dns1035Label, name, namePath) : [required(namePath)];
  if (port.name && port.number)
    errors.push(invalid(at, "", "cannot set both port name & port number"));
  else if (port.name) errors.push(...check(portName, port.name, portPath.child("name")));
  else if (port.number) errors.push(...checkPortNumber(port.number, portPath.child("number")));
  else errors.push(required(at, "port name or number is required"));
  return errors;
}

function validateTls({ hosts, secretName }: IngressTLS, at: FieldPath): FieldError[] {
  return [
    ...each(hosts, at.child("hosts"), validateHost),
    ...(secretName ? check(dnsSubdomain, secretName, at.child("secretName")) : []),
  ];
}
